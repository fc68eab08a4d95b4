import { z } from "zod";
import type { AssessmentResult } from "../model/assessment.ts";
import { populationDigest, sortedKeys } from "../model/draw.ts";
import {
  populationItems,
  type SamplePopulation,
  type StrataKind,
  samplePopulations,
  strataKinds,
  stratumOf,
} from "../model/sample.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { ConfigError, IntegrityError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import type { Period } from "../util/period.ts";
import { assess } from "./assess.ts";
import { withStore } from "./open.ts";
import { ownStream, recordOwn } from "./own-records.ts";
import { issuedPacks } from "./pack-records.ts";
import { latestRevision } from "./pack-source.ts";
import type { PipelineContext } from "./types.ts";

const counts = z.record(z.string(), z.number());

const fixedSchema = z.object({
  version: z.literal(1),
  population: z.enum(Object.keys(samplePopulations) as [SamplePopulation, ...SamplePopulation[]]),
  period: z.object({ id: z.string(), from: z.string(), to: z.string(), asOf: z.string() }),
  size: z.number(),
  /** SHA-256 of the sorted keys, each followed by a newline. */
  digest: z.string(),
  strata: z.object({ team: counts, system: counts, class: counts }),
  /** The state of the ledger that it was counted from. */
  checkpoint: z.object({ size: z.number(), root: z.string() }),
});

/** A population as the ledger has it, since before a seed was known. */
export type PopulationRecord = z.infer<typeof fixedSchema> & {
  readonly record: number;
  readonly at: string;
};

/** A population as it stands in an assessment. */
export type CountedPopulation = Pick<PopulationRecord, "population" | "size" | "digest" | "strata"> & {
  readonly keys: readonly string[];
};

/** Which population, of which period, by which evidence. */
export interface PopulationRequest {
  readonly period: Period;
  readonly population: SamplePopulation;
  /** Absent: the cut-off of the period's issued pack, else all there is. */
  readonly asOf?: string;
  /** The beginning of the digest, where several were fixed. */
  readonly digest?: string;
}

const stream = "samples";

