import type { RulesAt } from "../../model/dossier.ts";
import type { Rule } from "../../model/entity.ts";

/** The rules that are credited: active, and for the released branch. Evaluating or disabled ones never are. */
export const activeRules = (rules: Extract<RulesAt, { known: true }>): readonly Rule[] =>
  rules.rules.filter((rule) => rule.enforcement === "active" && rule.appliesToReleasedBranch);

/** Who may bypass rules, in words; empty where nobody may. */
export function bypassText(rules: readonly Rule[]): string {
  const names = [...new Set(rules.flatMap((rule) => rule.bypass))];
  const unreadable = rules.some((rule) => !rule.bypassReadable);
  if (names.length === 0) return unreadable ? "who may bypass the rules could not be read" : "";
  return `${names.join(", ")} may bypass the rules${unreadable ? ", and perhaps others, whom the source does not tell" : ""}`;
}

/** What a branch lacked under its rules to be protected, in words; empty when nothing. */
export function lackingIn(rules: Extract<RulesAt, { known: true }>): readonly string[] {
  const active = activeRules(rules);
  if (active.length === 0) return ["no active rule guarded the branch"];
  return [
    active.some((rule) => rule.changeRequired) ? "" : "commits could be pushed without a change",
    active.some((rule) => rule.forcePushBlocked) ? "" : "history could be rewritten by force",
  ].filter(Boolean);
}
