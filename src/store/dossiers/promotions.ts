import type { AssessmentResult } from "../../model/assessment.ts";
import type { RepositoryPeriod } from "./repository-period.ts";

/** A change that took the landing branch on, and the commit of the line whose tree it reproduced. */
export type Promotion = NonNullable<AssessmentResult["reconciliation"]["promotions"]>[number];

/** The period's promotions of one repository: a promotion with a tree of the line added nothing, so what it carries was judged there. */
export function promotionsOf(
  { view, line, graph, byNumber }: RepositoryPeriod,
  period: { readonly from: string; readonly to: string },
): readonly Promotion[] {
  const { system, promotedThrough = [] } = view.repository;
  const byTree = new Map(line.commits.map((commit) => [commit.tree, commit.oid]));
  return [...byNumber.values()]
    .filter(
      ({ baseRef, mergedAt }) => promotedThrough.includes(baseRef) && mergedAt >= period.from && mergedAt < period.to,
    )
    .map((change) => {
      const tree = change.mergeOid === null ? undefined : graph.get(change.mergeOid)?.tree;
      return {
        system,
        label: `#${change.number}`,
        title: change.title,
        url: change.url,
        branch: change.baseRef,
        mergedAt: change.mergedAt,
        commit: change.mergeOid,
        identicalTo: (tree && byTree.get(tree)) ?? null,
        record: change.record,
      };
    });
}
