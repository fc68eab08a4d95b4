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
