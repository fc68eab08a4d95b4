import type { ChangeDossier } from "../../model/dossier.ts";
import type {
  BranchActivity,
  Change,
  Check,
  Commit,
  EntityOf,
  GraphCommit,
  RuleSuite,
  Seen,
} from "../../model/entity.ts";
import type { IdentityMap } from "../../model/identity.ts";
import { commitKey } from "../../model/keys.ts";
import { matchesAny } from "../../model/paths.ts";
import type { ChangeEvidence } from "./evidence.ts";
import { type CoverageIndex, furtherGaps, itemGaps } from "./gaps.ts";
import { isBuiltOn } from "./hand-merges.ts";
import type { Lost } from "./lost-at.ts";
import { type Look, type RulesGap, type RulesInterval, rulesAt } from "./protection-timeline.ts";
import type { ScopedRepository } from "./scope.ts";

/** What the items of one repository have in common. */
export interface RepositoryView {
  readonly repository: ScopedRepository;
  readonly coverage: CoverageIndex;
  /** Why the source is not known to have the released branch; absent where it has. */
  readonly unknownBranch?: string;
  readonly looks: readonly Look[];
  /** What the versions of rule sets say of the time before the looks. */
  readonly history: readonly RulesInterval[];
  /** The same of each branch that changes are promoted through, with its moves and what it lost. */
  readonly promoted?: readonly (Pick<RepositoryView, "unknownBranch" | "looks" | "history" | "moves"> & {
    readonly branch: string;
    readonly lost: readonly Lost[];
  })[];
  readonly identities: IdentityMap;
  readonly evidenceUntil: string;
  readonly graph: ReadonlyMap<string, Seen<GraphCommit>>;
  readonly onLine: (oid: string) => boolean;
  /** By change key: the other branch a change of the line was merged to. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** Moves of the released branch, by time. */
  readonly moves: readonly Seen<BranchActivity>[];
  /** The move that brought a commit to the released branch. */
  readonly moveOf: (oid: string) => Seen<BranchActivity> | undefined;
  /** Every move of any branch to a commit. */
  readonly movesTo: (oid: string) => readonly Seen<BranchActivity>[];
  /** The source's evaluation of its rules when the released branch moved to a commit. */
  readonly suiteOf: (oid: string) => Seen<RuleSuite> | undefined;
  /** The commit of the line with which somebody merged a change by hand, by the change's key. */
  readonly handMerge: (change: string) => string | undefined;
  readonly access: readonly Seen<EntityOf<"access">>[];
  readonly environments: readonly Seen<EntityOf<"environment">>[];
  readonly tags: readonly Seen<EntityOf<"tag">>[];
}

/** The commit that brought a change to its branch; null where the source no longer names one. */
export const mergeOidOf = (view: RepositoryView, change: Seen<Change>): string | null =>
  view.handMerge(change.key) ?? change.mergeOid;

/** The fields every dossier of a repository shares. */
export const dossierBase = (view: RepositoryView) => ({
  system: view.repository.system,
  team: view.repository.team,
  repository: { key: view.repository.key, name: view.repository.name, url: view.repository.url },
  source: view.repository.source,
  identities: view.identities,
  evidenceUntil: view.evidenceUntil,
});

/**
 * Whether a change is a system's: by the paths it touches in a monorepo; always where they are not known, or where they
 * are no other system's of that branch either. Of a renamed file the source's list names the new path only.
 */
export function touchesSystem(
  repository: ScopedRepository,
  systems: readonly ScopedRepository[],
  change: Seen<Change>,
  evidence: Pick<ChangeEvidence, "files">,
): boolean {
  const paths = (evidence.files.get(change.key) ?? []).flatMap((files) => files.paths);
  if (repository.paths.length === 0 || paths.length < (change.totals.files ?? 1)) return true;
  const claims = (one: ScopedRepository) => one.paths.length === 0 || paths.some((path) => matchesAny(one.paths, path));
  const { key, branch } = repository;
  return claims(repository) || !systems.some((one) => one.key === key && one.branch === branch && claims(one));
}

/** Why the rules of the released branch were not read whole at an instant. */
export const rulesGap = ({ coverage, repository }: RepositoryView): RulesGap => {
  const stream = `${repository.key}/protection`;
  return (at) =>
    coverage.unreadable(stream) ??
    coverage.of(stream).findLast(({ from, to, status }) => from <= at && at <= to && status !== "complete")?.reason;
};

