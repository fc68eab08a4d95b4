import { z } from "zod";
import type { Config } from "../config/config.ts";
import { type AssessmentResult, type IssuedOutcome, type IssuedOutcomes, itemName } from "../model/assessment.ts";
import type { EvidenceRecord, SourceRecord } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { IntegrityError } from "../util/errors.ts";
import { ownStream } from "./own-records.ts";

/** The stream of own records in which every issued pack is kept. */
export const packStream = "packs";

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const packRecordSchema = z.object({
  version: z.literal(1),
  /** What its folder is called. */
  name: z.string(),
  revision: z.number(),
  edition: z.enum(["full", "redacted"]),
  period: z.object({
    id: z.string(),
    from: z.string(),
    to: z.string(),
    asOf: z.string(),
    cutAt: z.string().nullable(),
  }),
  checkpoint: z.object({ size: z.number(), root: digest, at: z.string(), note: z.string() }),
  /** SHA-256 of `manifest.json`, `content.json` and `assessment.json`. */
  manifest: digest,
  content: digest,
  assessment: digest,
  issued: z.object({ at: z.string(), by: z.string(), role: z.string(), assertion: z.string() }),
  /** The name of the revision that it takes the place of. */
  supersedes: z.string().nullable(),
  /** What is not as in that revision, a sentence each. */
  differences: z.array(z.string()),
  previous: z.object({ pack: z.string(), manifest: digest }).nullable(),
  figures: z.object({
    /** By `framework id`. */
    criteria: z.record(z.string(), z.string()),
    /** By control id. */
    controls: z.record(z.string(), z.string()),
    commits: z.number(),
    changes: z.number(),
    deployments: z.number(),
    exceptions: z.number(),
    waived: z.number(),
  }),
  /** The digest of the configuration that judged. */
  configuration: z.string(),
  /** SHA-256 of `index.csv`; null where there is none. */
  index: digest.nullable(),
  /** Name and version. */
  tool: z.string(),
});

/** What the ledger says of an issued pack. */
export type PackRecord = z.infer<typeof packRecordSchema>;

const outcomesSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  manifest: digest,
  /** Ids: the letters of an item are in their order. */
  attributes: z.array(z.string()),
  items: z.record(z.string(), z.string()),
});

type OutcomesRecord = z.infer<typeof outcomesSchema>;

const letters: Readonly<Record<IssuedOutcome, string>> = {
  pass: "p",
  fail: "f",
  notApplicable: "n",
  notVerifiable: "v",
  due: "d",
};
const outcomes = new Map(Object.entries(letters).map(([outcome, letter]) => [letter, outcome as IssuedOutcome]));
const untested = "-";

/** An issued pack with its record's id; what it said of each item is read when asked for. */
export interface IssuedPack extends PackRecord {
  readonly record: number;
  /** By {@link itemName}, then attribute id: the outcome that the pack printed. */
  readonly outcomes: () => IssuedOutcomes;
}

/** Every pack recorded as issued, oldest first, as far as the store's cut-off shows. Throws IntegrityError for a record that is none of a pack. */
export async function issuedPacks(
  store: Pick<Store, "recordsOfStream">,
  config: Pick<Config, "organisation">,
): Promise<readonly IssuedPack[]> {
  const records = await store.recordsOfStream(ownStream(config, packStream));
  const outcomesOf = new Map(
    records
      .filter(({ kind }) => kind === "packOutcomes")
      .map((record) => [(record.body as { manifest?: unknown }).manifest, record] as const),
  );
  return records
    .filter(({ kind }) => kind === "pack")
    .map((record) => {
      const pack = read(packRecordSchema, record);
      const found = outcomesOf.get(pack.manifest);
      return { ...pack, record: record.id, outcomes: () => (found ? readOutcomes(found) : new Map()) };
    });
}

/** The two records of an issued pack: what it is, and what it said of each item of the full assessment. */
export function packRecords(
  pack: PackRecord,
  result: Pick<AssessmentResult, "population" | "attributes">,
): SourceRecord[] {
  const attributes = result.attributes.map(({ id }) => id);
  const items = result.population.map((item) => {
    const found = new Map(
      item.observations.map(({ attribute, outcome, due }) => [
        attribute,
        letters[outcome === "notVerifiable" && due !== undefined ? "due" : outcome],
      ]),
    );
    return [itemName(item), attributes.map((id) => found.get(id) ?? untested).join("")] as const;
  });
  const said: OutcomesRecord = {
    version: 1,
    name: pack.name,
    manifest: pack.manifest,
    attributes,
    items: Object.fromEntries(items),
  };
  return [
    { kind: "pack", externalId: pack.name, body: pack },
    { kind: "packOutcomes", externalId: pack.name, body: said },
  ];
}

function readOutcomes(record: EvidenceRecord): IssuedOutcomes {
  const { attributes, items } = read(outcomesSchema, record);
  return new Map(
    Object.entries(items).map(([name, tested]) => [
      name,
      new Map(
        attributes.flatMap((id, index) => {
          const outcome = outcomes.get(tested[index] ?? untested);
          return outcome === undefined ? [] : [[id, outcome] as const];
        }),
      ),
    ]),
  );
}

function read<T>(schema: z.ZodType<T>, { id, body }: EvidenceRecord): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new IntegrityError(`record r${id} is not what flowproof writes of an issued pack`, {
    cause: parsed.error,
    hint: "Run `flowproof verify` to see whether the store was changed, or use a newer flowproof.",
  });
}
