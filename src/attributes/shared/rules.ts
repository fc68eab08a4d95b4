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
