import type { Delivery } from "../model/assessment/delivery.ts";
import type { Item } from "../model/assessment.ts";

const [isProtected, binds] = ["branch-protected", "rules-bind-administrators"];

/** Of the repositories delivered, those whose released branch's rules met both attributes over the whole period; of several settings of one repository, the gravest answer counts. */
export function standardRulesOf(population: readonly Item[]): Delivery["standardRules"] {
  const settings = population.filter(({ subject }) => subject === "configuration");
  const answers = [...Map.groupBy(settings, ({ repository }) => repository).values()].map(answerOf);
  const count = (answer: ReturnType<typeof answerOf>): number => answers.filter((one) => one === answer).length;
  return {
    repositories: answers.length,
    met: count("met"),
    exempt: count("exempt"),
    failed: count("failed"),
    notVerifiable: count("notVerifiable"),
  };
}

function answerOf(settings: readonly Item[]): "met" | "exempt" | "failed" | "notVerifiable" {
  const outcomes = (attribute: string | undefined) =>
    settings.map(({ observations }) => observations.find((one) => one.attribute === attribute)?.outcome);
  const all = [...outcomes(isProtected), ...outcomes(binds)];
  if (all.includes("fail")) return "failed";
  if (outcomes(isProtected).some((one) => one !== "pass")) return "notVerifiable";
  if (outcomes(binds).every((one) => one === "pass")) return "met";
  return outcomes(binds).every((one) => one === "pass" || one === "notApplicable") ? "exempt" : "notVerifiable";
}
