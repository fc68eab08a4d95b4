import type { ChangeDossier } from "../../model/dossier.ts";
import type { Change, Seen } from "../../model/entity.ts";
import type { IdentityMap } from "../../model/identity.ts";
import { commitKey } from "../../model/keys.ts";
import { matchesAny } from "../../model/paths.ts";
import type { ChangeEvidence } from "./evidence.ts";
import { type CoverageIndex, itemGaps } from "./gaps.ts";
import { type Look, rulesAt } from "./protection-timeline.ts";
import type { ScopedRepository } from "./scope.ts";

/** What the changes of one repository have in common. */
export interface RepositoryView {
  readonly repository: ScopedRepository;
  readonly coverage: CoverageIndex;
  readonly looks: readonly Look[];
  readonly identities: IdentityMap;
  readonly evidenceUntil: string;
  readonly onLine: (oid: string) => boolean;
  /** By change key: the other branch a change of the line was merged to. */
  readonly elsewhere: ReadonlyMap<string, string>;
}

/** The fields every dossier of a repository shares. */
export const dossierBase = (view: RepositoryView) => ({
  system: view.repository.system,
  team: view.repository.team,
  repository: { key: view.repository.key, name: view.repository.name, url: view.repository.url },
  source: view.repository.source,
  identities: view.identities,
  evidenceUntil: view.evidenceUntil,
});

/** Whether a change is a system's: by the paths it touches in a monorepo; always where they are not known. */
export function touchesSystem(repository: ScopedRepository, change: Seen<Change>, evidence: ChangeEvidence): boolean {
  const paths = (evidence.files.get(change.key) ?? []).flatMap((files) => files.paths);
  if (repository.paths.length === 0 || paths.length < (change.totals.files ?? 1)) return true;
  return paths.some((path) => matchesAny(repository.paths, path));
}

/** Puts together one change's dossier from what was read for all. */
export function changeDossier(view: RepositoryView, change: Seen<Change>, evidence: ChangeEvidence): ChangeDossier {
  const links = [...(evidence.links.get(change.key) ?? [])].sort((a, b) => a.ordinal - b.ordinal);
  const commits = links.flatMap((link) => evidence.commits.get(commitKey(change.repository, link.oid)) ?? []);
  const reviews = evidence.reviews.get(change.key) ?? [];
  const checks = evidence.checks.get(commitKey(change.repository, change.headOid)) ?? [];
  const workItems = evidence.workItems.get(change.key) ?? [];
  const paths = (evidence.files.get(change.key) ?? []).flatMap((files) => files.paths);
  const events = evidence.events.get(change.key) ?? [];
  const { totals } = change;
  const otherBase = view.elsewhere.get(change.key);
  return {
    subject: "change",
    key: change.key,
    ...dossierBase(view),
    gaps: itemGaps(
      view.coverage,
      view.repository,
      ["changes", "reviews", "checks", "workItems", "files"],
      change.mergedAt,
      [
        { kind: "changes", stored: commits.length, total: totals.commits, what: "commits" },
        { kind: "changes", stored: change.labels?.length ?? 0, total: totals.labels, what: "labels" },
        { kind: "changes", stored: events.length, total: totals.events, what: "events" },
        { kind: "reviews", stored: reviews.length, total: totals.reviews, what: "reviews" },
        { kind: "checks", stored: checks.length, total: totals.checks, what: "checks" },
        { kind: "workItems", stored: workItems.length, total: totals.workItems, what: "work items" },
        { kind: "files", stored: paths.length, total: totals.files, what: "files" },
      ],
    ),
    change,
    commits,
    authors: new Map(
      commits.flatMap((commit) => {
        const authors = evidence.authors.get(commit.key);
        return authors ? [[commit.oid, authors] as const] : [];
      }),
    ),
    reviews,
    dismissals: evidence.dismissals.get(change.key) ?? [],
    events,
    checks,
    runs: [],
    pushes: [],
    merge: undefined,
    ruleSuite: undefined,
    mergeCommit: undefined,
    workItems,
    paths,
    rulesAtMerge: rulesAt(view.looks, change.mergedAt),
    mergeCommitOnLine: change.mergeOid !== null && view.onLine(change.mergeOid),
    ...(otherBase === undefined ? {} : { otherBase }),
  };
}
