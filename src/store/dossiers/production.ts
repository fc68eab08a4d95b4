import type { Deployment, DeploymentStatus, Seen } from "../../model/entity.ts";
import { configuredEnvironment } from "../../model/environment-name.ts";
import { firstSuccess } from "./attribution.ts";
import { deploymentStream } from "./gaps.ts";
import type { ScopedRepository } from "./scope.ts";

/** A deployment that was to production at some time, under the configured name of the environment. */
export interface ToProduction {
  readonly deployment: Seen<Deployment>;
  readonly statuses: readonly Seen<DeploymentStatus>[];
  /** Its first success since it was production's; undefined where it had none. */
  readonly succeededAt: string | undefined;
  /** Where the source files it today, where that is no environment of production any more. */
  readonly nowIn?: string;
}

/**
 * A deployment of the stream that the system's are read from, where it is to production. The environment that it was
 * made for and the one that each status named count beside today's: whoever may set a status may change the last. A
 * job says nothing of where it deploys, the configuration does.
 */
export function toProduction(
  repository: ScopedRepository,
  deployment: Seen<Deployment>,
  statuses: readonly Seen<DeploymentStatus>[],
): readonly ToProduction[] {
  const { environments, key } = repository;
  const { origin } = deployment;
  if ((origin?.stream ?? `${key}/deployments`) !== deploymentStream(repository)) return [];
  if (origin?.from === "workflow") {
    const named = { ...deployment, environment: environments.join(", ") };
    return [{ deployment: named, statuses, succeededAt: firstSuccess(statuses) }];
  }
  return onceProduction(environments, deployment, statuses);
}

/** A deployment under the name of the production environment that it was to at any time; empty for none. */
export function onceProduction(
  environments: readonly string[],
  deployment: Seen<Deployment>,
  statuses: readonly Seen<DeploymentStatus>[],
): readonly ToProduction[] {
  const named = (name: string | undefined) =>
    name === undefined ? undefined : configuredEnvironment(environments, name);
  const now = named(deployment.environment);
  const first = named(deployment.originalEnvironment);
  const said = statuses
    .filter((status) => named(status.environment) !== undefined)
    .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))[0];
  const environment = first ?? named(said?.environment) ?? now;
  if (environment === undefined) return [];
  const since = first === undefined ? (said?.createdAt ?? "") : "";
  return [
    {
      deployment: { ...deployment, environment },
      statuses,
      succeededAt: firstSuccess(statuses.filter(({ createdAt }) => createdAt >= since)),
      ...(now === undefined ? { nowIn: deployment.environment } : {}),
    },
  ];
}
