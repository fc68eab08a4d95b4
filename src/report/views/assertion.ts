import type { ControlAssessment, ControlResult } from "../../model/assessment.ts";
import { counted, list, number } from "../format.ts";
import type { Pack } from "../pack.ts";
import { lateSince } from "./cover.ts";

/** What management asserts, no more than this pack's own results allow. */
export function assertionView(pack: Pack) {
  const { result, time } = pack;
  const late = lateSince(pack);
  const { controls, criteria, coverage, exceptions, population, reconciliation } = result;
  const named = (of: (control: ControlAssessment) => boolean): string =>
    list(controls.filter(of).map(({ id, own }) => own?.id ?? id));
  const having = (wanted: ControlResult): string => named(({ result }) => result === wanted);
  const undecided = population.filter(({ observations }) =>
    observations.some(({ outcome }) => outcome === "notVerifiable"),
  ).length;
  const gaps = coverage.filter(({ status }) => status !== "complete").length;
  const limits = [
    ["Above management's own threshold", having("aboveThreshold")],
    ["Evidence incomplete", named(({ incomplete }) => incomplete.length > 0)],
    ["Did not operate, because nothing called for it", having("didNotOperate")],
  ].filter(([, ids]) => ids !== "");
  return {
    criteria: list(
      criteria.filter(({ concluded }) => concluded).map(({ frameworkTitle, id }) => `${frameworkTitle} ${id}`),
    ),
    limits: limits.map(([what, ids]) => `${what}: ${ids}.`).join(" "),
    anyException: exceptions.length > 0,
    gaps: gaps === 0 ? "no gap in what was read is known" : `the gaps in ${counted(gaps, "stream")} listed there`,
    unmatched: `${counted(reconciliation.unmatched.length, "item")} that ${reconciliation.unmatched.length === 1 ? "matches" : "match"} nothing on the other lists ${reconciliation.unmatched.length === 1 ? "is" : "are"} named there`,
    undecided: undecided === 0 ? null : number(undecided),
    one: undecided === 1,
    late: late === null ? null : time.day(late),
  };
}
