import type { AssessmentResult } from "../../model/assessment.ts";
import { criterionAnchor } from "../anchors.ts";
import type { Flow } from "../flow.ts";
import { flowFigure } from "../flow-figure.ts";
import { counted, list, number, sentence, words } from "../format.ts";
import type { Tone } from "../labels.ts";
import { criterionLabel, resultLabels, streamNames } from "../labels.ts";
import type { Pack, Reference } from "../pack.ts";

interface Line {
  readonly text: string;
  readonly anchor: string | null;
  readonly tone: Tone;
}

/** What the first page says. */
export function coverView(pack: Pack, flow: Flow) {
  const { result } = pack;
  const rows = unseenRows(pack);
  const shown = 5;
  return {
    headline: headline(flow),
    lead: lead(pack),
    criteria: result.criteria
      .filter(({ concluded }) => concluded)
      .map((criterion) => {
        const controls = criterion.controls.flatMap((id) => pack.controls.get(id) ?? []).filter(({ key }) => key);
        return {
          framework: criterion.frameworkTitle,
          id: criterion.id,
          anchor: criterionAnchor(criterion.framework, criterion.id),
          tone: resultLabels[criterion.result].tone,
          label: criterionLabel(
            criterion,
            controls.some(({ exceptions }) => exceptions.length > 0),
            controls.some(({ tally }) => tally.notVerifiable > 0),
          ),
          statement: criterion.statement,
        };
      }),
    tie: tie(result),
    figure: flowFigure(flow),
    anyCommit: flow.commits > 0,
    unseen: rows.slice(0, shown),
    unseenMore: rows.length > shown ? counted(rows.length - shown, "more gap") : null,
  };
}

function headline({ commits, verdict: { passed, failed, waived, open } }: Flow): string {
  if (commits === 0) return "No commit reached a released branch.";
  const reached = `${counted(commits, "commit")} reached released branches.`;
  if (passed === commits) return `${reached} ${commits === 1 ? "It" : "All"} passed every test that applies.`;
  const not = failed + waived;
  const accepted =
    waived === 0
      ? ""
      : waived === not
        ? " (waived in\u00a0advance)"
        : ` (${number(waived)}\u00a0waived in\u00a0advance)`;
  return `${reached} ${list([
    `${passed === 0 ? "None" : number(passed)} passed every test that applies`,
    ...(not > 0 ? [`${number(not)} did not${accepted}`] : []),
    ...(open > 0 ? [`${number(open)} cannot be verified`] : []),
  ])}.`;
}

function lead(pack: Pack): readonly { readonly text: string; readonly anchor: string | null }[] {
  const { result, time } = pack;
  const { systems } = result.scope;
  const teams = new Set(systems.map(({ team }) => team)).size;
  const open = result.exceptions.filter(({ follows, waiver }) => follows.length === 0 && waiver === null).length;
  const gaps = result.coverage.filter(({ status }) => status !== "complete").length;
  const plain = (text: string): { text: string; anchor: null } => ({ text, anchor: null });
  return [
    plain(
      `Results of management's tests over the whole population; no opinion. ${sentence(words(systems.length))} ${systems.length === 1 ? "system" : "systems"} of ${words(teams)} ${teams === 1 ? "team" : "teams"}, times in ${result.organisation.timezone}, evidence as of ${time.long(result.period.asOf)}`,
    ),
    ...(result.period.cutAt === null
      ? []
      : [plain(`The period was not observed to its end: the population ends on ${time.long(result.period.cutAt)}`)]),
    ...(open > 0
      ? [
          {
            text: `${sentence(counted(open, "exception"))} ${open === 1 ? "awaits" : "await"} management's response`,
            anchor: "exceptions",
          },
        ]
      : []),
    plain(
      gaps === 0
        ? "Every stream of evidence was read whole"
        : `${sentence(words(gaps))} ${gaps === 1 ? "stream" : "streams"} of evidence could not be read whole`,
    ),
  ];
}

