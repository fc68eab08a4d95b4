import { defineAttribute } from "../model/attribute.ts";
import { emergencyOf } from "./shared/emergency.ts";
import { exemptAutomation, judgeReview, reviewParams } from "./shared/review-policy.ts";
import { notApplicable, notVerifiable } from "./shared/verdicts.ts";

/** A change that took the emergency path had its independent review of the final revision before its time was over. */
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
    if (verdict.message.includes(label.text)) return verdict;
    return { ...verdict, message: `${verdict.message} ${label.text}` };
  },
});
