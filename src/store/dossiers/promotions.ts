import type { AssessmentResult } from "../../model/assessment.ts";
import type { RepositoryPeriod } from "./repository-period.ts";

/** A change that took the landing branch on, and the commit of the line whose tree it reproduced. */
export type Promotion = NonNullable<AssessmentResult["reconciliation"]["promotions"]>[number];

/** A merged change that neither landed on the released branch nor promoted it. */
type Elsewhere = NonNullable<AssessmentResult["reconciliation"]["elsewhere"]>[number];

/** The period's changes of one repository that were merged to branches which are not released: with those of the tie-out and the promotions, all that are stored. */
export function elsewhereOf(
  { view, byNumber, inPeriod }: RepositoryPeriod,
  period: { readonly from: string; readonly to: string },
): readonly Elsewhere[] {
  const { system, promotedThrough = [] } = view.repository;
  const landed = new Set(inPeriod.changes.map(({ key }) => key));
  return [...byNumber.values()]
    .filter(
      ({ key, baseRef, mergedAt }) =>
        mergedAt >= period.from && mergedAt < period.to && !landed.has(key) && !promotedThrough.includes(baseRef),
    )
    .map(({ number, title, url, baseRef, mergedAt, record }) => ({
      system,
      label: `#${number}`,
      title,
      url,
      branch: baseRef,
      mergedAt,
      record,
    }));
}

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
