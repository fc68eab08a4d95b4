import { lackingIn, protectingRules } from "../attributes/index.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import type { ConfigurationDossier } from "../model/dossier.ts";
import { actorName } from "../model/dossier.ts";
import type { EntityOf, Rule, Seen } from "../model/entity.ts";
import { short } from "../model/keys.ts";

type Version = Seen<EntityOf<"ruleVersion">>;
type Logged = Seen<EntityOf<"auditEvent">>;
type Event = NonNullable<AssessmentResult["continuity"][number]["events"]>[number];

/**
 * Every system's rules over the period as packs print them, with each version of a rule set, each rewrite of the branch in
 * it, and what the organisation's audit log says of the rules beside.
 */
export function continuityOf(
  dossiers: readonly ConfigurationDossier[],
  versions: readonly Version[],
  period: { readonly from: string; readonly to: string },
  logged: readonly Logged[] = [],
): AssessmentResult["continuity"] {
  const byRepository = Map.groupBy(versions, ({ repository }) => repository);
  const versionsOf = (repository: string): readonly Version[] => byRepository.get(repository) ?? [];
  const loggedBy = Map.groupBy(logged, ({ repository }) => repository);
  return dossiers.map(({ system, repository, branch, promotedFrom, intervals, rewrites }) => ({
    system,
    repository: repository.name,
    branch,
    ...(promotedFrom === undefined ? {} : { promotedFrom }),
    intervals: intervals.map(({ from, to, rules: seen }) => {
      const rules = protectingRules(seen);
      if (!rules.known) return { from, to, state: "unobserved" as const, rules: rules.reason, record: null };
      const lacking = lackingIn(rules);
      const state = rules.rules.length === 0 ? "absent" : lacking.length > 0 ? "weak" : "active";
      return {
        from,
        to,
        state: state as "absent" | "weak" | "active",
        rules: rules.rules.map(ruleText).join("; ") || "no active rule",
        ...(lacking.length > 0 ? { lacking: [...lacking] } : {}),
        changeRequired: rules.rules.some((rule) => inForce(rule) && rule.changeRequired),
        record: rules.record,
      };
    }),
    events: [
      ...changesOf(
        versionsOf(repository.key).filter(
          (version) => version.branch === (promotedFrom === undefined ? undefined : branch),
        ),
        period,
      ),
      // The log does not say which branches a rule set is for: it is told once.
      ...(promotedFrom === undefined
        ? loggedChanges(loggedBy.get(repository.key) ?? [], versionsOf(repository.key), period)
        : []),
      ...rewrites.map(
        (move): Event => ({
          at: move.at,
          kind: "rewrite",
          by: actorName(move.by),
          text:
            move.activity === "deleted"
              ? `${branch} was deleted when it led to ${short(move.before)}`
              : `the history of ${branch} was rewritten by force, from ${short(move.before)} to ${short(move.after)}`,
          record: move.record,
        }),
      ),
    ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.record - b.record)),
  }));
}

const inForce = (rule: Rule): boolean => rule.enforcement === "active" && rule.appliesToReleasedBranch;

/** Each version of a rule set that came in the period, by what it changed in the one before. */
function changesOf(
  versions: readonly Version[],
  { from, to }: { readonly from: string; readonly to: string },
): readonly Event[] {
  return [...Map.groupBy(versions, ({ ruleSet }) => ruleSet).values()].flatMap((own) => {
    const ordered = own.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.version.length - b.version.length));
    return ordered.flatMap((version, index): Event[] => {
      if (version.at < from || version.at >= to) return [];
      const before = ordered[index - 1];
      const text = before
        ? `${version.rule.name}: ${differences(before.rule, version.rule).join("; ") || "a version that changes nothing of what is read here"}`
        : `${version.rule.name}, the first version on record: ${demandsOf(version.rule).join(", ") || "demands nothing we can read"}`;
      return [{ at: version.at, kind: "rules", by: actorName(version.by), text, record: version.record }];
    });
  });
}

/** Within so many milliseconds an entry of the log and a version of a rule set are one change. */
const together = 10_000;

/** What the audit log says of the rules, but of a change that a version tells more of. */
function loggedChanges(
  logged: readonly Logged[],
  versions: readonly Version[],
  { from, to }: { readonly from: string; readonly to: string },
): readonly Event[] {
  const isTold = (at: string) => versions.some((one) => Math.abs(Date.parse(one.at) - Date.parse(at)) <= together);
  return logged
    .filter(({ action, at }) => at >= from && at < to && speaksOfRules(action))
    .filter(({ action, at }) => !(action.startsWith("repository_ruleset.") && isTold(at)))
    .map(({ action, subject, at, by, record }) => ({
      at,
      kind: "rules",
      by: by ?? "an account the log does not name",
      text: `${subject === undefined ? "" : `${subject}: `}${action.replace(".", ", ").replaceAll("_", " ")}, as the audit log has it`,
      record,
    }));
}

/** Rules made, changed and taken away; a bypass changes none. */
const speaksOfRules = (action: string): boolean =>
  /^(protected_branch|repository_ruleset)\./.test(action) && !action.endsWith(".policy_override");

/** What changed between two versions of a rule set, each in words. */
function differences(before: Rule, after: Rule): readonly string[] {
  const [had, has] = [demandsOf(before), demandsOf(after)];
  const [could, can] = [before.bypass, after.bypass];
  const without = (some: readonly string[], others: readonly string[]) => some.filter((one) => !others.includes(one));
  const [gone, added] = [without(had, has), without(has, had)];
  const [barred, allowed] = [without(could, can), without(can, could)];
  return [
    ...(before.enforcement === after.enforcement ? [] : [`${before.enforcement}, now ${after.enforcement}`]),
    ...(before.appliesToReleasedBranch === after.appliesToReleasedBranch
      ? []
      : [after.appliesToReleasedBranch ? "now guards the branch" : "no longer guards the branch"]),
    ...(gone.length > 0 ? [`no longer demanded: ${gone.join(", ")}`] : []),
    ...(added.length > 0 ? [`newly demanded: ${added.join(", ")}`] : []),
    ...(allowed.length > 0 ? [`may bypass it now: ${allowed.join(", ")}`] : []),
    ...(barred.length > 0 ? [`may bypass it no more: ${barred.join(", ")}`] : []),
    ...(before.name === after.name ? [] : [`named ${before.name} before`]),
  ];
}

function demandsOf(rule: Rule): readonly string[] {
  return [
    rule.changeRequired && "a change",
    rule.approvals > 0 && `${rule.approvals} ${rule.approvals === 1 ? "approval" : "approvals"}`,
    rule.dismissStaleApprovals && "stale approvals dismissed",
    rule.lastPushApproval && "approval of the last push",
    rule.codeOwnerApproval && "code owners' approval",
    rule.checks.length > 0 && `checks ${rule.checks.map((check) => check.name).join(", ")}`,
    rule.forcePushBlocked && "no force push",
    rule.deletionBlocked && "no deletion",
  ].filter((demand) => demand !== false);
}

/** What one rule demands and since when it stands as it does, in a line. */
function ruleText(rule: Rule): string {
  const bypass = rule.bypassReadable
    ? rule.bypass.length > 0
      ? `${rule.bypass.join(", ")} may bypass it`
      : "nobody may bypass it"
    : "who may bypass it was not readable";
  const changed =
    rule.updatedAt === null ? "the source does not say when it last changed" : `last changed ${rule.updatedAt}`;
  return `${rule.name}: ${demandsOf(rule).join(", ") || "demands nothing we can read"}; ${bypass}; ${changed}`;
}
