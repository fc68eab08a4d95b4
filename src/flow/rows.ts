import type { DeliveryRow } from "../model/assessment/delivery.ts";
import { type Flow, measuresOf, notMeasured, type Span } from "./measures.ts";
import { type Targets, targetsMet } from "./targets.ts";

/** A system as it is grouped, and whether any deployment of the span can have been seen. */
export interface MeasuredSystem {
  readonly id: string;
  readonly team: string;
  readonly observed: boolean;
}

/** The measures of a span for the organisation, each team and its systems, by name: those of several are counted from the deployments of all that were observed. */
export function rowsOf(
  systems: readonly MeasuredSystem[],
  { deliveries, incidents }: Flow,
  span: Span,
  organisation: string,
): readonly Omit<DeliveryRow, "met">[] {
  const bySystem = Map.groupBy(deliveries, ({ system }) => system);
  const incidentsBy = incidents && Map.groupBy(incidents, ({ incident }) => incident.system);
  const measured = (of: readonly MeasuredSystem[]) => {
    const seen = of.filter(({ observed }) => observed);
    if (seen.length === 0) return notMeasured;
    const own = {
      deliveries: seen.flatMap(({ id }) => bySystem.get(id) ?? []),
      incidents: incidentsBy && seen.flatMap(({ id }) => incidentsBy.get(id) ?? []),
    };
    return measuresOf(own, span);
  };
  const teams = [...Map.groupBy(systems, ({ team }) => team)].sort(([a], [b]) => order(a, b));
  return [
    { kind: "organisation", name: organisation, measures: measured(systems) },
    ...teams.flatMap(([name, of]) => [
      { kind: "team" as const, name, measures: measured(of) },
      ...of
        .toSorted((a, b) => order(a.id, b.id))
        .map((one) => ({ kind: "system" as const, name: one.id, measures: measured([one]) })),
    ]),
  ];
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The rows with whether each measure lies in its target range. */
export const heldAgainst = (targets: Targets, rows: readonly Omit<DeliveryRow, "met">[]): readonly DeliveryRow[] =>
  rows.map((row) => ({ ...row, met: targetsMet(targets, row.measures) }));
