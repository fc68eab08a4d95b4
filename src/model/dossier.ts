import type {
  Actor,
  BranchActivity,
  Change,
  ChangeEvent,
  Check,
  Commit,
  Deployment,
  DeploymentApproval,
  DeploymentStatus,
  Dismissal,
  EntityOf,
  GraphCommit,
  PipelineRun,
  Review,
  Rule,
  RuleSuite,
  Seen,
  WorkItemLink,
} from "./entity.ts";
import type { IdentityMap } from "./identity.ts";
import type { StreamKind } from "./stream.ts";

export const subjects = ["commit", "change", "deployment", "configuration"] as const;
export type Subject = (typeof subjects)[number];

/** What of an item's own evidence is missing, by stream, each with the reason; a stream that is whole has no entry. */
export type Gaps = Readonly<Partial<Record<StreamKind, string>>>;

interface DossierBase {
  /** The natural key of the item. */
  readonly key: string;
  readonly system: string;
  readonly team: string;
  readonly repository: { readonly key: string; readonly name: string; readonly url: string };
  readonly source: string;
  readonly identities: IdentityMap;
  readonly gaps: Gaps;
  /** The latest server time up to which the evidence reaches: a deadline after it has not passed. */
  readonly evidenceUntil: string;
}

/** The rules that guarded the branch at one instant, or why that cannot be said. */
export type RulesAt =
  | {
      readonly known: true;
      readonly rules: readonly Rule[];
      readonly record: number;
      readonly since: string;
      readonly until: string;
    }
  | { readonly known: false; readonly reason: string };

/** A merge among a change's own commits. */
export interface MergeWithin {
  readonly parents: readonly string[];
  /** Its second parent is on the first-parent line of the branch the change was merged to, or was its head once; undefined where the evidence does not hold that commit. */
  readonly fromBase: boolean | undefined;
  readonly record: number;
}

/** One merged change with everything that belongs to it. */
export interface ChangeDossier extends DossierBase {
  readonly subject: "change";
  readonly change: Seen<Change>;
  /** What earlier looks read of it, oldest first; absent where there was none. */
  readonly earlier?: readonly Seen<Change>[];
  /** The earlier record that names its author, where the source has deleted the account since. */
  readonly authorSeenIn?: number;
  /** Oldest first; the change's own commits, before squashing. */
  readonly commits: readonly Seen<Commit>[];
  /** By commit oid: all authors by trailer too, for commits that are `coAuthored`. */
  readonly authors: ReadonlyMap<string, Seen<EntityOf<"commitAuthors">>>;
  /** The merges among its own commits, by oid; absent where none is known. */
  readonly merges?: ReadonlyMap<string, MergeWithin>;
  /** By time, then id. */
  readonly reviews: readonly Seen<Review>[];
  readonly dismissals: readonly Seen<Dismissal>[];
  /** Labels, base changes and the like, by time; of no meaning where `change.totals.events` is null. */
  readonly events: readonly Seen<ChangeEvent>[];
  /** On the change's head, by completion; earlier attempts among them carry their number. */
  readonly checks: readonly Seen<Check>[];
  /** Pipeline runs on the change's commits. */
  readonly runs: readonly Seen<PipelineRun>[];
  /** Moves of any branch but the base to the change's commits: who pushed them. */
  readonly pushes: readonly Seen<BranchActivity>[];
  /** The move of the released branch that its merge was; undefined where none is recorded. */
  readonly merge: Seen<BranchActivity> | undefined;
  /** The source's evaluation of its rules at the merge. */
  readonly ruleSuite: Seen<RuleSuite> | undefined;
  /** The commit its merge put on the branch, with its parents and its tree. */
  readonly mergeCommit: { readonly commit: Seen<Commit>; readonly graph: Seen<GraphCommit> } | undefined;
  /** The tree of the change's head; absent where the evidence does not hold it. */
  readonly headTree?: string;
  /** The head is shown to be built on the merge's first parent, so that a clean merge has the head's tree. */
  readonly builtOnBase?: boolean;
  /** The source names the head itself as what it was merged by: somebody merged it by hand, and pushed. */
  readonly mergedByHand?: boolean;
  /** Who could do what in the repository, every look, oldest first; absent where no look was ever whole. */
  readonly access?: readonly Seen<EntityOf<"access">>[];
  readonly workItems: readonly Seen<WorkItemLink>[];
  readonly paths: readonly string[];
  readonly rulesAtMerge: RulesAt;
  /** Whether the merge was to the released branch's line: its commit is on it. */
  readonly mergeCommitOnLine: boolean;
  /** The branch it was merged to, where that is neither the released one, one it is promoted through, nor a former name of it. */
  readonly otherBase?: string;
}

