import type { AssessmentResult } from "../../model/assessment.ts";
import { number } from "../format.ts";
import type { Tone } from "../labels.ts";
import type { Pack } from "../pack.ts";

interface Line {
  readonly text: string;
  readonly anchor: string;
  /** How many items the target lists; null where it counts something else. */
  readonly count: number | null;
  readonly counts: boolean;
  readonly tone: Tone;
}

interface Tie {
  readonly n: string;
  readonly count: number;
  readonly anchor: string;
  readonly what: string;
  readonly lines: readonly Line[];
}

type Kind = AssessmentResult["reconciliation"]["unmatched"][number]["kind"];

/** What each column of the tie-out comes to over all systems, by the column's name. */
export function tieTotals({ rows }: AssessmentResult["reconciliation"]) {
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
  return {
    commits: sum((row) => row.commits.onLine),
    explained: sum((row) => row.commits.explained),
    unexplained: sum((row) => row.commits.unexplained),
    changes: sum((row) => row.changes.merged),
    arrived: sum((row) => row.changes.onLine),
    missing: sum((row) => row.changes.notOnLine),
    elsewhere: sum((row) => row.changes.elsewhere ?? 0),
    deployments: sum((row) => row.deployments.succeeded),
    traced: sum((row) => row.deployments.traced),
    untraced: sum((row) => row.deployments.untraced),
    unknown: sum((row) => row.deployments.unknown),
  };
}

/** Deployments, commits and changes against each other, each number with the place that lists what it counts. */
export function tieView({ result }: Pack, since: string): readonly Tie[] {
  const totals = tieTotals(result.reconciliation);
  const still = (count: number, text: string, column: keyof typeof totals): Line => ({
    text: `${number(count)} ${text}`,
    anchor: `tie-${column}`,
    count,
    counts: true,
    tone: "still",
  });
  // What matches nothing has a list of its own, unless there is none of it.
  const open = (count: number, text: string, kind: Kind, column: keyof typeof totals, tone: Tone = "leak"): Line =>
    count === 0
      ? still(0, text, column)
      : { text: `${number(count)} ${text}`, anchor: `unmatched-${kind}`, count, counts: true, tone };
  const { untraced, unknown, elsewhere } = totals;
  const tie = (column: "deployments" | "commits" | "changes", what: string, lines: readonly Line[]): Tie => ({
    n: number(totals[column]),
    count: totals[column],
    anchor: `tie-${column}`,
    what,
    lines,
  });
  return [
    tie("deployments", "production deployments", [
      still(totals.traced, "trace to a released commit", "traced"),
      open(untraced, untraced === 1 ? "does not" : "do not", "deployment", "untraced"),
      ...(unknown > 0 ? [open(unknown, "not verifiable", "deployment", "unknown", "unseen")] : []),
    ]),
    tie("commits", "commits on released branches", [
      still(totals.explained, "arrived by a change", "explained"),
      open(totals.unexplained, "explained by none", "commit", "unexplained"),
    ]),
    tie("changes", "changes merged", [
      sourceLine(result, since),
      open(totals.missing, "missing from the branch", "change", "missing"),
      ...(elsewhere > 0
        ? [
            {
              text: `${number(elsewhere)} more merged to other branches`,
              anchor: result.reconciliation.elsewhere ? "elsewhere" : "promotions",
              count: null,
              counts: false,
              tone: "still" as const,
            },
          ]
        : []),
    ]),
  ];
}

/** Objects stored, whatever their period, against the source's own count. */
function sourceLine({ coverage }: AssessmentResult, since: string): Line {
  const counts = coverage.filter(({ kind, sourceTotal }) => kind === "changes" && sourceTotal !== null);
  const stored = counts.reduce((total, row) => total + row.stored, 0);
  const total = counts.reduce((sum, row) => sum + (row.sourceTotal ?? 0), 0);
  const kept = `${number(stored)} stored by runs since ${since}`;
  const [text, tone]: readonly [string, Tone] =
    counts.length === 0
      ? ["the source gives no count of its own", "still"]
      : stored === total
        ? [`${kept}, as the source counts`, "still"]
        : [`${kept}, the source counts ${number(total)}`, "unseen"];
  return { text, anchor: "coverage", count: null, counts: false, tone };
}
