import { z } from "zod";
import type { Verdict } from "../model/attribute.ts";
import { defineAttribute } from "../model/attribute.ts";
import type { ChangeDossier, RulesAt } from "../model/dossier.ts";
import { actorName } from "../model/dossier.ts";
import type { Rule, RuleSuite } from "../model/entity.ts";
import { rightToWrite } from "./shared/access.ts";
import { lastWords } from "./shared/approvals.ts";
import { gravest, judgeCheck } from "./shared/checks.ts";
import { contributorsOf } from "./shared/contributors.ts";
import { emergencyOf, emergencyParam } from "./shared/emergency.ts";
import { activeRules, bypassText as mayBypass, unclearRules } from "./shared/rules.ts";
import type { Basis } from "./shared/verdicts.ts";
import { fail, notApplicable, notVerifiable, pass, plural, short } from "./shared/verdicts.ts";

interface Finding {
  readonly outcome: "pass" | "fail" | "notVerifiable";
  readonly text: string;
  readonly basis: readonly Basis[];
}

/** The record of the merge holds all that the branch's rules demanded then, so nobody needed to bypass them: the demands are compared one by one, and the source's own evaluation, where it keeps one, is heard beside. */
export const mergedWithoutBypass = defineAttribute({
  id: "merged-without-bypass",
  letter: "F",
  title: "The change was merged without bypassing the rules",
  subject: "change",
  requires: ["changes", "reviews", "checks"],
  considers: ["ruleSuites", "access"],
  params: z.object({ emergency: emergencyParam }),
  test(dossier, params) {
    const { change, rulesAtMerge, otherBase, ruleSuite } = dossier;
    const emergency = emergencyOf(dossier, params.emergency);
    const bypassed = ruleSuite?.result === "bypassed" ? bypassText(ruleSuite) : undefined;
    if (emergency.state === "stood")
      return notApplicable(
        `Took the emergency path, which is judged by its review in time.${bypassed ? ` ${bypassed}.` : ""}`,
        change,
        ...emergency.basis,
        bypassed ? ruleSuite : undefined,
      );
    if (emergency.state === "unknown")
      return notVerifiable(
        `${emergency.text} An emergency is judged by its review in time, another change by the rules.`,
        ...emergency.basis,
      );
    if (bypassed) return fail(`${bypassed}.${emergency.text && ` ${emergency.text}`}`, change, ruleSuite);
    const byRules = judgeByRules(dossier, rulesAtMerge, otherBase);
    if (byRules.outcome === "fail" && emergency.text)
      return fail(`${byRules.message} ${emergency.text}`, ...byRules.evidence, ...emergency.basis);
    if (byRules.outcome !== "pass" || !ruleSuite) return byRules;
    if (ruleSuite.result === "passed") {
      const text = `${byRules.message} The source's own evaluation of its rules at ${ruleSuite.at} agrees.`;
      return pass(text, ...byRules.evidence, ruleSuite);
    }
    return notVerifiable(
      `${byRules.message} How the source itself evaluated its rules at ${ruleSuite.at} is not known.`,
      ...byRules.evidence,
      ruleSuite,
    );
  },
});

/** Who passed the rules by, when, and what was not met, by the source's own word. */
function bypassText({ by, at, unmet, after }: RuleSuite): string {
  const what =
    unmet === null
      ? "what was not met was not read"
      : unmet.length > 0
        ? `not met: ${unmet.join(", ")}`
        : "the source names no rule that was not met";
  return `By the source's own evaluation ${actorName(by)} bypassed the branch's rules at ${at} with ${short(after ?? "")}; ${what}`;
}

/** Compares what the rules in force demanded with what is on record. */
function judgeByRules(dossier: ChangeDossier, rulesAtMerge: RulesAt, otherBase: string | undefined): Verdict {
  const { change } = dossier;
  if (otherBase !== undefined)
    return notVerifiable(
      `Merged to ${otherBase} at ${change.mergedAt}; how it came to the released branch from there, whose rules these are, is not in the evidence.`,
      change,
    );
  if (!rulesAtMerge.known)
    return notVerifiable(`Which rules guarded the branch at the merge is not known: ${rulesAtMerge.reason}.`, change);
  const rules = activeRules(rulesAtMerge);
  const unclear = unclearFindings(dossier, rulesAtMerge);
  if (rules.length === 0 && unclear.length === 0)
    return notApplicable(
      `No active rule guarded the branch at the merge at ${change.mergedAt}: there was nothing to bypass, which is a weakness of its settings.`,
      change,
      rulesAtMerge,
    );

  const findings = [
    ...unclear,
    ...rules.flatMap((rule) => [...approvalFindings(dossier, rule), ...checkFindings(dossier, rule)]),
  ];
  const basis = [change, rulesAtMerge, ...findings.flatMap((finding) => finding.basis)];
  const merger = actorName(change.merger);
  const decisive = gravest(findings);
  const texts = findings.filter(({ outcome }) => outcome === decisive?.outcome).map(({ text }) => text);
  const may = mayBypass(rules);
  if (decisive?.outcome === "fail") {
    const how = `Only by bypassing the rules could ${merger} merge it at ${change.mergedAt}${may ? ` (${may})` : ""}.`;
    return fail(`The branch's rules were not met: ${[...new Set(texts)].join("; ")}. ${how}`, ...basis);
  }
  if (decisive)
    return notVerifiable(`Merged by ${merger} at ${change.mergedAt}; ${[...new Set(texts)].join("; ")}.`, ...basis);
  const unread = [...new Set(rules.flatMap((rule) => rule.unread))];
  const beside = unread.length > 0 ? ` Rules of other kinds were not compared: ${unread.join(", ")}.` : "";
  return pass(
    `Merged by ${merger} at ${change.mergedAt}; the record meets what the rules demanded (${demandText(rules)}).${beside}`,
    ...basis,
  );
}

