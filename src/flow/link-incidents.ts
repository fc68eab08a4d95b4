import type { Delivered, Incident } from "../model/delivered.ts";

/** An incident with the deployment that is taken to have caused it, and the one it was resolved by. */
export interface LinkedIncident {
  readonly incident: Incident;
  /** Never a repetition: the deployment that first put the version there. */
  readonly cause: Delivered | undefined;
  /** `named`: by the list itself; `before`: the latest that had finished before it opened, a heuristic. */
  readonly linked: "named" | "before" | "none";
  /** The last deployment that finished while it was open, once it is resolved: a heuristic. */
  readonly remedy: Delivered | undefined;
}

/** Links each incident to its system's deployments: to the one it names, by id or commit, else to the latest successful one that finished before it opened. */
export function linkIncidents(
  incidents: readonly Incident[],
  deliveries: readonly Delivered[],
): readonly LinkedIncident[] {
  const bySystem = Map.groupBy(
    deliveries.toSorted((a, b) => order(a.succeededAt, b.succeededAt) || order(a.key, b.key)),
    ({ system }) => system,
  );
  return incidents
    .toSorted((a, b) => order(a.openedAt, b.openedAt) || order(a.id, b.id))
    .map((incident) => {
      const own = bySystem.get(incident.system) ?? [];
      return { incident, ...causeOf(incident, own), remedy: remedyOf(incident, own) };
    });
}

function causeOf(incident: Incident, own: readonly Delivered[]): Pick<LinkedIncident, "cause" | "linked"> {
  const { deployment, commit, openedAt } = incident;
  const names = deployment !== null || commit !== null;
  const before = (one: Delivered): boolean => one.succeededAt <= openedAt;
  const found = names
    ? own.findLast(
        (one) =>
          (deployment === null || one.id === deployment) && (commit === null || (one.oid === commit && before(one))),
      )
    : own.findLast(before);
  return found
    ? { cause: firstOf(found, own), linked: names ? "named" : "before" }
    : { cause: undefined, linked: "none" };
}

/** Of a repetition, the deployment it repeats. */
function firstOf(delivered: Delivered, own: readonly Delivered[]): Delivered {
  if (!delivered.repeats) return delivered;
  const first = own.findLast(
    (one) =>
      !one.repeats &&
      one.environment === delivered.environment &&
      one.oid === delivered.oid &&
      one.succeededAt <= delivered.succeededAt,
  );
  return first ?? delivered;
}

function remedyOf({ openedAt, resolvedAt }: Incident, own: readonly Delivered[]): Delivered | undefined {
  if (resolvedAt === null) return undefined;
  return own.findLast((one) => !one.repeats && one.succeededAt > openedAt && one.succeededAt <= resolvedAt);
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
