/** An account as GitHub has it; `id` is its database id. */
export interface Account {
  kind: "User" | "Bot" | "Organization" | "Mannequin";
  id: number;
  login: string;
  name: string | null;
}

/** A GitHub App, as checks, rules and bypass lists name it. */
export interface App {
  id: number;
  slug: string;
  name: string;
}

/** A name and an address as git has them, and the account that GitHub links the address to. */
export interface GitIdentity {
  name: string;
  email: string;
  account: number | null;
}

/** One commit; times are epoch milliseconds, `changes` are the numbers of the pull requests that brought it. */
export interface Commit {
  kind: "Commit";
  repo: number;
  oid: string;
  tree: string;
  parents: readonly string[];
  message: string;
  author: GitIdentity;
  authoredAt: number;
  committer: GitIdentity;
  committedAt: number;
  changes: readonly number[];
  /** The platform made and signed it, though it is no change's merge: such as a merge of the base into a change. */
  signed?: true;
}

export type ReviewState = "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";

/** One review; `commit` is null where the reviewed commit is gone, `author` where the account is. */
export interface Review {
  kind: "PullRequestReview";
  repo: number;
  change: number;
  id: number;
  nodeId: string | null;
  author: number | null;
  state: ReviewState;
  body: string;
  commit: string | null;
  submittedAt: number;
  updatedAt: number;
}

/** The dismissal of a review, as the timeline of its pull request has it. */
export interface Dismissal {
  kind: "ReviewDismissedEvent";
  repo: number;
  change: number;
  id: number;
  actor: number | null;
  at: number;
  review: number;
  previous: ReviewState;
  message: string | null;
}

/** Something else that the timeline of a pull request tells. */
export interface TimelineEvent {
  kind:
    | "LabeledEvent"
    | "UnlabeledEvent"
    | "BaseRefChangedEvent"
    | "AutomaticBaseChangeSucceededEvent"
    | "HeadRefForcePushedEvent"
    | "AutoMergeEnabledEvent"
    | "AddedToMergeQueueEvent"
    | "ConnectedEvent";
  repo: number;
  change: number;
  id: number;
  actor: number | null;
  at: number;
  /** The label, of the first two. */
  label: string | null;
  /** The base branch, or the head's commit, before and after; `to` is the number of the issue that was linked. */
  from: string | null;
  to: string | null;
}

/** One file that a pull request touches. */
export interface ChangedFile {
  path: string;
  additions: number;
  deletions: number;
  change: "ADDED" | "MODIFIED" | "DELETED" | "RENAMED";
}

/** One pull request; account fields are database ids, null where the account is deleted or there is none. */
export interface PullRequest {
  kind: "PullRequest";
  repo: number;
  id: number;
  nodeId: string | null;
  number: number;
  title: string;
  body: string;
  url: string | null;
  state: "OPEN" | "CLOSED" | "MERGED";
  isDraft: boolean;
  author: number | null;
  mergedBy: number | null;
  createdAt: number;
  updatedAt: number;
  /** When its text was last edited; absent: never. */
  lastEditedAt?: number;
  mergedAt: number | null;
  closedAt: number | null;
  baseRefName: string;
  headRefName: string;
  baseRefOid: string;
  headRefOid: string;
  headRepository: string | null;
  mergeCommit: string | null;
  labels: readonly string[];
  commits: readonly string[];
  files: readonly ChangedFile[];
  reviews: Review[];
  dismissals: Dismissal[];
  events: TimelineEvent[];
  issues: readonly number[];
  autoMerge: { by: number; at: number; method: "MERGE" | "REBASE" | "SQUASH" } | null;
}

/** One issue: the work item that a pull request closes. */
export interface Issue {
  kind: "Issue";
  repo: number;
  id: number;
  number: number;
  title: string;
  body: string;
  state: "OPEN" | "CLOSED";
  author: number | null;
  labels: readonly string[];
  createdAt: number;
  closedAt: number | null;
  updatedAt: number;
}

export type CheckConclusion =
  | "SUCCESS"
  | "FAILURE"
  | "SKIPPED"
  | "NEUTRAL"
  | "CANCELLED"
  | "TIMED_OUT"
  | "ACTION_REQUIRED";

/** One check run; `conclusion` is null until `completedAt`. */
export interface Check {
  kind: "CheckRun";
  repo: number;
  id: number;
  suite: number;
  oid: string;
  name: string;
  app: number;
  conclusion: CheckConclusion | null;
  startedAt: number;
  completedAt: number | null;
  /** The workflow run it is a job of; null for a check that another app reported. */
  run: number | null;
}

