import { attributes } from "../attributes/index.ts";
import type { Difference, EvaluationInput } from "../evaluation/index.ts";
import type { AssessmentResult, Item, RestatementReason } from "../model/assessment.ts";
import { itemName } from "../model/assessment.ts";
import type { Dossier } from "../model/dossier.ts";
import type { Store } from "../store/index.ts";
import { evidenceOf } from "./evidence-of.ts";
import type { IssuedPack } from "./pack-records.ts";

/** A period judged from the store's evidence, with what it was judged from. */
export interface Judgement {
  readonly input: EvaluationInput;
  readonly assessment: Pick<AssessmentResult, "population" | "coverage">;
}

/** How many records are named as reasons of one difference before the rest is only counted. */
const most = 12;

/**
 * Why an item is not what the pack said: the records about it that were fetched after the pack's cut-off, those that its
 * changed tests cite before all others; else streams that were read further; else what judges otherwise.
 */
export async function explainer(
  store: Pick<Store, "records" | "coverage" | "runs">,
  pack: Pick<IssuedPack, "period">,
  { input, assessment, settings }: Judgement & { readonly settings: readonly RestatementReason[] },
): Promise<(difference: Difference) => Promise<readonly RestatementReason[]>> {
  const { asOf } = pack.period;
  const items = new Map(assessment.population.map((item) => [itemName(item), item]));
  const { commits, changes, deployments, configuration } = input.dossiers;
  const dossiers = new Map<string, Dossier>(
    [...commits, ...changes, ...deployments, ...configuration].map((one) => [itemName(one), one]),
  );
  const reads = await readsAfter(store, asOf);
  const newer = async (ids: readonly number[], texts: ReadonlyMap<number, string>): Promise<RestatementReason[]> => {
    const rows = (await store.records(ids)).filter(({ fetchedAt }) => fetchedAt > asOf);
    const told = rows.slice(0, most).map(({ id, kind, fetchedAt }) => ({
      text: texts.get(id) ?? `a record of the kind ${kind} was read`,
      at: fetchedAt,
      record: id,
    }));
    const rest = rows.length - told.length;
    return rest > 0 ? [...told, { text: `and ${rest} more records`, at: null, record: null }] : told;
  };
  return async (difference) => {
    const name = itemName({ ...difference, key: difference.item });
    const item = items.get(name);
    const dossier = dossiers.get(name);
    const cited = citedBy(difference, item);
    const about = dossier ? evidenceOf(dossier) : new Map<number, string>();
    const late = lateArrival(pack, difference, item);
    const records = await newer(cited, about);
    if (records.length > 0) return [...late, ...records];
    const others =
      late.length > 0
        ? []
        : await newer(
            [...about.keys()].sort((a, b) => a - b),
            about,
          );
    const read = others.length > 0 || late.length > 0 ? [] : readsFor(difference, assessment.coverage, reads);
    const found = [...late, ...others, ...read];
    if (found.length > 0) return found;
    return settings.length > 0
      ? settings
      : [
          {
            text: "no record about it is newer than the pack, and nothing that judges it differs",
            at: null,
            record: null,
          },
        ];
  };
}

/** The records that the changed tests rest on, and the item's own. */
function citedBy({ tests, kind }: Difference, item: Item | undefined): readonly number[] {
  const changed = new Set(tests.map(({ attribute }) => attribute));
  const evidence = (item?.observations ?? []).filter(({ attribute }) => changed.has(attribute));
  const own = kind === "appeared" ? [item?.record ?? null] : [];
  const ids = [...own, ...evidence.flatMap((one) => one.evidence)].filter((id) => id !== null);
  return [...new Set(ids)].sort((a, b) => a - b);
}

/** An item that came after the pack's population ended is no news of what the pack said. */
function lateArrival(
  { period }: Pick<IssuedPack, "period">,
  { kind }: Difference,
  item: Item | undefined,
): readonly RestatementReason[] {
  if (kind !== "appeared" || !item) return [];
  const end = period.cutAt ?? (period.asOf < period.to ? period.asOf : null);
  if (end === null || item.at < end) return [];
  return [{ text: `it came at ${item.at}; the pack's population ended at ${end}`, at: null, record: null }];
}

type Reads = ReadonlyMap<string, { readonly status: string; readonly to: string }>;

/** Per stream, the furthest that a run begun after the cut-off said of it. */
async function readsAfter(store: Pick<Store, "coverage" | "runs">, asOf: string): Promise<Reads> {
  const later = new Set((await store.runs()).filter(({ startedAt }) => startedAt > asOf).map(({ id }) => id));
  const reads = new Map<string, { status: string; to: string }>();
  for (const { stream, run, status, to } of await store.coverage()) {
    if (later.has(run) && to >= (reads.get(stream)?.to ?? "")) reads.set(stream, { status, to });
  }
  return reads;
}

/** Where a test had to leave the item open, then or now: the streams it needs, as read since. */
function readsFor(
  { tests, system, kind }: Difference,
  coverage: AssessmentResult["coverage"],
  reads: Reads,
): readonly RestatementReason[] {
  const open = tests.filter(
    ({ issued, now }) =>
      kind !== "changed" || issued === "notVerifiable" || issued === "due" || now === "notVerifiable",
  );
  const needed = new Set(
    open.flatMap(({ attribute }) => attributes.find(({ id }) => id === attribute)?.requires ?? []),
  );
  return coverage
    .filter((row) => row.system === system && needed.has(row.kind))
    .flatMap(({ stream, repository }) => {
      const read = reads.get(stream);
      return read === undefined
        ? []
        : [
            {
              text: `the stream ${stream} of ${repository} was read again: ${read.status} up to ${read.to}`,
              at: null,
              record: null,
            },
          ];
    });
}
