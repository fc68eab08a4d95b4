import type { DeliveryRow } from "../model/assessment/delivery.ts";
import { type Flow, measuresOf, notMeasured, type Span } from "./measures.ts";
import { type Targets, targetsMet } from "./targets.ts";

/** A system as it is grouped, and whether any deployment of the span can have been seen. */
export interface MeasuredSystem {
  readonly id: string;
  readonly team: string;
  readonly observed: boolean;
}

/** The measures of a span for the organisation, each team and each system: those of several are counted from the deployments of all that were observed. */
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
  const byName = <T extends { readonly name: string }>(rows: readonly T[]): readonly T[] =>
    rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const teams = [...Map.groupBy(systems, ({ team }) => team)].map(([name, of]) => ({
    kind: "team" as const,
    name,
    measures: measured(of),
  }));
  const single = systems.map((system) => ({ kind: "system" as const, name: system.id, measures: measured([system]) }));
  return [
    { kind: "organisation", name: organisation, measures: measured(systems) },
    ...byName(teams),
    ...byName(single),
  ];
}

/** The rows with whether each measure lies in its target range. */
export const heldAgainst = (targets: Targets, rows: readonly Omit<DeliveryRow, "met">[]): readonly DeliveryRow[] =>
  rows.map((row) => ({ ...row, met: targetsMet(targets, row.measures) }));
