import { defineAttribute } from "../model/attribute.ts";
import { reviewDeadline } from "./shared/emergency.ts";
import { exemptAutomation, judgeReview, reviewParams } from "./shared/review-policy.ts";
import { notApplicable } from "./shared/verdicts.ts";

/** A change that took the emergency path had its independent review of the final revision before its time was over. */
export const emergencyReviewedInTime = defineAttribute({
  id: "emergency-reviewed-in-time",
  letter: "J",
  title: "The emergency was reviewed in time",
  subject: "change",
  requires: ["changes", "reviews"],
  params: reviewParams,
  test(dossier, params) {
    if (!reviewDeadline(dossier, params.emergency)) return notApplicable("Not an emergency.", dossier.change);
    const onHead = params.approval.finalRevision === "required";
    const verdict = exemptAutomation(dossier, params) ?? judgeReview(dossier, params, onHead);
    const label = `The label is as it stood when the change was last read, by ${dossier.evidenceUntil}; when it was set is not in the evidence.`;
    return { ...verdict, message: `${verdict.message} ${label}` };
  },
});