function tie({
  reconciliation: { rows },
  coverage,
}: AssessmentResult): readonly { n: string; what: string; lines: readonly Line[] }[] {
  const sum = (of: (row: (typeof rows)[number]) => number): number => rows.reduce((total, row) => total + of(row), 0);
  const line = (text: string): Line => ({ text, anchor: null, tone: "still" });
  const unmatched = (n: number, text: string): Line =>
    n === 0 ? line(`0 ${text}`) : { text: `${number(n)} ${text}`, anchor: "unmatched", tone: "leak" };
  const counts = coverage.filter(({ kind, sourceTotal }) => kind === "changes" && sourceTotal !== null);
  const stored = counts.reduce((total, row) => total + row.stored, 0);
  const total = counts.reduce((total, row) => total + (row.sourceTotal ?? 0), 0);
  const source: Line =
    counts.length === 0
      ? line("the source gives no count of its own")
      : stored === total
        ? line(`${number(stored)} stored in all, as the source counts`)
        : {
            text: `${number(stored)} stored in all, the source counts ${number(total)}`,
            anchor: "coverage",
            tone: "unseen",
          };
  const untraced = sum((row) => row.deployments.untraced);
  const unknown = sum((row) => row.deployments.unknown);
  return [
    {
      n: number(sum((row) => row.deployments.succeeded)),
      what: "production deployments",
      lines: [
        line(`${number(sum((row) => row.deployments.traced))} trace to a released commit`),
        unmatched(untraced, untraced === 1 ? "does not" : "do not"),
        ...(unknown > 0
          ? [{ text: `${number(unknown)} not verifiable`, anchor: "unmatched", tone: "unseen" as const }]
          : []),
      ],
    },
    {
      n: number(sum((row) => row.commits.onLine)),
      what: "commits on released branches",
      lines: [
        line(`${number(sum((row) => row.commits.explained))} arrived by a change`),
        unmatched(
          sum((row) => row.commits.unexplained),
          "explained by none",
        ),
      ],
    },
    {
      n: number(sum((row) => row.changes.merged)),
      what: "changes merged",
      lines: [
        source,
        unmatched(
          sum((row) => row.changes.notOnLine),
          "missing from the branch",
        ),
      ],
    },
  ];
}

/** Every gap in what was seen, with the controls it weakens; gaps of one system and one reason are one row. */
export function unseenRows(pack: Pack): readonly {
  readonly what: string;
  readonly when: string;
  readonly why: string;
  readonly controls: readonly Reference[];
}[] {
  const { coverage, controls, period } = pack.result;
  const gaps = coverage.flatMap((row) =>
    row.intervals
      .filter(({ status }) => status !== "complete")
      .map((interval) => ({
        ...interval,
        scope: row.system ?? row.repository,
        kind: streamNames[row.kind] ?? row.kind,
      })),
  );
  const grouped = Map.groupBy(gaps, ({ scope, from, to, status, reason }) =>
    JSON.stringify([scope, from, to, status, reason]),
  );
  return [...grouped.values()].flatMap((rows) => {
    const [first] = rows;
    if (!first) return [];
    const begins = first.from <= period.from;
    const ends = first.to >= (period.cutAt ?? period.to);
    const [from, to] = [pack.time.minute(first.from), pack.time.minute(first.to)];
    return [
      {
        what: `${first.scope}: ${list([...new Set(rows.map(({ kind }) => kind))])}${first.status === "partial" ? ", in part" : ""}`,
        when: begins && ends ? "whole period" : begins ? `until ${to}` : ends ? `from ${from}` : `${from} to ${to}`,
        why: first.reason ?? "no reason recorded",
        controls: controls
          .filter(({ incomplete }) => incomplete.some(({ system }) => system === first.scope))
          .map(({ id }) => pack.controlRef(id)),
      },
    ];
  });
}
