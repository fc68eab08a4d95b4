import type { AssessmentResult } from "../model/assessment.ts";
import type { ConfigurationDossier } from "../model/dossier.ts";
import type { Rule } from "../model/entity.ts";

/** Every system's rules over the period as packs print them. */
export function continuityOf(dossiers: readonly ConfigurationDossier[]): AssessmentResult["continuity"] {
  return dossiers.map(({ system, repository, branch, intervals }) => ({
    system,
    repository: repository.name,
    branch,
    intervals: intervals.map(({ from, to, rules }) => {
      if (!rules.known) return { from, to, state: "unobserved" as const, rules: rules.reason, record: null };
      const state = rules.rules.length > 0 ? ("active" as const) : ("absent" as const);
      return {
        from,
        to,
        state,
        rules: rules.rules.map(ruleText).join("; ") || "no active rule",
        changeRequired: rules.rules.some((rule) => inForce(rule) && rule.changeRequired),
        record: rules.record,
      };
    }),
  }));
}

const inForce = (rule: Rule): boolean => rule.enforcement === "active" && rule.appliesToReleasedBranch;

/** What one rule demands and since when it stands as it does, in a line. */
function ruleText(rule: Rule): string {
  const demands = [
    rule.changeRequired && "a change",
    rule.approvals > 0 && `${rule.approvals} ${rule.approvals === 1 ? "approval" : "approvals"}`,
    rule.dismissStaleApprovals && "stale approvals dismissed",
    rule.lastPushApproval && "approval of the last push",
    rule.codeOwnerApproval && "code owners' approval",
    rule.checks.length > 0 && `checks ${rule.checks.map((check) => check.name).join(", ")}`,
    rule.forcePushBlocked && "no force push",
    rule.deletionBlocked && "no deletion",
  ].filter((demand) => demand !== false);
  const bypass = rule.bypassReadable
    ? rule.bypass.length > 0
      ? `${rule.bypass.join(", ")} may bypass it`
      : "nobody may bypass it"
    : "who may bypass it was not readable";
  const changed =
    rule.updatedAt === null ? "the source does not say when it last changed" : `last changed ${rule.updatedAt}`;
  return `${rule.name}: ${demands.join(", ") || "demands nothing we can read"}; ${bypass}; ${changed}`;
}