/** Puts together one change's dossier from what was read for all. */
export function changeDossier(view: RepositoryView, change: Seen<Change>, evidence: ChangeEvidence): ChangeDossier {
  const links = [...(evidence.links.get(change.key) ?? [])].sort((a, b) => a.ordinal - b.ordinal);
  const commits = links.flatMap((link) => evidence.commits.get(commitKey(change.repository, link.oid)) ?? []);
  const reviews = evidence.reviews.get(change.key) ?? [];
  const checks = evidence.checks.get(commitKey(change.repository, change.headOid)) ?? [];
  const workItems = evidence.workItems.get(change.key) ?? [];
  const paths = (evidence.files.get(change.key) ?? []).flatMap((files) => files.paths);
  const events = evidence.events.get(change.key) ?? [];
  const oids = [...new Set([...links.map(({ oid }) => oid), change.headOid])];
  const { totals } = change;
  const otherBase = view.elsewhere.get(change.key);
  const mergeOid = mergeOidOf(view, change);
  const byHand = view.handMerge(change.key) !== undefined;
  const merge = mergeOid === null ? undefined : view.moveOf(mergeOid);
  return {
    subject: "change",
    key: change.key,
    ...dossierBase(view),
    gaps: {
      ...furtherGaps(
        view.coverage,
        view.repository,
        ["branchActivity", "pipelineRuns", "ruleSuites", "access"],
        change.mergedAt,
      ),
      ...itemGaps(
        view.coverage,
        view.repository,
        ["changes", "reviews", "checks", "workItems", "files"],
        change.mergedAt,
        [
          { kind: "changes", stored: commits.length, total: totals.commits, what: "commits" },
          { kind: "changes", stored: change.labels?.length ?? 0, total: totals.labels, what: "labels" },
          { kind: "changes", stored: events.length, total: totals.events, what: "events" },
          { kind: "reviews", stored: reviews.length, total: totals.reviews, what: "reviews" },
          { kind: "checks", stored: checks.filter(isCurrent).length, total: totals.checks, what: "checks" },
          { kind: "workItems", stored: workItems.length, total: totals.workItems, what: "work items" },
          { kind: "files", stored: paths.length, total: totals.files, what: "files" },
        ],
      ),
    },
    change,
    commits,
    authors: new Map(
      commits.flatMap((commit) => {
        const authors = evidence.authors.get(commit.key);
        return authors ? [[commit.oid, authors] as const] : [];
      }),
    ),
    ...mergesWithin(view, change, commits, evidence),
    reviews,
    dismissals: evidence.dismissals.get(change.key) ?? [],
    events,
    checks,
    runs: oids.flatMap((oid) => evidence.runs.get(commitKey(change.repository, oid)) ?? []),
    pushes: oids.flatMap(view.movesTo).filter(({ branch }) => branch !== change.baseRef),
    merge,
    ruleSuite: mergeOid === null ? undefined : view.suiteOf(merge?.after ?? mergeOid),
    ...mergedAs(view, change, commits, evidence),
    ...(byHand ? { mergedByHand: true } : {}),
    ...(view.access.length > 0 ? { access: view.access } : {}),
    workItems,
    paths,
    rulesAtMerge: rulesAt(view.looks, change.mergedAt, view.history, rulesGap(view)),
    mergeCommitOnLine: mergeOid !== null && view.onLine(mergeOid),
    ...(otherBase === undefined ? {} : { otherBase }),
  };
}

/** The merges among a change's own commits, by the parents that were asked for or that the branch's graph holds. */
function mergesWithin(
  view: RepositoryView,
  change: Seen<Change>,
  commits: readonly Seen<Commit>[],
  evidence: ChangeEvidence,
): Pick<ChangeDossier, "merges"> {
  const merges = commits.flatMap(({ key, oid }) => {
    const known = evidence.parents.get(key) ?? view.graph.get(oid);
    const second = known?.parents[1];
    if (!known || second === undefined) return [];
    const isKnown = !view.elsewhere.has(change.key) && view.graph.has(second);
    const wasBase = view.movesTo(second).some(({ branch }) => branch === change.baseRef);
    const fromBase = wasBase || (isKnown ? view.onLine(second) : undefined);
    return [[oid, { parents: known.parents, fromBase, record: known.record }] as const];
  });
  return merges.length === 0 ? {} : { merges: new Map(merges) };
}

/** Whether a check is one of those that the source counts: earlier attempts it does not. */
const isCurrent = ({ attempt }: Check): boolean => attempt === null;

/** The commit that a merge made, beside what a clean one would have made. */
function mergedAs(
  view: RepositoryView,
  change: Seen<Change>,
  commits: readonly Seen<Commit>[],
  evidence: ChangeEvidence,
): Pick<ChangeDossier, "mergeCommit" | "headTree" | "builtOnBase"> {
  const oid = mergeOidOf(view, change);
  const graph = oid === null ? undefined : view.graph.get(oid);
  const commit = oid === null ? undefined : evidence.commits.get(commitKey(change.repository, oid));
  const headTree =
    view.graph.get(change.headOid)?.tree ?? commits.find((one) => one.oid === change.headOid)?.tree ?? undefined;
  const own = new Set(commits.map((one) => one.oid));
  return {
    mergeCommit: graph && commit && { commit, graph },
    ...(headTree === undefined ? {} : { headTree }),
    builtOnBase: isBuiltOn(graph?.parents[0], change.headOid, own, view.graph),
  };
}
