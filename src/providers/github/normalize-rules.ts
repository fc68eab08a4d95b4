import type { Rule } from "../../model/entity.ts";
import { unnamedApp } from "../../model/unnamed-app.ts";
import { matchesRef } from "./ref-pattern.ts";
import {
  type ClassicRuleBody,
  type ProtectionBody,
  pullRequestParametersSchema,
  type RulesetBody,
  requiredChecksSchema,
} from "./schema.ts";
import { secondsUtc } from "./session.ts";

/** The rules of a protection record, in a stable order; which of them apply to the branch follows GitHub's own patterns. */
export function rulesOf(body: ProtectionBody): Rule[] {
  const classic = body.branchProtectionRules ?? [];
  const governing = governingRule(classic, body.branch);
  return [
    ...(body.rulesets ?? []).map((ruleset) => ruleOfRuleset(ruleset, body)),
    ...classic.map((rule) => ofClassic(rule, rule === governing)),
  ].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** What a rule set's names are read by: the released branch, the default one, and apps by their ids. */
type Names = Pick<ProtectionBody, "branch" | "defaultBranch" | "apps">;

/** What a rule set demands of the released branch. */
export function ruleOfRuleset(ruleset: RulesetBody, body: Names): Rule {
  const nodes = (ruleset.rules?.nodes ?? []).filter((rule) => rule !== null);
  const parametersOf = (type: string) => nodes.find((rule) => rule.type === type)?.parameters;
  const changes = pullRequestParametersSchema.safeParse(parametersOf("PULL_REQUEST"));
  const checks = requiredChecksSchema.safeParse(parametersOf("REQUIRED_STATUS_CHECKS"));
  const read = new Set([
    "NON_FAST_FORWARD",
    "DELETION",
    ...(changes.success ? ["PULL_REQUEST"] : []),
    ...(checks.success ? ["REQUIRED_STATUS_CHECKS"] : []),
  ]);
  const has = (type: string) => nodes.some((rule) => rule.type === type);
  return {
    id: `ruleset:${ruleset.databaseId ?? ruleset.name}`,
    name: ruleset.name,
    enforcement: enforcements[ruleset.enforcement] ?? "unknown",
    appliesToReleasedBranch: ruleset.target === "BRANCH" && appliesTo(ruleset, body),
    changeRequired: changes.success,
    approvals: changes.data?.requiredApprovingReviewCount ?? 0,
    dismissStaleApprovals: changes.data?.dismissStaleReviewsOnPush ?? false,
    lastPushApproval: changes.data?.requireLastPushApproval ?? false,
    codeOwnerApproval: changes.data?.requireCodeOwnerReview ?? false,
    checks: (checks.data?.requiredStatusChecks ?? []).map(({ context, integrationId }) => ({
      name: context,
      // An app that no check has named so far is kept by its number.
      app: integrationId ? (body.apps[String(integrationId)] ?? unnamedApp(integrationId)) : null,
    })),
    forcePushBlocked: has("NON_FAST_FORWARD"),
    deletionBlocked: has("DELETION"),
    bypass: (ruleset.bypassActors?.nodes ?? []).flatMap((actor) => (actor ? bypassName(actor) : [])).sort(),
    bypassReadable: !!ruleset.bypassActors && ruleset.bypassActors.nodes.length >= ruleset.bypassActors.totalCount,
    unread: ruleset.rules
      ? [...new Set(nodes.map((rule) => rule.type).filter((type) => !read.has(type)))].sort()
      : ["its rules could not be read"],
    updatedAt: secondsUtc(ruleset.updatedAt),
  };
}

const enforcements: Readonly<Record<string, Rule["enforcement"]>> = {
  ACTIVE: "active",
  EVALUATE: "evaluate",
  DISABLED: "disabled",
};

function appliesTo(ruleset: RulesetBody, { branch, defaultBranch }: Names): boolean {
  const { refName } = ruleset.conditions;
  if (!refName) return false;
  const names = (pattern: string) =>
    pattern === "~ALL" ||
    (pattern === "~DEFAULT_BRANCH" ? branch === defaultBranch : matchesRef(pattern, `refs/heads/${branch}`));
  return refName.include.some(names) && !refName.exclude.some(names);
}

type BypassActor = NonNullable<NonNullable<RulesetBody["bypassActors"]>["nodes"][number]>;

function bypassName(bypass: BypassActor): string {
  const { actor, deployKey, organizationAdmin, repositoryRoleName, bypassMode } = bypass;
  const who = organizationAdmin
    ? "organisation administrators"
    : deployKey
      ? "deploy keys"
      : repositoryRoleName !== null
        ? `role ${repositoryRoleName}`
        : actor
          ? `${actor.__typename.toLowerCase()} ${actor.slug ?? ""}`.trim()
          : "an actor the source does not name";
  return bypassMode === "PULL_REQUEST" ? `${who} (for changes only)` : who;
}

// An exact name goes before a pattern, an older pattern before a newer one.
// https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/managing-a-branch-protection-rule
function governingRule(rules: readonly ClassicRuleBody[], branch: string): ClassicRuleBody | undefined {
  const matching = rules.filter((rule) => matchesRef(rule.pattern, branch));
  const ageOf = (rule: ClassicRuleBody) => String(rule.databaseId ?? "");
  const byAge = matching.toSorted((a, b) => ageOf(a).length - ageOf(b).length || (ageOf(a) < ageOf(b) ? -1 : 1));
  return matching.find((rule) => rule.pattern === branch) ?? byAge[0];
}

function ofClassic(rule: ClassicRuleBody, governs: boolean): Rule {
  const allowed = [rule.bypassPullRequestAllowances, rule.bypassForcePushAllowances];
  const actors = allowed.flatMap((list) => list?.nodes ?? []).flatMap((node) => node?.actor ?? []);
  return {
    id: `branch:${rule.databaseId ?? rule.pattern}`,
    name: rule.pattern,
    enforcement: "active",
    appliesToReleasedBranch: governs,
    changeRequired: rule.requiresApprovingReviews,
    approvals: rule.requiresApprovingReviews ? (rule.requiredApprovingReviewCount ?? 0) : 0,
    dismissStaleApprovals: rule.dismissesStaleReviews,
    lastPushApproval: rule.requireLastPushApproval,
    codeOwnerApproval: rule.requiresCodeOwnerReviews,
    checks: rule.requiresStatusChecks
      ? (rule.requiredStatusChecks ?? []).map(({ context, app }) => ({ name: context, app: app?.slug ?? null }))
      : [],
    forcePushBlocked: !rule.allowsForcePushes,
    deletionBlocked: !rule.allowsDeletions,
    bypass: [
      ...(rule.isAdminEnforced ? [] : ["administrators"]),
      ...actors.map((actor) => `${actor.__typename.toLowerCase()} ${actor.slug ?? actor.login ?? ""}`.trim()),
    ].sort(),
    bypassReadable: allowed.every((list) => list !== null),
    unread: [],
    updatedAt: null,
  };
}
