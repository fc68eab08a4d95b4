import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type AssessmentResult, assessmentResultSchema, type Item } from "../model/assessment.ts";
import type { Entity, Seen } from "../model/entity.ts";
import { commitKey } from "../model/keys.ts";
import type { Sample } from "../model/sample.ts";
import { type BundledRecord, type Proofs, packFile } from "../pack/formats.ts";
import { verifyPath } from "../pack/verify/index.ts";
import { linesOf } from "../pack/verify/lines.ts";
import { zipFiles } from "../pack/verify/zip-files.ts";
import { isOfList, normalizeListed } from "../providers/deployment-list.ts";
import { sortedJson } from "../report/index.ts";
import type { Store } from "../store/index.ts";
import { ConfigError, IntegrityError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import { evidenceOf } from "./kept-changes.ts";
import { providerOf, withStore } from "./open.ts";
import { type IssuedPack, issuedPacks } from "./pack-records.ts";
import type { PipelineContext } from "./types.ts";

/** What a sample is drawn from. */
export interface SampleSource {
  readonly result: AssessmentResult;
  readonly pack: Sample["pack"];
  readonly evidence: Sample["evidence"];
  /** The folder that the sample's own goes into. */
  readonly folder: string;
  /** What is on record of these items; a redacted edition's records say nothing. */
  entities(items: readonly Item[]): Promise<readonly Seen<Entity>[]>;
  /** The places of records in the ledger, as far as they are known. */
  places(records: readonly number[]): Promise<ReadonlyMap<number, number>>;
}

/** Throws ConfigError where nothing was collected yet. */
export function requireStore({ config }: Pick<PipelineContext, "config">): void {
  if (!existsSync(config.store))
    throw new ConfigError(`there is no store ${config.store}`, { hint: "Run `flowproof collect` first." });
}

/** The assessment of a period from the store; it is that of an issued pack where one was issued of the very same. */
export async function fromStore(ctx: PipelineContext, result: AssessmentResult): Promise<SampleSource> {
  const mode = { write: false } as const;
  const same = await issuedOf(ctx, result);
  return {
    result,
    pack: same ? { name: same.name, state: "issued", manifest: same.manifest } : null,
    evidence: "store",
    folder: ctx.config.reports,
    entities: (items) => withStore(ctx, { ...mode, asOf: result.period.asOf }, (store) => entitiesIn(store, items)),
    places: (records) =>
      withStore(ctx, mode, async (store) => {
        const places = new Map<number, number>();
        for await (const { id, position } of store.evidence(records)) places.set(id, position);
        return places;
      }),
  };
}

/** The pack that was issued of this assessment; which packs of parts lie beside it, only its folder says. */
async function issuedOf(ctx: PipelineContext, result: AssessmentResult): Promise<IssuedPack | undefined> {
  const issued = await withStore(ctx, { write: false }, (store) => issuedPacks(store, ctx.config));
  const near = issued.filter(
    ({ period, edition }) => edition === "full" && period.id === result.period.id && period.asOf === result.period.asOf,
  );
  for (const pack of near.toReversed()) {
    const parts = await readFile(join(ctx.config.reports, pack.name, packFile.assessment), "utf8").then(
      (text) => (JSON.parse(text) as Pick<AssessmentResult, "parts">).parts,
      () => undefined,
    );
    if (sha256Hex(sortedJson(parts ? { ...result, parts } : result)) === pack.assessment) return pack;
  }
  return undefined;
}

async function entitiesIn(store: Store, items: readonly Item[]): Promise<readonly Seen<Entity>[]> {
  const keysOf = (subject: Item["subject"]): string[] =>
    items.filter((item) => item.subject === subject).map(({ key }) => key);
  const keys = keysOf("change");
  const changes = await store.entities("change", { keys });
  const own = await store.entities("changeCommit", { parents: keys });
  const reviews = await store.entities("review", { parents: keys });
  const deployments = keysOf("deployment");
  const commits = [
    ...own.map(({ repository, oid }) => commitKey(repository, oid)),
    ...items.filter(({ subject }) => subject === "commit").map(({ key }) => key),
  ];
  return [
    ...changes,
    ...own,
    ...reviews,
    ...(await store.entities("check", {
      parents: changes.map(({ repository, headOid }) => commitKey(repository, headOid)),
    })),
    ...(await store.entities("commit", { keys: commits })),
    ...(await store.entities("deployment", { keys: deployments })),
  ];
}

/** A pack as it lies in a folder, verified first. Throws ConfigError where there is none, IntegrityError where it is not what was written. */
export async function fromPack(
  directory: string,
): Promise<SampleSource & { readonly pack: NonNullable<Sample["pack"]> }> {
  const { kind, checks, manifest } = await verifyPath(directory);
  const wrong = checks.filter(({ outcome }) => outcome === "broken");
  if (kind !== "folder" && kind !== "draft")
    throw new ConfigError(`${directory} is not the folder of a pack`, {
      hint: "Name the folder that holds assessment.json.",
    });
  if (wrong.length > 0)
    throw new IntegrityError(
      `${directory} is not what was written: ${wrong.map(({ subject, text }) => `${subject}: ${text}`).join("; ")}`,
      { hint: `flowproof verify ${directory} says all that is wrong; nothing is drawn from an altered pack.` },
    );
  const result = await readAssessment(join(directory, packFile.assessment));
  const path = resolve(directory);
  return {
    result,
    pack: { name: basename(path), state: kind === "folder" ? "issued" : "draft", manifest: manifest ?? null },
    evidence: "bundle",
    folder: dirname(path),
    entities: () => (kind === "folder" ? entitiesInBundle(join(path, packFile.bundle), result) : Promise.resolve([])),
    places: async () => (kind === "folder" ? placesIn(join(path, packFile.proofs)) : new Map()),
  };
}

async function readAssessment(file: string): Promise<AssessmentResult> {
  const parsed = assessmentResultSchema.safeParse(JSON.parse(await readFile(file, "utf8")));
  if (parsed.success) return parsed.data;
  throw new ConfigError(`${file} is not an assessment that this version reads`, {
    cause: parsed.error,
    hint: "Use the version of flowproof that the pack names.",
  });
}

async function entitiesInBundle(path: string, { provenance }: AssessmentResult): Promise<readonly Seen<Entity>[]> {
  const providers = new Map(provenance.sources.map((source) => [source.id, providerOf(source)]));
  const bundle = await zipFiles(path);
  const entities: Seen<Entity>[] = [];
  try {
    for await (const line of linesOf(bundle.open(packFile.records))) {
      const record = evidenceOf(JSON.parse(Buffer.from(line).toString("utf8")) as BundledRecord);
      if (!record) continue;
      const found = isOfList(record) ? normalizeListed(record) : providers.get(record.source)?.normalize(record);
      entities.push(...(found ?? []).map((entity) => ({ ...entity, record: record.id })));
    }
  } finally {
    await bundle.close();
  }
  return entities;
}

async function placesIn(proofs: string): Promise<ReadonlyMap<number, number>> {
  const { records } = JSON.parse(await readFile(proofs, "utf8")) as Proofs;
  return new Map(records.leaves.map(([id, position]) => [id, position]));
}
