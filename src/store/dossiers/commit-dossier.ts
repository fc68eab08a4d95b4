import type { CommitDossier } from "../../model/dossier.ts";
import { rewrites } from "./branch-moves.ts";
import { dossierBase } from "./change-dossier.ts";
import type { ChangeEvidence } from "./evidence.ts";
import { itemGaps } from "./gaps.ts";
import type { Lost } from "./lost-at.ts";
import type { RepositoryPeriod } from "./repository-period.ts";
import type { DossierRequest } from "./scope.ts";

/** Puts together one commit's dossier: of the line, or of what was pushed away from it. */
export function commitDossier(
  period: RepositoryPeriod,
  { graph, changes, reached, head, goneAt = "" }: Pick<Lost, "graph" | "changes" | "reached"> & Partial<Lost>,
  request: DossierRequest,
  evidence: ChangeEvidence,
): CommitDossier {
  const { view } = period;
  // Of several that brought it, the one that was merged first.
  const [change] = changes;
  const otherBase = change && view.elsewhere.get(change.key);
  // A commit that was pushed away is of the period in which it was seen.
  const placed = head !== undefined || reached.exact || (reached.from >= request.from && reached.to < request.to);
  const gaps = itemGaps(view.coverage, view.repository, ["commits", "changes"], reached.to);
  return {
    subject: "commit",
    key: graph.key,
    ...dossierBase(view),
    gaps: placed
      ? gaps
      : {
          ...gaps,
          commits: [
            `it reached the branch between ${reached.from} and ${reached.to}, which does not tell the period; listed in both`,
            ...(gaps.commits === undefined ? [] : [gaps.commits]),
          ].join("; "),
        },
    oid: graph.oid,
    graph,
    commit: evidence.commits.get(graph.key),
    reached,
    change,
    associated: graph.changes.flatMap((number) => {
      const other = period.byNumber.get(number);
      return other && !changes.includes(other) ? [other] : [];
    }),
    // Of what was pushed away, the push that did it.
    activity: head ? rewrites(view.moves).find(({ before }) => before === head.oid) : view.moveOf(graph.oid),
    ...(change && view.handMerge(change.key) === graph.oid ? { mergedByHand: true } : {}),
    ...(otherBase === undefined ? {} : { otherBase }),
    ...(head
      ? { rewritten: { head: head.oid, seenAt: head.observedAt, now: period.line.head?.oid ?? "", goneAt } }
      : {}),
  };
}
