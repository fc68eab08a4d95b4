import type { Measures } from "../model/assessment/delivery.ts";
import type { Delivered } from "../model/delivered.ts";
import type { LinkedIncident } from "./link-incidents.ts";
import { medianAndP90, secondsBetween } from "./percentile.ts";

/** A half-open interval of instants. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** What the measures of any span and any systems are counted from; `incidents` is undefined where no list of them is read. */
export interface Flow {
  readonly deliveries: readonly Delivered[];
  readonly incidents: readonly LinkedIncident[] | undefined;
}

/** DORA's five over a span: context, no control evidence. A change counts where it first reached production, a deployment once however often it was repeated. */
export function measuresOf(flow: Flow, { from, to }: Span): Measures {
  const within = (at: string): boolean => at >= from && at < to;
  const counted = flow.deliveries.filter((one) => !one.repeats && within(one.succeededAt));
  const times = leadTimes(flow.deliveries, within);
  const lead = medianAndP90(times);
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
  return {
    deployments: counted.length,
    perDay: days > 0 ? Math.round((counted.length / days) * 100) / 100 : 0,
    fallBacks: counted.filter(({ fallsBack }) => fallsBack).length,
    changes: times.length,
    leadTimeMedian: lead?.median ?? null,
    leadTimeP90: lead?.p90 ?? null,
    incidents: flow.incidents ? failures(flow.incidents, counted, within) : null,
  };
}

/** Where nothing of a span was observed, nothing is measured. */
export const notMeasured: Measures = {
  deployments: null,
  perDay: null,
  fallBacks: null,
  changes: 0,
  leadTimeMedian: null,
  leadTimeP90: null,
  incidents: null,
};

/** When each change was first in production, by system and key. */
export function firstInProduction(deliveries: readonly Delivered[]): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  for (const { system, succeededAt, changes } of deliveries) {
    for (const { key } of changes) {
      const name = nameOf(system, key);
      const known = first.get(name);
      if (known === undefined || succeededAt < known) first.set(name, succeededAt);
    }
  }
  return first;
}

/** How a change of a system is named among those of all systems. */
export const nameOf = (system: string, change: string): string => JSON.stringify([system, change]);

/** Seconds, one for each change that first reached production then and whose beginning is known. */
function leadTimes(deliveries: readonly Delivered[], within: (at: string) => boolean): readonly number[] {
  const first = firstInProduction(deliveries);
  const taken = new Map<string, number>();
  for (const { system, succeededAt, changes } of deliveries) {
    if (!within(succeededAt)) continue;
    for (const { key, beganAt } of changes) {
      const name = nameOf(system, key);
      if (beganAt !== undefined && first.get(name) === succeededAt)
        taken.set(name, secondsBetween(beganAt, succeededAt));
    }
  }
  return [...taken.values()];
}

function failures(
  linked: readonly LinkedIncident[],
  counted: readonly Delivered[],
  within: (at: string) => boolean,
): NonNullable<Measures["incidents"]> {
  const byCause = Map.groupBy(linked, ({ cause }) => cause);
  const failed = counted.flatMap((one) => {
    const own = byCause.get(one);
    return own ? [own.map(({ incident }) => incident)] : [];
  });
  const recovered = failed.filter((own) => own.every(({ resolvedAt }) => resolvedAt !== null));
  const times = medianAndP90(
    recovered.map((own) =>
      secondsBetween(
        own.map(({ openedAt }) => openedAt).reduce((a, b) => (b < a ? b : a)),
        own.map(({ resolvedAt }) => resolvedAt ?? "").reduce((a, b) => (b > a ? b : a)),
      ),
    ),
  );
  const remedies = new Set(linked.map(({ remedy }) => remedy));
  return {
    opened: linked.filter(({ incident }) => within(incident.openedAt)).length,
    failed: failed.length,
    recovered: recovered.length,
    recoveryMedian: times?.median ?? null,
    recoveryP90: times?.p90 ?? null,
    rework: counted.filter((one) => remedies.has(one)).length,
  };
}
