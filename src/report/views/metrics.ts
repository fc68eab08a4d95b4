import { duration, number } from "../format.ts";
import type { Pack } from "../pack.ts";

/** How delivery went, by DORA's definitions, and what became of security alerts: context, not control evidence. */
export function metricsView(pack: Pack) {
  const time = (seconds: number | null): string => (seconds === null ? "not measured" : duration(seconds));
  return {
    rows: pack.result.metrics.map((row) => ({
      system: row.system,
      deployments: number(row.deployments),
      perDay: row.perDay.toFixed(2),
      median: time(row.leadTimeMedian),
      p90: time(row.leadTimeP90),
      fallBacks: number(row.fallBacks),
    })),
    any: pack.result.metrics.length > 0,
    alerts: pack.result.alerts.map(({ system, repository, counts, gap }) => ({
      scope: `${system}: ${repository}`,
      read: counts !== null,
      cells: counts ? [counts.opened, counts.fixed, counts.dismissed, counts.openAtEnd].map(number) : [],
      gap,
    })),
  };
}
