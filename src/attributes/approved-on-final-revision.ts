import type { Verdict } from "../model/attribute.ts";
import { defineAttribute } from "../model/attribute.ts";
import type { MergeFinding } from "./shared/merge-content.ts";
import { judgeMergeContent } from "./shared/merge-content.ts";
import { exemptAutomation, judgeReview, reviewParams } from "./shared/review-policy.ts";
import { fail, notApplicable, notVerifiable, pass } from "./shared/verdicts.ts";

/** The independent approvals are of the very commit that was merged, and the merge added nothing; order is by commit id, never by git's dates. */
export const approvedOnFinalRevision = defineAttribute({
  id: "approved-on-final-revision",
  letter: "D",
  title: "The approval was of the final revision",
  subject: "change",
  requires: ["changes", "reviews"],
  considers: ["branchActivity", "pipelineRuns", "access"],
  params: reviewParams,
  test(dossier, params) {
    if (params.approval.finalRevision === "off")
      return notApplicable("Policy lets an approval stand when the change moves on.", dossier.change);
    const exempt = exemptAutomation(dossier, params);
    return exempt ?? withMerge(judgeReview(dossier, params, true), judgeMergeContent(dossier));
  },
});

/** A passing review covers what was merged only where the merge added nothing to it. */
function withMerge(review: Verdict, merge: MergeFinding): Verdict {
  if (review.outcome === "fail" || merge.text === "") return review;
  const message = `${merge.text} ${review.message}`;
  const basis = [...review.evidence, ...merge.basis];
  if (merge.outcome === "fail") return fail(message, ...basis);
  if (merge.outcome === "pass" && review.outcome === "pass") return pass(`${review.message} ${merge.text}`, ...basis);
  if (review.outcome === "notVerifiable") return review;
  return notVerifiable(message, ...basis);
}
