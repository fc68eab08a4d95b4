import type { AssessedObservation, ControlResult, Item, Tally } from "../model/assessment.ts";
import { controlResults } from "../model/assessment.ts";

type Folded = Exclude<keyof Tally, "items">;

/** What several attributes say of one item together: a failure nobody accepted decides, then what cannot be verified, then an accepted failure. */
export function foldItem(observations: readonly AssessedObservation[]): Folded {
  const has = (test: (one: AssessedObservation) => boolean) => observations.some(test);
  if (has((one) => one.outcome === "fail" && one.waiver === undefined)) return "fail";
  if (has((one) => one.outcome === "notVerifiable")) return "notVerifiable";
  if (has((one) => one.outcome === "fail")) return "waived";
  return has((one) => one.outcome === "pass") ? "pass" : "notApplicable";
}

/** The observations of the given attributes on an item. */
export const observationsOf = (item: Item, attributes: readonly string[]): readonly AssessedObservation[] =>
  item.observations.filter(({ attribute }) => attributes.includes(attribute));

/** Counts items by what the given attributes say of them; the five counts add up to `items`. */
export function tallyOf(items: readonly Item[], attributes: readonly string[]): Tally {
  const tally = { items: items.length, pass: 0, fail: 0, waived: 0, notVerifiable: 0, notApplicable: 0 };
  for (const item of items) tally[foldItem(observationsOf(item, attributes))] += 1;
  return tally;
}

/** A control's result; `threshold` is the share of failures among the items that could be judged, `whole` whether its streams were observed over the period. */
export function resultOf(tally: Tally, threshold: number, whole: boolean): ControlResult {
  const judged = tally.pass + tally.fail + tally.waived;
  if (tally.fail > 0 && tally.fail / judged >= threshold) return "aboveThreshold";
  if (tally.notVerifiable > 0 || !whole) return "evidenceIncomplete";
  if (tally.fail + tally.waived > 0) return "exceptionsNoted";
  return tally.pass > 0 ? "noExceptionsNoted" : "didNotOperate";
}

/** The gravest of several results; undefined where none operated. */
export function gravest(results: readonly ControlResult[]): Exclude<ControlResult, "didNotOperate"> | undefined {
  for (const result of controlResults) if (result !== "didNotOperate" && results.includes(result)) return result;
  return undefined;
}

/** Results as packs print them. */
export const resultWords: Readonly<Record<ControlResult | "notConcluded", string>> = {
  aboveThreshold: "exceptions above threshold",
  evidenceIncomplete: "evidence incomplete",
  exceptionsNoted: "exceptions noted",
  noExceptionsNoted: "no exceptions noted",
  didNotOperate: "did not operate",
  notConcluded: "cannot be concluded",
};
