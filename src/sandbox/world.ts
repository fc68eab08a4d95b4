import type { Account, App } from "./world/accounts.ts";
import type { Commit, Issue, PullRequest } from "./world/changes.ts";
import type { Check, Status, WorkflowRun } from "./world/checks-and-runs.ts";
import type { Deployment, Environment, Release, Tag } from "./world/deployments.ts";
import type { Alert, AuditEntry } from "./world/oversight.ts";
import type { Activity, BranchProtection, RuleSuite, Ruleset, RulesetVersion } from "./world/rules.ts";

export type { Account, App, GitIdentity } from "./world/accounts.ts";
export type {
  ChangedFile,
  Commit,
  Dismissal,
  Issue,
  PullRequest,
  Review,
  ReviewState,
  TimelineEvent,
} from "./world/changes.ts";
export type { Check, CheckConclusion, Status, WorkflowRun } from "./world/checks-and-runs.ts";
export type { Deployment, DeploymentStatusState, Environment } from "./world/deployments.ts";
export type { Alert, AuditEntry } from "./world/oversight.ts";
export type { Activity, BranchProtection, Rule, RuleSuite, Ruleset, RulesetVersion } from "./world/rules.ts";

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
