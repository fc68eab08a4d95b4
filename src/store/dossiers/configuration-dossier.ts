import type { ConfigurationDossier } from "../../model/dossier.ts";
import { rewrites } from "./branch-moves.ts";
import { dossierBase, type RepositoryView } from "./change-dossier.ts";
import { furtherGaps, itemGaps } from "./gaps.ts";
import { rulesTimeline } from "./protection-timeline.ts";
import type { DossierRequest } from "./scope.ts";

/** Puts together what is known of one branch's settings over the period. */
export function configurationDossier(view: RepositoryView, request: DossierRequest): ConfigurationDossier {
  const { repository, coverage } = view;
  const { from } = request;
  const to = request.to < request.asOf ? request.to : request.asOf;
  const lastLook = coverage.until(`${repository.key}/protection`) ?? from;
  return {
    subject: "configuration",
    key: `${repository.key}:${repository.branch}`,
    ...dossierBase(view),
    gaps: {
      ...furtherGaps(coverage, repository, ["branchActivity"], to),
      ...itemGaps(coverage, repository, ["protection"], lastLook),
    },
    branch: repository.branch,
    intervals: rulesTimeline(view.looks, from, to, view.history),
    rewrites: rewrites(view.moves).filter(({ at }) => at >= from && at < to),
    access: looksIn(view.access, from, to),
  };
}

/** The looks of a period, with the one before it, which stood at its beginning; where there is none, the first after it. */
function looksIn<T extends { readonly observedAt: string }>(
  looks: readonly T[],
  from: string,
  to: string,
): readonly T[] {
  const before = looks.findLast(({ observedAt }) => observedAt < from);
  const within = looks.filter((look) => look === before || (look.observedAt >= from && look.observedAt < to));
  return within.length > 0 ? within : looks.filter(({ observedAt }) => observedAt >= to).slice(0, 1);
}
