import type { Verdict } from "../../model/attribute.ts";
import type { ChangeDossier } from "../../model/dossier.ts";
import { activeRules } from "./rules.ts";
import { notVerifiable, pass } from "./verdicts.ts";

/** Of a change whose approvals suffice, whether the owners of the code it touched were among them: by the source's own evaluation of a rule that demands it, as who owned what is not in the evidence. */
export function agreedByCodeOwners(dossier: ChangeDossier, codeOwners: "required" | "off", verdict: Verdict): Verdict {
  if (codeOwners === "off" || verdict.outcome !== "pass") return verdict;
  const { rulesAtMerge: rules, ruleSuite, gaps } = dossier;
  const open = (why: string) =>
    notVerifiable(
      `${verdict.message} Policy asks the code owners' approval as well, and whether they gave it cannot be said: ${why}.`,
      ...verdict.evidence,
      rules.known ? rules : undefined,
      ruleSuite,
    );
  if (!rules.known) return open(`which rules guarded the branch is not known (${rules.reason})`);
  const demanding = activeRules(rules).filter((rule) => rule.codeOwnerApproval);
  // The source evaluates rule sets only; branch rules of the older kind it leaves out.
  const evaluated = demanding.find(({ id }) => id.startsWith("ruleset:"));
  if (demanding.length === 0) return open("no rule of the branch demanded it at the merge");
  if (!evaluated) return open("the source keeps no evaluation of branch rules of the older kind");
  if (gaps.ruleSuites !== undefined) return open(gaps.ruleSuites);
  if (!ruleSuite) return open("the source's evaluation of its rules at the merge is not in the evidence");
  if (ruleSuite.result === "bypassed") return open(`the rules were bypassed at ${ruleSuite.at}`);
  if (ruleSuite.result !== "passed") return open(`how the rules were evaluated at ${ruleSuite.at} is not known`);
  return pass(
    `${verdict.message} The rule "${evaluated.name}" demanded the code owners' approval, and by the source's own evaluation at ${ruleSuite.at} it was met.`,
    ...verdict.evidence,
    rules,
    ruleSuite,
  );
}
