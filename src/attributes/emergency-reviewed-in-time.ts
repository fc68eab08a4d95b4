import { defineAttribute } from "../model/attribute.ts";
import { describedAtMerge } from "./shared/at-merge.ts";
import { textUnder } from "./shared/description.ts";
import { emergencyOf } from "./shared/emergency.ts";
import { exemptAutomation, judgeReview, reviewParams } from "./shared/review-policy.ts";
import { fail, notApplicable, notVerifiable } from "./shared/verdicts.ts";

/** A change that took the emergency path had its independent review of the final revision before its time was over, and said why it could not wait, where policy asks. */
export const emergencyReviewedInTime = defineAttribute({
  id: "emergency-reviewed-in-time",
  letter: "J",
  title: "The emergency was reviewed in time",
  subject: "change",
  requires: ["changes", "reviews"],
  considers: ["branchActivity", "pipelineRuns", "access"],
  params: reviewParams,
  test(dossier, params) {
    const label = emergencyOf(dossier, params.emergency);
    if (label.state === "absent") {
      const why = label.text ? ` ${label.text}` : "";
      return notApplicable(`Not an emergency.${why}`, dossier.change, ...label.basis);
    }
    if (label.state === "unknown") return notVerifiable(label.text, ...label.basis);
    // A longer time that policy gives to ordinary changes is not an emergency's.
    const { retrospectiveWithin: _, ...approval } = params.approval;
    const onHead = approval.finalRevision === "required";
    const verdict = exemptAutomation(dossier, params) ?? judgeReview(dossier, { ...params, approval }, onHead);
    const told = verdict.message.includes(label.text) ? verdict.message : `${verdict.message} ${label.text}`;
    const { reason } = params.emergency;
    if (!reason) return { ...verdict, message: told };
    const { read, known } = describedAtMerge(dossier);
    if (known === "edited")
      return notVerifiable(
        `${told} Its description was edited after the merge and before it was first read: whether it gave a reason under "${reason.heading}" cannot be said.`,
        read,
        ...verdict.evidence,
      );
    if (textUnder(read.description, reason.heading))
      return { ...verdict, message: `${told} Its description says why under "${reason.heading}".` };
    return fail(`${told} Its description gives no reason under "${reason.heading}".`, read, ...verdict.evidence);
  },
});