/** Rules that may have demanded more than can be read, unless they were in force and the source itself found them met. */
const unclearFindings = (dossier: ChangeDossier, rules: Extract<RulesAt, { known: true }>): Finding[] =>
  unclearRules(rules)
    .filter(({ rule }) => rule.enforcement !== "active" || !metBySource(dossier, rule))
    .map(({ text }) => ({ outcome: "notVerifiable", text, basis: [] }));

/** The source evaluates its rule sets with what the record does not hold; branch rules of the older kind it leaves out. */
const metBySource = ({ ruleSuite }: ChangeDossier, rule: Rule): boolean =>
  ruleSuite?.result === "passed" && rule.id.startsWith("ruleset:");

/** The platform's own count: the last word of every account but the author's, automation's too. */
function approvalFindings(dossier: ChangeDossier, rule: Rule): Finding[] {
  const { change, identities, source } = dossier;
  const needed = Math.max(rule.approvals, rule.lastPushApproval || rule.codeOwnerApproval ? 1 : 0);
  if (needed === 0) return [];
  const words = lastWords(dossier, change.mergedAt, ({ id }) => id).filter(
    ({ review }) => review.author?.id !== change.author?.id || !review.author,
  );
  // The platform lets nobody approve a change of their own; of two deleted accounts nobody can tell whether they were one.
  const nameless = ({ review }: (typeof words)[number]) => !review.author && !change.author;
  const approvals = words
    .filter(({ stand }) => stand === "approved")
    .map((one) => ({ ...one, right: rightToWrite(dossier, one.review).state }));
  // Nor does it count who may not write.
  const isDoubtful = (one: (typeof approvals)[number]) => nameless(one) || one.right === "unknown";
  const standing = approvals.filter((one) => !isDoubtful(one) && one.right !== "no");
  const doubtful = [...words.filter(({ stand }) => stand === "unknown"), ...approvals.filter(isDoubtful)];
  const fresh = standing.filter(
    ({ review }) => !rule.dismissStaleApprovals || review.oid === change.headOid || review.oid === null,
  );
  const certain = fresh.filter(({ review }) => !rule.dismissStaleApprovals || review.oid !== null);
  const basis = words.map(({ review }) => review);
  const said = `the rule "${rule.name}" demands ${plural(needed, "approval")}${rule.dismissStaleApprovals ? " of the last commit" : ""}`;
  if (fresh.length + doubtful.length < needed)
    return [
      { outcome: "fail", text: `${said}, and ${fresh.length} stood at the merge of ${short(change.headOid)}`, basis },
    ];
  if (certain.length < needed)
    return [
      {
        outcome: "notVerifiable",
        text: `${said}; which approvals stood on ${short(change.headOid)} is not in the evidence`,
        basis,
      },
    ];
  const findings: Finding[] = [{ outcome: "pass", text: said, basis }];
  if (metBySource(dossier, rule)) return findings;
  if (rule.codeOwnerApproval)
    findings.push({
      outcome: "notVerifiable",
      text: `the rule "${rule.name}" demands a code owner's approval; who owned the paths then is not in the evidence`,
      basis,
    });
  if (rule.lastPushApproval) {
    const contributors = contributorsOf(dossier);
    const apart = certain.filter(
      ({ review }) => review.author && !contributors.parties.has(identities.ofActor(source, review.author).id),
    );
    if (contributors.incomplete || apart.length <= contributors.strangers.length)
      findings.push({
        outcome: "notVerifiable",
        text: `the rule "${rule.name}" demands an approval by another than the last pusher, whom the evidence does not name`,
        basis,
      });
  }
  return findings;
}

const checkFindings = (dossier: ChangeDossier, rule: Rule): Finding[] =>
  // The platform takes skipped and neutral for success: such a check was not performed, but nothing was bypassed.
  rule.checks.map((check) => judgeCheck(dossier, check, ["skipped", "neutral"]));

function demandText(rules: readonly Rule[]): string {
  const approvals = Math.max(0, ...rules.map((rule) => rule.approvals));
  const checks = [...new Set(rules.flatMap((rule) => rule.checks.map(({ name }) => name)))];
  const demands = [
    rules.some((rule) => rule.changeRequired) ? "a change" : "",
    approvals > 0 ? plural(approvals, "approval") : "",
    checks.length > 0 ? `checks ${checks.join(", ")}` : "",
  ].filter(Boolean);
  return demands.join("; ") || "nothing of a change";
}