/** One commit status, which anyone with write access can set. */
export interface Status {
  kind: "StatusContext";
  repo: number;
  id: number;
  oid: string;
  context: string;
  state: "SUCCESS" | "FAILURE" | "PENDING" | "ERROR";
  creator: number | null;
  createdAt: number;
}

export type DeploymentStatusState = "QUEUED" | "IN_PROGRESS" | "SUCCESS" | "FAILURE" | "INACTIVE" | "PENDING" | "ERROR";

/** One status of a deployment. */
export interface DeploymentStatus {
  id: number;
  state: DeploymentStatusState;
  at: number;
  creator: number;
  /** The workflow run that reported it. */
  run: number | null;
  /** The environment it was in by then, where that is not what it is in today. */
  environment?: string;
}

/** One deployment with its statuses, oldest first. */
export interface Deployment {
  kind: "Deployment";
  repo: number;
  id: number;
  oid: string;
  ref: string | null;
  /** As its last status named it. */
  environment: string;
  /** What it was made for, where a status has named another since. */
  originalEnvironment?: string;
  task: string;
  description: string | null;
  creator: number;
  createdAt: number;
  updatedAt: number;
  statuses: DeploymentStatus[];
}

/** One rule of a ruleset; `parameters` is keyed as the REST API has it (snake case), null where the type has none. */
export interface Rule {
  id: number;
  type:
    | "pull_request"
    | "required_status_checks"
    | "non_fast_forward"
    | "deletion"
    | "required_linear_history"
    | "workflows";
  parameters: Readonly<Record<string, unknown>> | null;
}

/** A ruleset of a repository. */
export interface Ruleset {
  kind: "RepositoryRuleset";
  repo: number;
  id: number;
  name: string;
  /** It is the organisation's: seen in the repository, kept with the organisation. */
  organisation?: boolean;
  enforcement: "ACTIVE" | "EVALUATE" | "DISABLED";
  include: readonly string[];
  exclude: readonly string[];
  rules: readonly Rule[];
  bypass: readonly {
    id: number;
    actor: "OrganizationAdmin" | "App";
    app: number | null;
    mode: "ALWAYS" | "PULL_REQUEST";
  }[];
  createdAt: number;
  updatedAt: number;
}

/** A classic branch protection rule. */
export interface BranchProtection {
  kind: "BranchProtectionRule";
  repo: number;
  id: number;
  pattern: string;
  creator: number;
  isAdminEnforced: boolean;
  requiredApprovingReviewCount: number;
  dismissesStaleReviews: boolean;
  requiresCodeOwnerReviews: boolean;
  requireLastPushApproval: boolean;
  requiresStrictStatusChecks: boolean;
  requiredChecks: readonly { context: string; app: number | null }[];
  allowsForcePushes: boolean;
  allowsDeletions: boolean;
}

/** One move of a branch, as the repository's activity lists it; `before` or `after` is null where it was made or deleted. */
export interface Activity {
  id: number;
  branch: string;
  type: "push" | "force_push" | "branch_creation" | "branch_deletion" | "pr_merge" | "merge_queue_merge";
  before: string | null;
  after: string | null;
  actor: number | null;
  at: number;
}

/** One evaluation of the rulesets at a push. */
export interface RuleSuite {
  id: number;
  branch: string;
  before: string | null;
  after: string;
  actor: number | null;
  at: number;
  result: "pass" | "fail" | "bypass";
  evaluations: readonly { ruleset: number; rule: Rule["type"]; result: "pass" | "fail"; details: string | null }[];
}

/** A version of a ruleset; `state` is what it was from `at` on. */
export interface RulesetVersion {
  ruleset: number;
  version: number;
  actor: number | null;
  at: number;
  state: Pick<Ruleset, "name" | "enforcement" | "include" | "exclude" | "rules" | "bypass">;
}

/** An environment that is deployed to. */
export interface Environment {
  id: number;
  name: string;
  reviewers: readonly ({ user: number } | { team: string })[];
  preventSelfReview: boolean;
  adminsBypass: boolean;
  waitMinutes: number;
  branches: "all" | "protected" | "selected";
  /** The patterns of those selected. */
  branchNames?: readonly string[];
  createdAt: number;
  updatedAt: number;
}

