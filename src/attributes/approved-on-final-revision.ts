import { defineAttribute } from "../model/attribute.ts";
import { exemptAutomation, judgeReview, reviewParams } from "./shared/review-policy.ts";
import { notApplicable } from "./shared/verdicts.ts";

/** The independent approvals are of the very commit that was merged; order is by commit id, never by git's dates. */
export const approvedOnFinalRevision = defineAttribute({
  id: "approved-on-final-revision",
  letter: "D",
  title: "The approval was of the final revision",
  subject: "change",
  requires: ["changes", "reviews"],
  params: reviewParams,
  test(dossier, params) {
    if (params.approval.finalRevision === "off")
      return notApplicable("Policy lets an approval stand when the change moves on.", dossier.change);
    return exemptAutomation(dossier, params) ?? judgeReview(dossier, params, true);
  },
});