/** One commit of the released branch's first-parent line. */
export interface CommitDossier extends DossierBase {
  readonly subject: "commit";
  readonly oid: string;
  readonly graph: Seen<GraphCommit>;
  readonly commit: Seen<Commit> | undefined;
  /** Between which server times it reached the branch; `exact` where its change's merge says so. */
  readonly reached: { readonly from: string; readonly to: string; readonly exact: boolean };
  /** The change that put it there, by merge commit or by rebase. */
  readonly change: Seen<Change> | undefined;
  /** Changes the source associates with it that do not explain it. */
  readonly associated: readonly Seen<Change>[];
  /** The move of the branch that brought it or, of what was pushed away, that took it, where the source recorded one: who, when, and how. */
  readonly activity: Seen<BranchActivity> | undefined;
  /** Its change was merged by this very commit, made by hand and pushed: the change's head is its second parent. */
  readonly mergedByHand?: boolean;
  /** The branch its change was merged to, where that merge does not show the commit to have reached the released branch. */
  readonly otherBase?: string;
  /** It was on the branch under this head when a run looked, and was pushed away by `goneAt`: the branch leads to `now`. */
  readonly rewritten?: {
    readonly head: string;
    readonly seenAt: string;
    readonly now: string;
    readonly goneAt: string;
  };
}

/** A commit that a deployment brought to production, and the change that explains it; once for each, where there are several. */
export interface DeployedCommit {
  readonly oid: string;
  readonly headline: string;
  readonly record: number;
  /** Between which server times it reached the released branch. */
  readonly reached: { readonly from: string; readonly to: string };
  readonly change: ChangeDossier | undefined;
}

/** One deployment to production with what it brought. */
export interface DeploymentDossier extends DossierBase {
  readonly subject: "deployment";
  /** Whether the system's deployments must be approved by hand; absent: they need not. */
  readonly profile?: "continuous" | "gated";
  readonly deployment: Seen<Deployment>;
  readonly statuses: readonly Seen<DeploymentStatus>[];
  /** When it first succeeded. */
  readonly succeededAt: string;
  /** The pipeline run that made it, and what people said before it went on. */
  readonly run: Seen<PipelineRun> | undefined;
  readonly approvals: readonly Seen<DeploymentApproval>[];
  /** The environment's rules as last seen before it; undefined where they were never read. */
  readonly environment: Seen<EntityOf<"environment">> | undefined;
  /** Where its ref is a tag that was seen on more than one commit: each sighting, oldest first. */
  readonly movedTag: readonly Seen<EntityOf<"tag">>[];
  /** The production deployment before it in the same environment. */
  readonly previous: Seen<Deployment> | undefined;
  /** Its commit is on the released branch (an ancestor of its head); undefined where the graph does not reach. */
  readonly onBranch: boolean | undefined;
  /** It is an ancestor of the released branch's head and was never its tip, as far as the line tells. */
  readonly offLine?: boolean;
  /** Moves of any branch to its commit, where that is not on the released branch's line; absent: none is known. */
  readonly pushes?: readonly Seen<BranchActivity>[];
  /** An earlier deployment of this environment had the same commit: a fall-back or a repetition. */
  readonly deployedBefore: Seen<Deployment> | undefined;
  /** The latest earlier deployment of another commit that is on the released branch. */
  readonly fallBack: Seen<Deployment> | undefined;
  /** First-parent commits it brought that no earlier deployment had, oldest first; undefined where the start is unknown. */
  readonly brought: readonly DeployedCommit[] | undefined;
  /** Where it brought none, though its own commit had not been deployed: that commit, or the line's of the same tree. */
  readonly standsAt?: readonly DeployedCommit[];
}

/** One system's rules over the period, as a chain of intervals without a hole. */
export interface ConfigurationDossier extends DossierBase {
  readonly subject: "configuration";
  readonly branch: string;
  /** Of a branch that changes are promoted through: the one where they landed; absent for that one itself. */
  readonly promotedFrom?: string;
  readonly intervals: readonly { readonly from: string; readonly to: string; readonly rules: RulesAt }[];
  /** Force pushes and deletions of the released branch in the period, by time. */
  readonly rewrites: readonly Seen<BranchActivity>[];
  /** Looks of the period that no longer found a head seen before, where no move on record took it. */
  readonly losses: readonly {
    readonly at: string;
    readonly oid: string;
    readonly seenAt: string;
    readonly record: number;
  }[];
  /** Who may do what, as seen in the period and last before it, oldest first; where nobody looked by its end, at the first look after it. */
  readonly access: readonly Seen<EntityOf<"access">>[];
}

/** One item with everything that belongs to it; what attributes test. */
export type Dossier = CommitDossier | ChangeDossier | DeploymentDossier | ConfigurationDossier;
export type DossierOf<S extends Subject> = Extract<Dossier, { subject: S }>;

/** `ada-dev (583231)`: an account as packs show it, the immutable id beside the login. */
export function actorName(actor: Actor | null): string {
  if (!actor) return "a deleted account";
  return actor.id === "" ? actor.login : `${actor.login} (${actor.id})`;
}
