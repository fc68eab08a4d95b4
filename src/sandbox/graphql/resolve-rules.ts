import { encodeNodeId } from "../node-id.ts";
import type { BranchProtection, Rule, Ruleset } from "../world.ts";
import { connection } from "./connection.ts";
import { accountOf, repositoryOf, time } from "./context.ts";
import { appOf } from "./resolve-account.ts";
import { type Fields, fields, nodeId, properties } from "./resolver.ts";

type RuleOf = Rule & { ruleset: Ruleset };

const PARAMETERS: Readonly<Record<string, string>> = {
  pull_request: "PullRequestParameters",
  required_status_checks: "RequiredStatusChecksParameters",
  workflows: "WorkflowsParameters",
};

/** Rulesets, their rules, and classic branch protection. */
export const ruleTypes: Readonly<Record<string, Fields>> = {
  RepositoryRuleset: fields<Ruleset>({
    ...properties("name", "enforcement"),
    id: ({ repo, id }, _args, context) => nodeId(context, "RRS", repo, id),
    databaseId: ({ id }) => id,
    target: () => "BRANCH",
    createdAt: ({ createdAt }) => time(createdAt),
    updatedAt: ({ updatedAt }) => time(updatedAt),
    source: ({ repo }, _args, context) => repositoryOf(context, repo),
    conditions: (ruleset) => ({ ruleset }),
    bypassActors: ({ bypass, repo }, args, context, info) =>
      connection(
        bypass.map((each) => ({ ...each, repo })),
        (each) => [each.id, 0],
        args,
        context,
        info,
      ),
    rules: (ruleset, args, context, info) =>
      connection(
        ruleset.rules.map((each): RuleOf => ({ ...each, ruleset })),
        (each) => [each.id, 0],
        args,
        context,
        info,
      ),
  }),
  RepositoryRuleConditions: fields<{ ruleset: Ruleset }>({
    refName: ({ ruleset }) => ({ include: ruleset.include, exclude: ruleset.exclude }),
    repositoryId: () => null,
    repositoryName: () => null,
    repositoryProperty: () => null,
  }),
  RefNameConditionTarget: properties("include", "exclude"),
  RepositoryRule: fields<RuleOf>({
    id: ({ ruleset, id }, _args, context) => nodeId(context, "RRU", ruleset.repo, id),
    type: ({ type }) => type.toUpperCase(),
    repositoryRuleset: ({ ruleset }) => ruleset,
    parameters: ({ type, parameters }) =>
      parameters === null ? null : { ...(camel(parameters) as object), kind: PARAMETERS[type] },
  }),
  PullRequestParameters: properties(
    "allowedMergeMethods",
    "dismissStaleReviewsOnPush",
    "requireCodeOwnerReview",
    "requireLastPushApproval",
    "requiredApprovingReviewCount",
    "requiredReviewThreadResolution",
  ),
  RequiredStatusChecksParameters: properties(
    "doNotEnforceOnCreate",
    "requiredStatusChecks",
    "strictRequiredStatusChecksPolicy",
  ),
  StatusCheckConfiguration: properties("context", "integrationId"),
  WorkflowsParameters: properties("doNotEnforceOnCreate", "workflows"),
  RepositoryRulesetBypassActor: fields<Ruleset["bypass"][number] & { repo: number }>({
    id: ({ id }) => encodeNodeId({ prefix: "RBA", repository: 0, id }),
    actor: ({ app }, _args, context) => appOf(context, app),
    bypassMode: ({ mode }) => mode,
    deployKey: () => false,
    enterpriseOwner: () => false,
    organizationAdmin: ({ actor }) => actor === "OrganizationAdmin",
    repositoryRoleDatabaseId: () => null,
    repositoryRoleName: () => null,
  }),
  BranchProtectionRule: fields<BranchProtection>({
    ...properties(
      "pattern",
      "isAdminEnforced",
      "requiredApprovingReviewCount",
      "dismissesStaleReviews",
      "requiresCodeOwnerReviews",
      "requireLastPushApproval",
      "requiresStrictStatusChecks",
      "allowsForcePushes",
      "allowsDeletions",
    ),
    id: ({ repo, id }, _args, context) => nodeId(context, "BPR", repo, id),
    databaseId: ({ id }) => id,
    creator: ({ creator }, _args, context) => accountOf(context, creator),
    repository: ({ repo }, _args, context) => repositoryOf(context, repo),
    requiresApprovingReviews: ({ requiredApprovingReviewCount }) => requiredApprovingReviewCount > 0,
    requiresStatusChecks: ({ requiredChecks }) => requiredChecks.length > 0,
    requiredStatusCheckContexts: ({ requiredChecks }) => requiredChecks.map((each) => each.context),
    requiredStatusChecks: ({ requiredChecks }) => requiredChecks,
    requiredDeploymentEnvironments: () => [],
    blocksCreations: () => false,
    lockBranch: () => false,
    lockAllowsFetchAndMerge: () => false,
    requiresCommitSignatures: () => false,
    requiresConversationResolution: () => true,
    requiresDeployments: () => false,
    requiresLinearHistory: () => false,
    restrictsPushes: () => false,
    restrictsReviewDismissals: () => false,
    bypassForcePushAllowances: (_source, args, context, info) => connection([], () => [0, 0], args, context, info),
    bypassPullRequestAllowances: (_source, args, context, info) => connection([], () => [0, 0], args, context, info),
    pushAllowances: (_source, args, context, info) => connection([], () => [0, 0], args, context, info),
    reviewDismissalAllowances: (_source, args, context, info) => connection([], () => [0, 0], args, context, info),
  }),
  RequiredStatusCheckDescription: fields<BranchProtection["requiredChecks"][number]>({
    context: ({ context }) => context,
    app: ({ app }, _args, context) => appOf(context, app),
  }),
};

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
      camel(each),
    ]),
  );
}
