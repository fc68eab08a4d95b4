import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AssessmentResult } from "../model/assessment.ts";
import type { Entity } from "../model/entity.ts";
import { commitKey } from "../model/keys.ts";
import { type EvidenceRecord, streamKindSchema } from "../model/stream.ts";
import { type BundledRecord, packFile } from "../pack/formats.ts";
import { linesOf } from "../pack/verify/lines.ts";
import type { PackFiles } from "../pack/verify/pack-files.ts";
import { zipFiles } from "../pack/verify/zip-files.ts";
import type { Store } from "../store/index.ts";
import { parseCanonicalJson } from "../util/canonical-json.ts";
import { ConfigError } from "../util/errors.ts";
import { providerOf } from "./open.ts";

/** The latest record of each object of a change, of those that were kept: what the ledger commits to, salt and body. */
export type KeptRecords = ReadonlyMap<string, readonly BundledRecord[]>;

/** The records of the changes named that the store holds as it is opened, by change key. */
export async function keptInStore(store: Store, keys: readonly string[]): Promise<KeptRecords> {
  const own = await Promise.all([
    store.entities("change", { keys }),
    ...(["changeCommit", "changeFiles", "review", "dismissal", "changeEvent", "workItemLink"] as const).map((type) =>
      store.entities(type, { parents: keys }),
    ),
  ]);
  const [changes] = own;
  const heads = changes.map(({ repository, headOid }) => commitKey(repository, headOid));
  const checks = await store.entities("check", { parents: heads });
  const entities = [...own.flat(), ...checks];
  const rows = new Map<number, BundledRecord>();
  for await (const row of store.evidence(entities.map(({ record }) => record))) rows.set(row.id, row);
  return byChange(entities.flatMap((entity) => [{ entity, record: rows.get(entity.record) as BundledRecord }]));
}

/** A pack as it lies in a folder: its assessment, and the records of its bundle by change where there is one. */
export interface KeptPack {
  readonly assessment: AssessmentResult;
  readonly records?: KeptRecords;
}

/** Reads the pack in a folder. Throws ConfigError where there is none. */
export async function readPack(directory: string): Promise<KeptPack> {
  const assessment = await readAssessment(directory);
  const bundle = await zipFiles(join(directory, packFile.bundle)).catch(() => undefined);
  if (!bundle) return { assessment };
  try {
    return { assessment, records: await keptInBundle(bundle, assessment) };
  } finally {
    await bundle.close();
  }
}

async function readAssessment(directory: string): Promise<AssessmentResult> {
  const file = join(directory, packFile.assessment);
  try {
    return JSON.parse(await readFile(file, "utf8")) as AssessmentResult;
  } catch (cause) {
    throw new ConfigError(`${file} cannot be read: ${(cause as Error).message}`, {
      cause,
      hint: "Name the folder of a pack.",
    });
  }
}

async function keptInBundle(bundle: PackFiles, { provenance }: AssessmentResult): Promise<KeptRecords> {
  const providers = new Map(provenance.sources.map((source) => [source.id, providerOf(source)]));
  const found: { entity: Entity; record: BundledRecord }[] = [];
  for await (const line of linesOf(bundle.open(packFile.records))) {
    const record = JSON.parse(Buffer.from(line).toString("utf8")) as BundledRecord;
    const evidence = evidenceOf(record);
    const provider = evidence && providers.get(evidence.source);
    if (!evidence || !provider) continue;
    found.push(...provider.normalize(evidence).map((entity) => ({ entity, record })));
  }
  return byChange(found);
}

/** The record as a provider reads it; undefined for one without a body, and for flowproof's own. */
export function evidenceOf({ id, fields, content }: BundledRecord): EvidenceRecord | undefined {
  if (!fields || content === undefined) return undefined;
  const { stream, kind, externalId, fetchedAt, run } = fields;
  const [source = "", scopeId = "", streamKind] = stream.split("/");
  const known = streamKindSchema.safeParse(streamKind);
  if (!known.success || known.data === "configuration" || known.data === "incidents") return undefined;
  const body = parseCanonicalJson(content);
  return { id, stream, kind, externalId, fetchedAt, run, source, scopeId, streamKind: known.data, body };
}

/** Sorts records by the change they are of; a check is of the change whose head it ran on. */
function byChange(found: readonly { readonly entity: Entity; readonly record: BundledRecord }[]): KeptRecords {
  const byHead = Map.groupBy(
    found.flatMap(({ entity }) => (entity.type === "change" ? [entity] : [])),
    ({ repository, headOid }) => commitKey(repository, headOid),
  );
  const latest = new Map<string, Map<string, BundledRecord>>();
  for (const { entity, record } of found) {
    const { kind, externalId, stream } = record.fields ?? { kind: "", externalId: "", stream: "" };
    // Attempts of checks that a run's stream holds are not asked again with a change.
    if (entity.type === "check" && stream.split("/")[2] !== "checks") continue;
    for (const change of changesOf(entity, byHead)) {
      const own = latest.get(change) ?? latest.set(change, new Map()).get(change);
      const before = own?.get(`${kind} ${externalId}`);
      if (!before || before.id < record.id) own?.set(`${kind} ${externalId}`, record);
    }
  }
  return new Map([...latest].map(([change, records]) => [change, [...records.values()]]));
}

function changesOf(
  entity: Entity,
  byHead: ReadonlyMap<string, readonly { readonly key: string }[]>,
): readonly string[] {
  switch (entity.type) {
    case "change":
      return [entity.key];
    case "changeCommit":
    case "changeFiles":
    case "review":
    case "dismissal":
    case "changeEvent":
    case "workItemLink":
      return [entity.change];
    case "check":
      return (byHead.get(commitKey(entity.repository, entity.oid)) ?? []).map(({ key }) => key);
    default:
      return [];
  }
}
