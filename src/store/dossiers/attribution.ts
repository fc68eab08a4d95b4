import { compare } from "../../model/compare.ts";
import type { Deployment, DeploymentStatus, GraphCommit, Seen } from "../../model/entity.ts";
import { ancestorsOf, type Line, type Reached } from "./first-parent-line.ts";

/** A deployment that reached its environment, with what it brought. */
export interface Attributed {
  readonly deployment: Seen<Deployment>;
  readonly statuses: readonly Seen<DeploymentStatus>[];
  readonly succeededAt: string;
  readonly previous: Seen<Deployment> | undefined;
  readonly deployedBefore: Seen<Deployment> | undefined;
  readonly onBranch: boolean | undefined;
  /** An ancestor of the branch's head that is not on its line. */
  readonly offLine: boolean;
  /** The latest earlier deployment of another commit that is on the branch: what could be fallen back on. */
  readonly fallBack: Seen<Deployment> | undefined;
  /** The line's commits it brought first, as half-open places [from, to); undefined where the start is unknown. */
  readonly brought: { readonly from: number; readonly to: number } | undefined;
  /** Where it brought none and its commit had not been deployed: the place at which it stands on the line. */
  readonly standsAt: number | undefined;
}

/** When a deployment first succeeded by the source's statuses; undefined where it never did. */
export function firstSuccess(statuses: readonly DeploymentStatus[]): string | undefined {
  return statuses.reduce<string | undefined>(
    (first, status) =>
      status.state === "success" && (first === undefined || status.createdAt < first) ? status.createdAt : first,
    undefined,
  );
}

/**
 * Where a commit stands on the line: itself, or the newest commit of the line with the identical tree (a promotion)
 * that can have been there by an instant; where none can, the first that came after it.
 */
function placeOf(
  oid: string,
  line: Line,
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
  byTree: ReadonlyMap<string, readonly number[]>,
  ancestors: ReadonlySet<string>,
  wasThere: (place: number) => boolean,
) {
  const own = line.index.get(oid);
  if (own !== undefined) return { place: own, onBranch: true, offLine: false };
  const commit = graph.get(oid);
  const twins = (commit && byTree.get(commit.tree)) ?? [];
  const twin = twins.findLast(wasThere) ?? twins[0];
  if (twin !== undefined) return { place: twin, onBranch: true, offLine: false };
  if (ancestors.has(oid)) return { place: undefined, onBranch: undefined, offLine: true };
  const onBranch = commit !== undefined || line.fromRoot ? false : undefined;
  return { place: undefined, onBranch, offLine: false };
}

/**
 * Attributes the line's commits to the deployments of one environment in a single pass, oldest success first: each
 * commit belongs to the first deployment that had it. What the first deployment ever seen brought is known only where
 * the line is whole from its root.
 */
export function attributeDeployments(
  deployments: readonly {
    deployment: Seen<Deployment>;
    statuses: readonly Seen<DeploymentStatus>[];
    succeededAt: string;
  }[],
  line: Line,
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
  ancestors: ReadonlySet<string> = ancestorsOf(line, graph),
  reached: readonly Pick<Reached, "from">[] = [],
): readonly Attributed[] {
  const byTree = Map.groupBy(line.commits.keys(), (place) => line.commits[place]?.tree ?? "");
  const firstOf = new Map<string, Seen<Deployment>>();
  let top: number | undefined = line.fromRoot ? -1 : undefined;
  let previous: Seen<Deployment> | undefined;
  const onBranchSoFar: Seen<Deployment>[] = [];
  const ordered = [...deployments].sort(
    (a, b) =>
      compare(a.succeededAt, b.succeededAt) ||
      compare(a.deployment.createdAt, b.deployment.createdAt) ||
      compare(a.deployment.key, b.deployment.key),
  );
  return ordered.map((item) => {
    const { oid } = item.deployment;
    const wasThere = (at: number) => (reached[at]?.from ?? "") <= item.succeededAt;
    const { place, onBranch, offLine } = placeOf(oid, line, graph, byTree, ancestors, wasThere);
    const brought =
      place === undefined || top === undefined ? undefined : { from: Math.min(top, place) + 1, to: place + 1 };
    const bringsNone = brought !== undefined && brought.from === brought.to && !firstOf.has(oid);
    const attributed: Attributed = {
      ...item,
      previous,
      onBranch,
      offLine,
      brought,
      standsAt: bringsNone ? place : undefined,
      deployedBefore: firstOf.get(oid),
      fallBack: onBranchSoFar.findLast((earlier) => earlier.oid !== oid),
    };
    if (onBranch) onBranchSoFar.push(item.deployment);
    if (place !== undefined) top = Math.max(top ?? -1, place);
    if (!firstOf.has(oid)) firstOf.set(oid, item.deployment);
    previous = item.deployment;
    return attributed;
  });
}
