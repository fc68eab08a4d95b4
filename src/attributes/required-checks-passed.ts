import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import { actorName } from "../model/dossier.ts";
import { automationParam, entryOfAuthor, refusalOf } from "./shared/automation.ts";
import { checksParam, checkVerdict } from "./shared/checks.ts";
import { activeRules, unclearRules } from "./shared/rules.ts";
import { listed, notApplicable, notVerifiable } from "./shared/verdicts.ts";

/** Every required check had succeeded on the change's head when it was merged. */
export const requiredChecksPassed = defineAttribute({
  id: "required-checks-passed",
  letter: "E",
  title: "The required checks passed on the commit that was merged",
  subject: "change",
  requires: ["changes", "checks"],
  params: z.object({ requiredChecks: checksParam, automation: automationParam }),
  test(dossier, params) {
    const { change, rulesAtMerge: rules } = dossier;
    const entry = entryOfAuthor(dossier, params.automation);
    const own = entry && refusalOf(dossier, entry) === undefined ? entry : undefined;
    if (own?.checks === "off") return notApplicable(`Policy asks no checks of ${actorName(change.author)}.`, change);
    if (own && own.checks !== "required")
      return checkVerdict(dossier, own.checks, `demanded by policy of ${actorName(change.author)}`);
    if (params.requiredChecks.length > 0) return checkVerdict(dossier, params.requiredChecks, "demanded by policy");
    if (!rules.known)
      return notVerifiable(
        `Policy names no check, and which ones the branch demanded is not known: ${rules.reason}.`,
        change,
      );
    const demanded = new Map(
      activeRules(rules).flatMap((rule) => rule.checks.map((check) => [JSON.stringify(check), check] as const)),
    );
    const named = checkVerdict(dossier, [...demanded.values()], "demanded by the branch's rules", rules);
    if (named.outcome === "fail") return named;
    const unclear = unclearRules(rules).map(({ text }) => text);
    if (unclear.length > 0)
      return notVerifiable(
        `Policy names no check, and which ones the branch demanded is not known: ${listed(unclear)}.`,
        change,
        rules,
      );
    if (demanded.size > 0) return named;
    return notApplicable("No check was required: neither policy nor the branch's rules named one.", change, rules);
  },
});
