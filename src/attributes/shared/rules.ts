import type { RulesAt } from "../../model/dossier.ts";
import type { Rule } from "../../model/entity.ts";

type KnownRules = Extract<RulesAt, { known: true }>;

/** The rules that are credited: active, and for the released branch. Evaluating or disabled ones never are. */
export const activeRules = (rules: KnownRules): readonly Rule[] =>
  rules.rules.filter((rule) => rule.enforcement === "active" && rule.appliesToReleasedBranch);

/** Kinds of rules, by the source's names, that demand no approval, no change and no check; one that is not listed may. */
const demandNone: ReadonlySet<string> = new Set([
  "BRANCH_NAME_PATTERN",
  "COMMITTER_EMAIL_PATTERN",
  "COMMIT_AUTHOR_EMAIL_PATTERN",
  "COMMIT_MESSAGE_PATTERN",
  // It asks for a review by an app and waits for none.
  "COPILOT_CODE_REVIEW",
  "CREATION",
  "DELETION",
  "FILE_EXTENSION_RESTRICTION",
  "FILE_PATH_RESTRICTION",
  "LOCK_BRANCH",
  "MAX_FILE_PATH_LENGTH",
  "MAX_FILE_SIZE",
  "MAX_REF_UPDATES",
  // What a queue waits for are the checks that other rules name.
  "MERGE_QUEUE",
  "MERGE_QUEUE_LOCKED_REF",
  "NON_FAST_FORWARD",
  "REQUIRED_DEPLOYMENTS",
  "REQUIRED_LINEAR_HISTORY",
  "REQUIRED_REVIEW_THREAD_RESOLUTION",
  "REQUIRED_SIGNATURES",
  "TAG",
  "TAG_NAME_PATTERN",
  "UPDATE",
  "WORKFLOW_UPDATES",
]);

/** A rule that may have demanded an approval, a change or a check of which nobody knows, and why in words. */
export interface UnclearRule {
  readonly rule: Rule;
  readonly text: string;
}

/** The rules of the released branch that may have demanded more than can be read: of a kind nobody can read, or with an enforcement nobody knows. */
export function unclearRules({ rules }: KnownRules): readonly UnclearRule[] {
  return rules.flatMap((rule) => {
    if (!rule.appliesToReleasedBranch) return [];
    if (rule.enforcement === "unknown")
      return { rule, text: `whether the rule "${rule.name}" was in force the source says in a word nobody knows` };
    const kinds = rule.unread.filter((kind) => !demandNone.has(kind));
    if (rule.enforcement !== "active" || kinds.length === 0) return [];
    return { rule, text: `what the rule "${rule.name}" demands is not known (${kinds.join(", ")})` };
  });
}

/** Who may bypass rules, in words; empty where nobody may. */
export function bypassText(rules: readonly Rule[]): string {
  const names = [...new Set(rules.flatMap((rule) => rule.bypass))];
  const unreadable = rules.some((rule) => !rule.bypassReadable);
  if (names.length === 0) return unreadable ? "who may bypass the rules could not be read" : "";
  return `${names.join(", ")} may bypass the rules${unreadable ? ", and perhaps others, whom the source does not tell" : ""}`;
}

/** The rules as far as they tell whether the branch was protected: not known where what is lacking may be what an unclear rule demanded. */
export function protectingRules(rules: RulesAt): RulesAt {
  if (!rules.known || lackingIn(rules).length === 0) return rules;
  const unclear = unclearRules(rules).map(({ text }) => text);
  return unclear.length > 0 ? { known: false, reason: unclear.join("; ") } : rules;
}

/** What a branch lacked under its rules to be protected, in words; empty when nothing. */
export function lackingIn(rules: KnownRules): readonly string[] {
  const active = activeRules(rules);
  if (active.length === 0) return ["no active rule guarded the branch"];
  return [
    active.some((rule) => rule.changeRequired) ? "" : "commits could be pushed without a change",
    active.some((rule) => rule.forcePushBlocked) ? "" : "history could be rewritten by force",
  ].filter(Boolean);
}
