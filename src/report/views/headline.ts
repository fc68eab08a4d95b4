import type { AssessmentResult, CriterionAssessment } from "../../model/assessment.ts";
import type { Flow } from "../flow.ts";
import { counted, list, number } from "../format.ts";
import type { Pack } from "../pack.ts";

/** A piece of a sentence; a number among them leads to the list that it counts. */
export interface Piece {
  readonly text: string;
  readonly anchor: string | null;
  readonly count: number | null;
}

const words = (text: string): Piece => ({ text, anchor: null, count: null });
const figure = (text: string, anchor: string, count: number): Piece => ({ text, anchor, count });

/** The pieces as one sentence. */
export const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join("");

/** What became of the commits, and, where that would sound better than the gravest result, that result too. */
export function headline(pack: Pack, flow: Flow): readonly Piece[] {
  const { commits } = flow;
  const grave = graveWords(pack.result);
  const known = isWhole(pack.result) ? "reached" : "are known to have reached";
  if (commits === 0) {
    const nothing = isWhole(pack.result)
      ? "No commit reached a released branch"
      : "No commit is known to have reached a released branch";
    return [words(`${nothing}${grave === null ? "" : `, yet ${grave}`}.`)];
  }
  const reached = [
    figure(counted(commits, "commit"), "tie-commits", commits),
    words(` ${commits === 1 ? known.replace("are", "is") : known} released branches. `),
  ];
  if (flow.verdict.passed < commits) return [...reached, ...verdict(flow), words(".")];
  const passed = commits === 1 ? "It passed every test that applies" : "All passed every test that applies";
  return [
    ...reached,
    figure(passed, "flow-passed", commits),
    words(grave === null ? "." : ` to ${commits === 1 ? "it" : "them"}, yet ${grave}.`),
  ];
}

function verdict({ verdict: { passed, failed, waived, open } }: Flow): readonly Piece[] {
  const not = failed + waived;
  const accepted =
    waived === 0
      ? ""
      : waived === not
        ? " (waived in\u00a0advance)"
        : ` (${number(waived)}\u00a0waived in\u00a0advance)`;
  const parts = [
    figure(`${passed === 0 ? "None" : number(passed)} passed every test that applies`, "flow-passed", passed),
    ...(not > 0 ? [figure(`${number(not)} did not${accepted}`, "flow-left", not)] : []),
    ...(open > 0 ? [figure(`${number(open)} cannot be verified`, "flow-open", open)] : []),
  ];
  return parts.flatMap((part, index) => [
    ...(index === 0 ? [] : [words(index === parts.length - 1 ? " and " : ", ")]),
    part,
  ]);
}

/** Whether the commits of every system were read over the whole period: else there may be more than are known. */
const isWhole = ({ coverage }: AssessmentResult): boolean =>
  coverage.every(({ kind, status }) => kind !== "commits" || status === "complete");

/** Gravest first; what is no reservation has no words. */
const gravity: readonly (readonly [CriterionAssessment["result"], (name: string, several: boolean) => string])[] = [
  ["aboveThreshold", (name, several) => `${name} ${several ? "are" : "is"} above management's threshold`],
  ["evidenceIncomplete", (name) => `the evidence for ${name} is incomplete`],
  ["exceptionsNoted", (name, several) => `${name} ${several ? "have" : "has"} exceptions noted`],
  ["notConcluded", (name) => `${name} cannot be concluded`],
];

function graveWords({ criteria }: AssessmentResult): string | null {
  const concluded = criteria.filter((criterion) => criterion.concluded);
  for (const [result, say] of gravity) {
    const names = concluded.filter((one) => one.result === result).map((one) => `${one.frameworkTitle} ${one.id}`);
    if (names.length > 0) return say(list(names), names.length > 1);
  }
  return null;
}
