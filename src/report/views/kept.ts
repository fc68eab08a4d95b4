import type { CoverageRow } from "../../model/assessment.ts";
import { counted, list } from "../format.ts";
import { streamNames } from "../labels.ts";
import type { Pack } from "../pack.ts";

const day = 86_400_000;

/** Per kind of stream how long its source keeps it, up to when it was collected, and when what came after is forgotten; kinds of one answer are one row. */
export function keptView({ result: { coverage }, time }: Pack) {
  const kinds = [...Map.groupBy(coverage, ({ kind }) => kind)].map(([kind, rows]) => ({ kind, ...kept(rows) }));
  const groups = Map.groupBy(kinds, ({ days, until }) => JSON.stringify([days, until && time.minute(until)]));
  return [...groups.values()]
    .flatMap((group) => (group[0] ? [{ ...group[0], names: list(group.map(({ kind }) => streamNames[kind])) }] : []))
    .toSorted((a, b) => (a.days ?? Number.MAX_SAFE_INTEGER) - (b.days ?? Number.MAX_SAFE_INTEGER))
    .map(({ names, days, until }) => ({
      names,
      kept:
        until === null
          ? "nothing of it was observed"
          : days === null
            ? "for good"
            : days === 0
              ? "only as it stands when asked"
              : counted(days, "day"),
      until: until === null ? "never" : time.minute(until),
      forgotten:
        until === null || days === null
          ? "–"
          : days === 0
            ? "what changed between two looks"
            : `what came after, from ${time.minute(new Date(Date.parse(until) + days * day).toISOString())} on`,
    }));
}

/** Of one kind: the shortest keeping, and the end of what every repository was observed up to. */
function kept(rows: readonly CoverageRow[]): { readonly days: number | null; readonly until: string | null } {
  const seen = rows.flatMap(({ until, keptUntil }) => (until ? [{ until, keptUntil }] : []));
  const days = seen.flatMap(({ until, keptUntil }) =>
    keptUntil ? [Math.round((Date.parse(keptUntil) - Date.parse(until)) / day)] : [],
  );
  return {
    days: days.length === 0 ? null : Math.min(...days),
    until: seen.map(({ until }) => until).toSorted()[0] ?? null,
  };
}
