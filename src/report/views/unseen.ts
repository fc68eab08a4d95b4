import type { ControlAssessment, CoverageRow } from "../../model/assessment.ts";
import { furtherKinds } from "../../model/stream.ts";
import type { Reference } from "../anchors.ts";
import { counted, list, number, percent, words } from "../format.ts";
import { streamName, streamNames } from "../labels.ts";
import type { Pack } from "../pack.ts";

/** A gap in what was seen, in words, with the controls it weakens; `anchor` leads to the gaps it sums up. */
export interface Unseen {
  readonly what: string;
  /** Of how much it is: `1 of 5 systems`; null for all of them. */
  readonly share: string | null;
  readonly when: string;
  readonly why: string;
  readonly anchor: string | null;
  readonly controls: readonly Reference[];
  /** The controls to which the streams would have added: there they judge by the rest of the record. */
  readonly alone: readonly Reference[];
}

const isFurther = ({ kind }: CoverageRow): boolean => furtherKinds.some((one) => one === kind);

/** The gaps of what the controls rest on, and in one row those of what only adds to it: a page has no room for nine kinds of each repository. */
export function unseenParts(pack: Pack): { readonly core: readonly Unseen[]; readonly further: readonly Unseen[] } {
  const { coverage, scope } = pack.result;
  const core = unseenRows(
    pack,
    coverage.filter((row) => !isFurther(row)),
  );
  const gapped = coverage.filter((row) => isFurther(row) && row.status !== "complete");
  const rows = unseenRows(pack, gapped);
  const kinds = [...new Set(gapped.map(({ kind }) => streamNames[kind]))];
  const [only] = rows;
  if (!only || (rows.length === 1 && kinds.length < 4)) return { core, further: rows };
  const systems = [...new Set(gapped.flatMap((row) => row.system ?? []))];
  // What is kept for all repositories together is every system's.
  const owners = [...new Set(gapped.flatMap((row) => (row.system === null ? row.repository : [])))];
  const whose =
    systems.length > 1 && systems.length === scope.systems.length ? "all systems" : list([...systems, ...owners]);
  const reasons = [...new Set(rows.map(({ why }) => why))];
  const times = [...new Set(rows.map(({ when }) => when))];
  return {
    core,
    further: [
      {
        share: shareOf(pack, systems),
        what: `${whose}: ${kinds.length < 4 ? list(kinds) : `${words(kinds.length)} kinds of further evidence`}`,
        when: times.length === 1 ? only.when : "at times",
        why: reasons.length === 1 ? only.why : `${words(reasons.length)} reasons, each listed with its gap`,
        anchor: "gaps",
        controls: together(rows.flatMap(({ controls }) => controls)),
        alone: together(rows.flatMap(({ alone }) => alone)),
      },
    ],
  };
}

/** How many of the systems, and of the commits that reached the branch, the gap is about. */
function shareOf({ result: { scope, population } }: Pack, names: readonly string[]): string | null {
  const systems = scope.systems.filter(({ id }) => names.includes(id)).map(({ id }) => id);
  if (systems.length === 0 || systems.length === scope.systems.length) return null;
  const commits = population.filter(({ subject }) => subject === "commit");
  const mine = commits.filter(({ system }) => systems.includes(system));
  return `${number(systems.length)} of ${counted(scope.systems.length, "system")}, ${percent(mine.length, commits.length)} of the commits`;
}

const together = (some: readonly Reference[]): readonly Reference[] => [
  ...new Map(some.map((one) => [one.text, one])).values(),
];

/** Every gap in what was seen, with the controls it weakens; gaps of one time and one reason are one row. */
export function unseenRows(pack: Pack, coverage: readonly CoverageRow[] = pack.result.coverage): readonly Unseen[] {
  const { period, scope } = pack.result;
  const gaps = coverage.flatMap((row) =>
    row.intervals
      .filter(({ status }) => status !== "complete")
      .map((interval) => ({ ...interval, row, scope: row.system ?? row.repository, kind: streamName(row) })),
  );
  const bySystem = Map.groupBy(gaps, ({ scope, from, to, status, reason }) =>
    JSON.stringify([scope, from, to, status, reason]),
  );
  const alike = Map.groupBy(bySystem.values(), (some) => {
    const { from, to, status, reason } = some[0] ?? {};
    return JSON.stringify([from, to, status, reason, [...new Set(some.map(({ kind }) => kind))]]);
  });
  return [...alike.values()].flatMap((groups) => {
    const rows = groups.flat();
    const [first] = rows;
    if (!first) return [];
    const begins = first.from <= period.from;
    const ends = first.to >= (period.cutAt ?? period.to);
    const [from, to] = [pack.time.minute(first.from), pack.time.minute(first.to)];
    const scopes = [...new Set(rows.map((gap) => gap.scope))];
    const whose = scopes.length > 1 && scopes.length === scope.systems.length ? "all systems" : list(scopes);
    return [
      {
        share: shareOf(pack, scopes),
        what: `${whose}: ${list([...new Set(rows.map(({ kind }) => kind))])}${first.status === "partial" ? ", in part" : ""}`,
        when: begins && ends ? "whole period" : begins ? `until ${to}` : ends ? `from ${from}` : `${from} to ${to}`,
        why: first.reason ?? "no reason recorded",
        anchor: null,
        ...affected(pack, rows),
      },
    ];
  });
}

/** The controls left incomplete where the gaps are, by what only adds to the evidence those that say so themselves; and those it would have added to. */
function affected(
  { result, controlRef }: Pack,
  gaps: readonly { readonly scope: string; readonly row: CoverageRow }[],
) {
  const adds = new Set<CoverageRow["kind"]>(furtherKinds);
  const by = ({ system, reason }: { system: string; reason: string }) =>
    gaps.some(({ scope, row }) => system === scope && (!adds.has(row.kind) || reason.includes(row.kind)));
  const considering = new Set(
    result.attributes
      .filter(({ considers = [] }) => gaps.some(({ row }) => considers.includes(row.kind)))
      .map(({ id }) => id),
  );
  const isWeak = ({ incomplete }: ControlAssessment): boolean => incomplete.some(by);
  return {
    controls: result.controls.filter(isWeak).map(({ id }) => controlRef(id)),
    alone: result.controls
      .filter((control) => !isWeak(control) && control.attributes.some((id) => considering.has(id)))
      .map(({ id }) => controlRef(id)),
  };
}
