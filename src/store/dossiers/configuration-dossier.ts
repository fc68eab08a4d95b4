import type { ConfigurationDossier } from "../../model/dossier.ts";
import { rewrites } from "./branch-moves.ts";
import { dossierBase, type RepositoryView, rulesGap } from "./change-dossier.ts";
import { furtherGaps, itemGaps } from "./gaps.ts";
import type { Lost } from "./lost-at.ts";
import { rulesTimeline } from "./protection-timeline.ts";
import type { DossierRequest } from "./scope.ts";

/** Puts together what is known of one branch's settings over the period. */
export function configurationDossier(
  view: RepositoryView,
  request: DossierRequest,
  lost: readonly Lost[] = [],
): ConfigurationDossier {
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
      ...(view.unknownBranch === undefined ? {} : { commits: view.unknownBranch }),
    },
    branch: repository.branch,
    intervals: rulesTimeline(view.looks, from, to, view.history, rulesGap(view)),
    rewrites: rewrites(view.moves).filter(({ at }) => at >= from && at < to),
    losses: lossesIn(lost, view).filter(({ at }) => at >= from && at < to),
    access: looksIn(view.access, from, to),
  };
}

/** The same of the branches that changes are promoted through: of their own rules and moves. */
export const promotedDossiers = (view: RepositoryView, request: DossierRequest): readonly ConfigurationDossier[] =>
  (view.promoted ?? []).map(({ branch, lost, ...seen }) => {
    const { unknownBranch: _, ...known } = view;
    // What else the repository's settings say belongs to the branch where changes land.
    const own = { ...known, ...seen, access: [], repository: { ...view.repository, branch } };
    return { ...configurationDossier(own, request, lost), promotedFrom: view.repository.branch };
  });

/** Looks that no longer found a commit, where no move on record took it: each with the head that was lost. */
const lossesIn = (lost: readonly Lost[], { moves }: RepositoryView): ConfigurationDossier["losses"] => {
  const unrecorded = lost.filter(({ goneAt, kept }) => !kept && !rewrites(moves).some(({ at }) => at === goneAt));
  return [...new Map(unrecorded.map((one) => [one.head.key, one])).values()].map(({ head, goneAt }) => ({
    at: goneAt,
    oid: head.oid,
    seenAt: head.observedAt,
    record: head.record,
  }));
};

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
