import type { ControlResult, Item, Tally } from "../model/assessment.ts";
import { controlResults } from "../model/assessment.ts";

/** An item under a control. */
export type Folded = Exclude<keyof Tally, "items">;

/** What some attributes say of one item together: a failure nobody accepted decides, then what cannot be verified, then an accepted failure. */
export function foldItem({ observations }: Pick<Item, "observations">, attributes: readonly string[]): Folded {
  let folded: Folded = "notApplicable";
  for (const { attribute, outcome, waiver } of observations) {
    if (outcome === "notApplicable" || !attributes.includes(attribute)) continue;
    if (outcome === "fail" && waiver === undefined) return "fail";
    const said = outcome === "fail" ? "waived" : outcome;
    if (gravity[said] > gravity[folded]) folded = said;
  }
  return folded;
}

const gravity: Readonly<Record<Folded, number>> = { notApplicable: 0, pass: 1, waived: 2, notVerifiable: 3, fail: 4 };

/** Counts items by what was folded of them; the five counts add up to `items`. */
export function tallyOf(folded: readonly Folded[]): Tally {
  const tally = { items: folded.length, pass: 0, fail: 0, waived: 0, notVerifiable: 0, notApplicable: 0 };
  for (const one of folded) tally[one] += 1;
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
