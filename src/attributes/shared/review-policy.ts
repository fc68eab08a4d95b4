import { z } from "zod";
import type { Verdict } from "../../model/attribute.ts";
import type { ChangeDossier } from "../../model/dossier.ts";
import { actorName } from "../../model/dossier.ts";
import type { ApprovalFinding } from "./approvals.ts";
import { judgeApprovals } from "./approvals.ts";
import { automationParam, entryOfAuthor, foreignCommit } from "./automation.ts";
import { emergencyParam, reviewDeadline } from "./emergency.ts";
import { significantParam } from "./significant.ts";
import { fail, notApplicable, notVerifiable, pass } from "./verdicts.ts";

/** What policy says of reviews; read by every attribute that judges them. */
export const reviewParams = z.object({
  approval: z
    .object({
      count: z.number().int().min(1).default(1),
      finalRevision: z.enum(["required", "off"]).default("required"),
      mergeFromBaseKeeps: z.boolean().default(false),
    })
    .prefault({}),
  emergency: emergencyParam,
  automation: automationParam,
  significant: significantParam,
});
export type ReviewParams = z.infer<typeof reviewParams>;

/** The verdict where policy asks no person's approval of the automation that made the change; undefined otherwise. */
export function exemptAutomation(dossier: ChangeDossier, params: ReviewParams): Verdict | undefined {
  const entry = entryOfAuthor(dossier, params.automation);
  if (entry?.approval !== "none" || foreignCommit(dossier)) return undefined;
  const text = `Made by ${actorName(dossier.change.author)} alone, for which policy asks no person's approval.`;
  return notApplicable(text, dossier.change.record, ...dossier.commits);
}

/** Why an exemption that policy grants this author was refused; empty where none is granted. */
function refusal(dossier: ChangeDossier, params: ReviewParams): string {
  const entry = entryOfAuthor(dossier, params.automation);
  const foreign = entry?.approval === "none" && foreignCommit(dossier);
  return foreign ? ` The exemption for ${entry.account} is refused: ${foreign}.` : "";
}

/** Judges approvals at the merge, or, of an emergency, those of the final head given before its time was over. */
export function judgeReview(dossier: ChangeDossier, params: ReviewParams, onHead: boolean): Verdict {
  const { change } = dossier;
  const { count, mergeFromBaseKeeps } = params.approval;
  const atMerge = judgeApprovals(dossier, { count, mergeFromBaseKeeps, onHead, at: change.mergedAt });
  if (atMerge.outcome === "pass") return said(atMerge, `, before the merge at ${change.mergedAt}.`);
  const note = refusal(dossier, params);
  const merged = `Merged at ${change.mergedAt} by ${actorName(change.merger)}`;
  const deadline = reviewDeadline(dossier, params.emergency);
  if (!deadline) return said(atMerge, `. ${merged}.${note}`);

  const inTime = judgeApprovals(dossier, { count, mergeFromBaseKeeps, onHead: true, at: deadline });
  if (inTime.outcome === "pass")
    return said(inTime, `, within the time for an emergency (until ${deadline}). ${merged}.`);
  if (dossier.evidenceUntil < deadline) {
    const waiting = notVerifiable(
      `Emergency, not yet reviewed; due ${deadline}, and the evidence reaches to ${dossier.evidenceUntil}. ${merged}.`,
      ...inTime.basis,
    );
    return { ...waiting, due: deadline };
  }
  const open = [inTime, atMerge].find(({ outcome }) => outcome === "notVerifiable");
  const conclusion = open ? "whether it was reviewed in time cannot be said" : `not reviewed by ${deadline}`;
  return said(open ?? inTime, `. ${merged} as an emergency; ${conclusion}.${note}`);
}

function said(finding: ApprovalFinding, rest: string): Verdict {
  const verdict = { pass, fail, notVerifiable }[finding.outcome];
  // A sentence may begin with a login, which is written as it is.
  const text = finding.text.replace(
    /^(the|a|somebody|what) /,
    (word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`,
  );
  return verdict(`${text}${rest}`, ...finding.basis);
}
