import { z } from "zod";
import { defineAttribute } from "../model/attribute.ts";
import type { ChangeDossier } from "../model/dossier.ts";
import { actorName } from "../model/dossier.ts";
import type { Rule } from "../model/entity.ts";
import { lastWords } from "./shared/approvals.ts";
import { gravest, judgeCheck } from "./shared/checks.ts";
import { contributorsOf } from "./shared/contributors.ts";
import { emergencyParam, reviewDeadline } from "./shared/emergency.ts";
import { activeRules, bypassText } from "./shared/rules.ts";
import type { Basis } from "./shared/verdicts.ts";
import { fail, notApplicable, notVerifiable, pass, plural, short } from "./shared/verdicts.ts";

interface Finding {
  readonly outcome: "pass" | "fail" | "notVerifiable";
  readonly text: string;
  readonly basis: readonly Basis[];
}

/** The record of the merge holds all that the branch's rules demanded then, so nobody needed to bypass them. The source has no field that says so: the demands are compared one by one. */
export const mergedWithoutBypass = defineAttribute({
  id: "merged-without-bypass",
  letter: "F",
  title: "The change was merged without bypassing the rules",
  subject: "change",
  requires: ["changes", "reviews", "checks"],
  params: z.object({ emergency: emergencyParam }),
  test(dossier, params) {
    const { change, rulesAtMerge, otherBase } = dossier;
    if (reviewDeadline(dossier, params.emergency))
      return notApplicable("Took the emergency path, which is judged by its review in time.", change);
    if (otherBase !== undefined)
      return notVerifiable(
        `Merged to ${otherBase} at ${change.mergedAt}; how it came to the released branch from there, whose rules these are, is not in the evidence.`,
        change,
      );
    if (!rulesAtMerge.known)
      return notVerifiable(`Which rules guarded the branch at the merge is not known: ${rulesAtMerge.reason}.`, change);
    const rules = activeRules(rulesAtMerge);
    if (rules.length === 0)
      return notApplicable(
        `No active rule guarded the branch at the merge at ${change.mergedAt}: there was nothing to bypass, which is a weakness of its settings.`,
        change,
        rulesAtMerge,
      );

    const findings = rules.flatMap((rule) => [
      ...unreadFindings(rule),
      ...approvalFindings(dossier, rule),
      ...checkFindings(dossier, rule),
    ]);
    const basis = [change, rulesAtMerge, ...findings.flatMap((finding) => finding.basis)];
    const merger = actorName(change.merger);
    const decisive = gravest(findings);
    const texts = findings.filter(({ outcome }) => outcome === decisive?.outcome).map(({ text }) => text);
    const may = bypassText(rules);
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
  },
});

/** A rule of which nothing could be read may have demanded anything. */
function unreadFindings(rule: Rule): Finding[] {
  const readable = rule.changeRequired || rule.forcePushBlocked || rule.deletionBlocked || rule.checks.length > 0;
  if (rule.unread.length === 0 || readable) return [];
  return [
    {
      outcome: "notVerifiable",
      text: `what the rule "${rule.name}" demands is not known (${rule.unread.join(", ")})`,
      basis: [],
    },
  ];
}

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
  const standing = words.filter((one) => one.stand === "approved" && !nameless(one));
  const doubtful = words.filter((one) => one.stand === "unknown" || (one.stand === "approved" && nameless(one)));
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
