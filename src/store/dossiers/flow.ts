import type { AssessmentResult } from "../../model/assessment.ts";
import type { Change, Seen } from "../../model/entity.ts";
import { rewrites } from "./branch-moves.ts";
import type { RepositoryPeriod } from "./repository-period.ts";

type Flow = NonNullable<AssessmentResult["reconciliation"]["rows"][number]["flow"]>;
type Looks = Pick<RepositoryPeriod, "line" | "graph" | "heads" | "lost" | "explained" | "view">;

/** opening undeployed + merged - deployed - withdrawn = closing, counted from the changes merged to the released branch; each leaves once, so one period's closing is the next one's opening. */
export function flowOf(repository: RepositoryPeriod, period: { readonly from: string; readonly to: string }): Flow {
  const deployed = deployedAt(repository);
  const withdrawn = withdrawnAt(repository);
  const flow: Flow = { opening: 0, merged: 0, deployed: 0, withdrawn: 0, closing: 0 };
  for (const change of repository.changes) {
    const { key, mergedAt } = change;
    if (mergedAt >= period.to) continue;
    const way = [
      { at: deployed.get(key), out: "deployed" as const },
      { at: withdrawn(change), out: "withdrawn" as const },
    ].flatMap(({ at, out }) => (at === undefined ? [] : { at: at > mergedAt ? at : mergedAt, out }));
    const left = way.reduce<(typeof way)[number] | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);
    if (mergedAt >= period.from) flow.merged++;
    else if (!left || left.at >= period.from) flow.opening++;
    if (!left || left.at >= period.to) flow.closing++;
    else if (left.at >= period.from) flow[left.out]++;
  }
  return flow;
}

/** The flows of several repositories as one. */
export const sumFlows = (flows: readonly Flow[]): Flow =>
  flows.reduce((sum, flow) => ({
    opening: sum.opening + flow.opening,
    merged: sum.merged + flow.merged,
    deployed: sum.deployed + flow.deployed,
    withdrawn: sum.withdrawn + flow.withdrawn,
    closing: sum.closing + flow.closing,
  }));

/** When each change was first in production, by key: a deployment carries its commit and all below it. */
function deployedAt({ line, graph, explained, lost, deployments }: RepositoryPeriod): ReadonlyMap<string, string> {
  const gone = new Map(lost.map((one) => [one.graph.oid, one.changes]));
  const reached = new Set<string>();
  const found = new Map<string, string>();
  for (const { deployment, brought, succeededAt } of deployments) {
    let oid = brought ? line.commits[brought.to - 1]?.oid : deployment.oid;
    while (oid !== undefined && !reached.has(oid) && (line.index.has(oid) || gone.has(oid))) {
      reached.add(oid);
      for (const { key } of explained.get(oid) ?? gone.get(oid) ?? []) found.set(key, succeededAt);
      oid = graph.get(oid)?.parents[0];
    }
  }
  return found;
}

/** When a change's commit left the line; undefined for one that is on it, or that no look at the branch has been able to find. */
function withdrawnAt(repository: Looks): (change: Seen<Change>) => string | undefined {
  const { line, explained, lost, heads, view } = repository;
  const onLine = new Set([...explained.values()].flatMap((changes) => changes.map(({ key }) => key)));
  const goneAt = new Map(lost.flatMap((one) => one.changes.map(({ key }) => [key, one.goneAt] as const)));
  const lastLook = heads.at(-1)?.observedAt ?? "";
  return ({ key, mergedAt, mergeOid }) => {
    if (onLine.has(key) || (mergeOid !== null && line.index.has(mergeOid))) return undefined;
    const at = goneAt.get(key);
    if (at !== undefined) return at;
    if (lastLook < mergedAt) return undefined;
    // Between two looks: by the source's own record, or else never shown to have been there.
    const came = view.moves.some(({ after }) => after === mergeOid);
    return (came ? rewrites(view.moves).find(({ at: moved }) => moved >= mergedAt)?.at : undefined) ?? mergedAt;
  };
}
