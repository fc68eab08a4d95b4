import { type AssessmentResult, type Bypass, type CoverageRow, type Item, systemsOf } from "../model/assessment.ts";
import { gapsOf, logGaps } from "./overrides.ts";

type Continuity = AssessmentResult["continuity"];

/** The rules over the period, each interval in which they were weak, absent or not observed with what reached the branch meanwhile. */
export function withReached(continuity: Continuity, population: readonly Item[]): Continuity {
  const changes = new Set(population.filter(({ subject }) => subject === "change").map(nameOf));
  const arrivals = population.filter(
    (item) =>
      item.subject === "change" ||
      // What a change of the period explains stands with that change.
      (item.subject === "commit" && !(item.link !== null && changes.has(nameOf({ ...item, key: item.link })))),
  );
  const byBranch = Map.groupBy(arrivals, ({ system, repository }) => JSON.stringify([system, repository]));
  return continuity.map((row) => ({
    ...row,
    // What reached the branch where changes land is told with that one.
    intervals: row.intervals.map((interval) => {
      if (interval.state === "active" || row.promotedFrom !== undefined) return interval;
      const reached = (byBranch.get(JSON.stringify([row.system, row.repository])) ?? [])
        .filter(({ at, notBefore }) => at >= interval.from && (notBefore ?? at) < interval.to)
        .map(({ key }) => key);
      return { ...interval, reached };
    }),
  }));
}

/** Per branch, how many bypasses are known, and what was not observed, so that further ones may be unknown. */
export function observedBypasses(
  coverage: readonly CoverageRow[],
  continuity: Continuity,
  bypasses: readonly Bypass[],
  period: { readonly from: string; readonly to: string },
): AssessmentResult["bypasses"]["observed"] {
  const rows = new Map(coverage.map((row) => [JSON.stringify([row.system, row.repository, row.kind]), row]));
  const landing = continuity.filter(({ promotedFrom }) => promotedFrom === undefined);
  return landing.map(({ system, repository }) => ({
    system,
    repository,
    entries: bypasses.filter((one) => systemsOf(one).includes(system) && one.repository === repository).length,
    gaps: gapsOf(rows.get(JSON.stringify([system, repository, "ruleSuites"])), period),
    logGaps: logGaps(repository, coverage, period),
  }));
}

const nameOf = ({ system, key }: Pick<Item, "system" | "key">): string => JSON.stringify([system, key]);
