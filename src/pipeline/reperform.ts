import { type Draw, draw } from "../model/draw.ts";
import type { SourceRecord } from "../model/stream.ts";
import type { BundledRecord } from "../pack/formats.ts";
import { recordState } from "../pack/verify/record-line.ts";
import type { Again, ChangeAgain, KeptRecord, Move, SourceConfig } from "../providers/provider.ts";
import { canonicalJson, parseCanonicalJson } from "../util/canonical-json.ts";
import { instant } from "../util/clock.ts";
import { ConfigError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import { providerContext } from "./collect.ts";
import type { KeptRecords } from "./kept-changes.ts";
import { providerOf } from "./open.ts";
import type { PipelineContext } from "./types.ts";

/** Whose changes are drawn, what was kept of them, and where they are asked again. */
export interface Reperformed {
  /** Change keys. */
  readonly population: readonly string[];
  /** Loads what was kept of the changes drawn. */
  kept(keys: readonly string[]): Promise<KeptRecords>;
  /** Names by repository key. */
  readonly repositories: ReadonlyMap<string, string>;
  readonly sources: readonly SourceConfig[];
  /** Whether everything recorded of a change was kept: only then does what the source gives besides mean anything. */
  readonly whole: boolean;
}

/** What asking a change again came to: `differs` where something moved that may not, `unread` where nothing can be said. */
export interface ReperformedChange {
  readonly key: string;
  /** `riverbank/payments#12`. */
  readonly name: string;
  readonly result: "same" | "moved" | "differs" | "gone" | "unread";
  /** How many records were compared. */
  readonly records: number;
  readonly moves: readonly Move[];
  /** Why it is gone or unread, or what could not be compared. */
  readonly reasons: readonly string[];
}

export interface ReperformSummary {
  readonly draw: Draw;
  readonly changes: readonly ReperformedChange[];
}

type Context = Omit<PipelineContext, "config">;

/** Asks a reproducible sample of changes again and compares them with what was kept; writes nothing. Throws ConfigError where there is nothing to draw from. */
export async function reperform(
  ctx: Context,
  from: Reperformed,
  { sample, seed }: { readonly sample: number; readonly seed: string },
): Promise<ReperformSummary> {
  const drawn = draw(from.population, { size: sample, seed }, sha256Hex);
  if (drawn.population === 0)
    throw new ConfigError("there is no change to draw from", { hint: "Name another period, or collect first." });
  const kept = await from.kept(drawn.keys);
  const results = new Map<string, ReperformedChange>();
  for (const [repository, keys] of Map.groupBy(drawn.keys, repositoryOf)) {
    for (const change of await repositoryAgain(ctx, from, repository, keys, kept)) results.set(change.key, change);
  }
  return { draw: drawn, changes: drawn.keys.flatMap((key) => results.get(key) ?? []) };
}

const repositoryOf = (change: string): string => change.slice(0, change.lastIndexOf("#"));

async function repositoryAgain(
  ctx: Context,
  { repositories, sources, whole }: Reperformed,
  repository: string,
  keys: readonly string[],
  kept: KeptRecords,
): Promise<readonly ReperformedChange[]> {
  const slash = repository.indexOf("/");
  const source = sources.find(({ id }) => id === repository.slice(0, slash));
  const again = source && providerOf(source).again;
  const name = repositories.get(repository) ?? repository;
  const nameOf = (key: string): string => `${name}${key.slice(key.lastIndexOf("#"))}`;
  const unread = (key: string, reason: string): ReperformedChange => ({
    key,
    name: nameOf(key),
    result: "unread",
    records: 0,
    moves: [],
    reasons: [reason],
  });
  if (!source || !again) return keys.map((key) => unread(key, "its source cannot be asked for single changes"));
  const asked = keys.map((key) => ({ key, records: kept.get(key) ?? [], change: changeRecordOf(kept.get(key) ?? []) }));
  const changes = asked.flatMap(({ change }) => change ?? []);
  const target = { id: repository.slice(slash + 1), name };
  const answers = again.ask(target, changes, providerContext(ctx, { ...source, repositories: [] }));
  const results: ReperformedChange[] = [];
  for (const { key, records, change } of asked) {
    if (!change) {
      results.push(unread(key, "what was kept of it has no body to compare with"));
      continue;
    }
    const next = await answers.next();
    ctx.signal.throwIfAborted();
    if (!next.done)
      results.push({ key, name: nameOf(key), ...compared(again, records, next.value, instant(ctx.clock()), whole) });
  }
  await answers.return(undefined);
  return results;
}

/** The record of the change itself, as it was given. */
function changeRecordOf(records: readonly BundledRecord[]): SourceRecord | undefined {
  const record = records.find(({ fields }) => fields?.kind === "change");
  return record && keptRecord(record);
}

function keptRecord({ fields, content }: BundledRecord): KeptRecord | undefined {
  if (!fields || content === undefined) return undefined;
  const { kind, externalId, fetchedAt } = fields;
  return { kind, externalId, fetchedAt, body: parseCanonicalJson(content) };
}

type Compared = Pick<ReperformedChange, "result" | "records" | "moves" | "reasons">;

function compared(
  again: Again,
  records: readonly BundledRecord[],
  answer: ChangeAgain,
  at: string,
  whole: boolean,
): Compared {
  if (answer.state !== "given") return { result: answer.state, records: 0, moves: [], reasons: [answer.reason] };
  const { unread } = answer;
  const readable = records.filter(({ fields }) => !unread.has(fields?.kind ?? ""));
  const pairs = pairsOf(readable, answer.records).filter(({ record }) => whole || record !== undefined);
  const kept = readable.flatMap((record) => keptRecord(record) ?? []);
  const beside = { kept, now: answer.records, at };
  const moves = together(pairs.flatMap(({ record, now }) => movesOf(again, record, now, beside)));
  return {
    result: moves.some(({ legitimate }) => !legitimate) ? "differs" : moves.length > 0 ? "moved" : "same",
    records: readable.length,
    moves,
    reasons: [...unread].map(([kind, reason]) => `${kind} not compared: ${reason}`),
  };
}

interface Pair {
  readonly record?: BundledRecord;
  readonly now?: SourceRecord;
}

function pairsOf(records: readonly BundledRecord[], now: readonly SourceRecord[]): readonly Pair[] {
  const given = new Map(now.map((record) => [`${record.kind} ${record.externalId}`, record]));
  const pairs = records.map((record): Pair => {
    const key = `${record.fields?.kind} ${record.fields?.externalId}`;
    const same = given.get(key);
    given.delete(key);
    return { record, ...(same ? { now: same } : {}) };
  });
  return [...pairs, ...[...given.values()].map((left): Pair => ({ now: left }))];
}

interface RecordMove extends Move {
  readonly record?: number;
}

/** What is said of several records is said once, with all of them. */
function together(moves: readonly RecordMove[]): readonly Move[] {
  return [...Map.groupBy(moves, ({ legitimate, text }) => `${legitimate} ${text}`).values()].map((same) => {
    const [{ legitimate, text }] = same as [RecordMove];
    const records = same.flatMap(({ record }) => (record === undefined ? [] : [`r${record}`]));
    return { legitimate, text: records.length === 0 ? text : `${text} (${records.join(", ")})` };
  });
}

/** The digest that the ledger committed to decides; only where it is another are fields compared. */
function movesOf(
  again: Again,
  record: BundledRecord | undefined,
  now: SourceRecord | undefined,
  beside: Parameters<Again["moves"]>[1],
): readonly RecordMove[] {
  const problem = record && recordState(record).problem;
  const of = record ? { record: record.id } : {};
  const altered: readonly RecordMove[] =
    problem === undefined ? [] : [{ ...of, legitimate: false, text: `altered after it was recorded: ${problem}` }];
  const isSame =
    record?.salt !== undefined &&
    now !== undefined &&
    sha256Hex(Buffer.from(record.salt, "hex"), canonicalJson(now.body)) === record.fields?.digest;
  if (isSame) return altered;
  const kept = record && keptRecord(record);
  // Erased, or a redacted edition's: there is nothing to compare.
  if (record && !kept) return altered;
  const found = again.moves({ ...(kept ? { kept } : {}), ...(now ? { now } : {}) }, beside);
  return [...altered, ...found.map((move) => ({ ...move, ...of }))];
}
