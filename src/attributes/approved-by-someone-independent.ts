import { defineAttribute } from "../model/attribute.ts";
import { agreedByCodeOwners } from "./shared/code-owners.ts";
import { exemptAutomation, judgeReview, reviewParams } from "./shared/review-policy.ts";

/** Enough persons who contributed nothing to the change approved it before the merge, or an emergency in its time. */
export const approvedBySomeoneIndependent = defineAttribute({
  id: "approved-by-someone-independent",
  letter: "C",
  title: "The change was approved by someone independent",
  subject: "change",
  requires: ["changes", "reviews"],
  considers: ["branchActivity", "pipelineRuns", "access"],
  params: reviewParams,
  test: (dossier, params) =>
    exemptAutomation(dossier, params) ??
    agreedByCodeOwners(dossier, params.approval.codeOwners, judgeReview(dossier, params, false)),
});