/** Counts a population: its size, the digest of its keys, how many are in each stratum. */
export function countPopulation(result: AssessmentResult, of: SamplePopulation): CountedPopulation {
  const items = populationItems(result, of);
  const keys = sortedKeys(items.keys());
  const by = (kind: StrataKind): Record<string, number> =>
    Object.fromEntries(
      [...Map.groupBy(keys, (key) => stratumOf(items.get(key)?.[0] ?? { team: "", system: "" }, kind))]
        .map(([name, own]) => [name, own.length] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  const [team, system, ofClass] = strataKinds.map(by) as [
    Record<string, number>,
    Record<string, number>,
    Record<string, number>,
  ];
  return {
    population: of,
    keys,
    size: keys.length,
    digest: populationDigest(keys, sha256Hex),
    strata: { team, system, class: ofClass },
  };
}

/** By which evidence a period is sampled where nobody says: that of its latest full pack, unless that was cut before the period's end; undefined, which is all there is, where there is none. */
async function cutOffOf(
  { config }: Pick<PipelineContext, "config">,
  store: Pick<Store, "recordsOfStream">,
  period: Period,
): Promise<string | undefined> {
  const pack = latestRevision(await issuedPacks(store, config), period.id, "full");
  return pack?.period.cutAt === null ? pack.period.asOf : undefined;
}

/** The assessment that a period's population is taken from. */
export async function judged(
  ctx: PipelineContext,
  { period, asOf }: Pick<PopulationRequest, "period" | "asOf">,
): Promise<AssessmentResult> {
  const by = asOf ?? (await withStore(ctx, { write: false }, (store) => cutOffOf(ctx, store, period)));
  return assess(ctx, { period, ...(by === undefined ? {} : { asOf: by }) });
}

/** The same, by the evidence of the population that was fixed last, where one was. */
export async function judgedAsFixed(
  ctx: PipelineContext,
  request: Pick<PopulationRequest, "period" | "population">,
): Promise<AssessmentResult> {
  const last = await withStore(ctx, { write: false }, async (store) => (await fixedIn(ctx, store, request)).at(-1));
  return judged(ctx, { period: request.period, ...(last ? { asOf: last.period.asOf } : {}) });
}

/** Puts the digest of a population into the ledger, so that whoever gives the seed gives it after that; one that stands there last already is not put again. Throws ConfigError for an empty one. */
export async function fixPopulation(
  ctx: PipelineContext,
  request: PopulationRequest,
): Promise<{ readonly fixed: PopulationRecord; readonly result: AssessmentResult; readonly before: boolean }> {
  ctx.progress("judging the evidence");
  return withStore(ctx, { write: true }, async (store) => {
    await store.lock("sample");
    const { period, population } = request;
    const asOf = request.asOf ?? (await cutOffOf(ctx, store, period));
    const last = (await fixedIn(ctx, store, request)).at(-1);
    if (last && (asOf === undefined || asOf === last.period.asOf) && (await endsLedger(store, last))) {
      return { fixed: last, result: await assessed(ctx, last), before: true };
    }
    const result = await assess(ctx, { period, ...(asOf === undefined ? {} : { asOf }) });
    const { keys, ...counted } = countPopulation(result, population);
    if (keys.length === 0)
      throw new ConfigError(`${period.id} has no ${population} to draw from`, { hint: "Name another period." });
    const { size, root } = result.checkpoint;
    const body: z.infer<typeof fixedSchema> = {
      version: 1,
      ...counted,
      period: { id: period.id, from: period.from, to: period.to, asOf: result.period.asOf },
      checkpoint: { size, root },
    };
    await recordOwn(ctx, store, {
      stream,
      command: "sample",
      records: [{ kind: "population", externalId: `${period.id} ${population}`, body }],
    });
    const fixed = (await fixedIn(ctx, store, request)).at(-1);
    if (!fixed) throw new Error("the population that was recorded is not there");
    return { fixed, result, before: false };
  });
}

/** The population that was fixed last, or the last by the evidence and with the digest asked for, with the assessment of the evidence of then. Throws ConfigError where none was fixed, IntegrityError where it is no longer what it was. */
export async function fixedPopulation(
  ctx: PipelineContext,
  request: PopulationRequest,
): Promise<{ readonly fixed: PopulationRecord; readonly result: AssessmentResult }> {
  const { period, population, asOf, digest } = request;
  const all = await withStore(ctx, { write: false }, (store) => fixedIn(ctx, store, request));
  const fixed = all.findLast(
    (one) =>
      (asOf === undefined || one.period.asOf === asOf) && (digest === undefined || one.digest.startsWith(digest)),
  );
  if (!fixed)
    throw new ConfigError(
      `no population of ${population} was fixed for ${period.id}${asOf === undefined ? "" : ` as of ${asOf}`}${digest === undefined ? "" : ` with the digest ${digest}`}: a seed counts only after that`,
      {
        hint: `First: flowproof sample --period ${period.id} --population ${population}${asOf === undefined ? "" : ` --as-of ${asOf}`}`,
      },
    );
  ctx.progress("judging the evidence");
  return { fixed, result: await assessed(ctx, fixed) };
}

async function assessed(ctx: PipelineContext, fixed: PopulationRecord): Promise<AssessmentResult> {
  const { id, from, to, asOf } = fixed.period;
  const result = await assess(ctx, { period: { id, from, to }, asOf });
  const now = countPopulation(result, fixed.population);
  if (now.digest === fixed.digest) return result;
  throw new IntegrityError(
    `the ${fixed.population} of ${id} as of ${asOf} are not those that were fixed in record r${fixed.record}: ${now.size} with the digest ${now.digest}, were ${fixed.size} with ${fixed.digest}`,
    {
      hint: "Were systems or repositories configured otherwise since? Fix the population again, and ask for a new seed.",
    },
  );
}

async function fixedIn(
  { config }: Pick<PipelineContext, "config">,
  store: Store,
  { period, population }: Pick<PopulationRequest, "period" | "population">,
): Promise<readonly PopulationRecord[]> {
  const records = await store.recordsOfStream(ownStream(config, stream));
  return records.map(readFixed).filter((one) => one.period.id === period.id && one.population === population);
}

function readFixed({ id, body, fetchedAt }: EvidenceRecord): PopulationRecord {
  const parsed = fixedSchema.safeParse(body);
  if (parsed.success) return { ...parsed.data, record: id, at: fetchedAt };
  throw new IntegrityError(`record r${id} is not what flowproof writes of a population`, { cause: parsed.error });
}

/** Nothing came into the ledger after it. */
async function endsLedger(store: Store, { record }: PopulationRecord): Promise<boolean> {
  const size = (await store.checkpoint())?.size;
  for await (const { position } of store.evidence([record])) return position + 1 === size;
  return false;
}