/** One workflow run with its attempts, oldest first, each with its jobs; job ids are check run ids. */
export interface WorkflowRun {
  id: number;
  name: string;
  path: string;
  event: string;
  branch: string | null;
  oid: string;
  suite: number;
  actor: number | null;
  createdAt: number;
  updatedAt: number;
  attempts: readonly {
    triggeredBy: number | null;
    conclusion: CheckConclusion | null;
    startedAt: number;
    completedAt: number | null;
    jobs: readonly {
      id: number;
      name: string;
      conclusion: CheckConclusion | null;
      startedAt: number;
      completedAt: number | null;
    }[];
  }[];
  approvals: readonly {
    user: number;
    state: "approved" | "rejected";
    comment: string;
    environments: readonly string[];
  }[];
}

/** A tag, where it points now, and a release of it. */
export interface Tag {
  name: string;
  oid: string;
}
export interface Release {
  id: number;
  name: string;
  tag: string;
  author: number | null;
  createdAt: number;
  publishedAt: number | null;
}

/** An entry of the organisation's audit log about the repository. */
export interface AuditEntry {
  id: string;
  action: string;
  actor: number | null;
  at: number;
}

/** A security alert. */
export interface Alert {
  number: number;
  tool: "dependabot" | "code-scanning" | "secret-scanning";
  title: string;
  severity: "low" | "medium" | "high" | "critical";
  openedAt: number;
  fixedAt: number | null;
  dismissedAt: number | null;
  dismissedBy: number | null;
  dismissedReason: string | null;
}

/** What a recording does not hold; the server answers it with a FORBIDDEN error, never with an empty list. */
export type Unrecorded =
  | "checks"
  | "deployments"
  | "files"
  | "issues"
  | "rulesets"
  | "protection"
  | "dismissals"
  | "settings"
  | "signatures"
  | "messages"
  | "events"
  | "activity"
  | "ruleSuites"
  | "rulesetVersions"
  | "environments"
  | "runs"
  | "access"
  | "auditLog"
  | "releases"
  | "alerts";

/** One repository with everything in it. `branches` maps a branch to its head. */
export interface Repository {
  kind: "Repository";
  index: number;
  id: number;
  nodeId: string | null;
  name: string;
  /** The owner it was transferred to; absent where it is the organisation's. The old name leads to it still. */
  owner?: string;
  description: string | null;
  isArchived: boolean;
  isPrivate: boolean;
  defaultBranch: string;
  createdAt: number;
  updatedAt: number;
  pushedAt: number;
  merge: { commit: boolean; squash: boolean; rebase: boolean };
  branches: Map<string, string>;
  commits: Map<string, Commit>;
  changes: PullRequest[];
  issues: Issue[];
  checks: Map<string, Check[]>;
  statuses: Map<string, Status[]>;
  deployments: Deployment[];
  rulesets: Ruleset[];
  protections: BranchProtection[];
  activity: Activity[];
  ruleSuites: RuleSuite[];
  rulesetVersions: RulesetVersion[];
  environments: Environment[];
  runs: WorkflowRun[];
  collaborators: { account: number; role: "read" | "triage" | "write" | "maintain" | "admin" }[];
  teams: { slug: string; role: "pull" | "triage" | "push" | "maintain" | "admin" }[];
  workflowsMayApprove: boolean;
  tags: Tag[];
  releases: Release[];
  auditLog: AuditEntry[];
  alerts: Alert[];
  unrecorded: ReadonlySet<Unrecorded>;
}

/** Everything the server answers from. Add to `revision` after changing it, so that ordered lists are made anew. */
export interface World {
  organisation: Account;
  accounts: Map<number, Account>;
  apps: Map<number, App>;
  /** Addresses that GitHub links to an account, in lower case. */
  emails: Map<string, number>;
  /** The account that a token stands for. */
  viewer: number;
  repositories: Repository[];
  revision: number;
}

/** A repository with nothing in it yet, not yet part of `world`. */
export function emptyRepository(index: number, id: number, name: string, at: number): Repository {
  return {
    kind: "Repository",
    index,
    id,
    nodeId: null,
    name,
    description: null,
    isArchived: false,
    isPrivate: true,
    defaultBranch: "main",
    createdAt: at,
    updatedAt: at,
    pushedAt: at,
    merge: { commit: true, squash: true, rebase: true },
    branches: new Map(),
    commits: new Map(),
    changes: [],
    issues: [],
    checks: new Map(),
    statuses: new Map(),
    deployments: [],
    rulesets: [],
    protections: [],
    activity: [],
    ruleSuites: [],
    rulesetVersions: [],
    environments: [],
    runs: [],
    collaborators: [],
    teams: [],
    workflowsMayApprove: false,
    tags: [],
    releases: [],
    auditLog: [],
    alerts: [],
    unrecorded: new Set(),
  };
}
