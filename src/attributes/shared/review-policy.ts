import { z } from "zod";
import type { Verdict } from "../../model/attribute.ts";
import type { ChangeDossier } from "../../model/dossier.ts";
import { actorName } from "../../model/dossier.ts";
import { durationSchema } from "../../model/policy.ts";
import type { ApprovalDemand, ApprovalFinding } from "./approvals.ts";
import { judgeApprovals } from "./approvals.ts";
import { automationParam, entryOfAuthor, refusalOf, unknownMerge } from "./automation.ts";
import { dueAfterMerge, emergencyOf, emergencyParam } from "./emergency.ts";
import type { LabelFinding } from "./labels.ts";
import { seenByNamedApprover, significantParam } from "./significant.ts";
import { fail, notApplicable, notVerifiable, pass } from "./verdicts.ts";

/** What policy says of reviews; read by every attribute that judges them. */
export const reviewParams = z.object({
  approval: z
    .object({
      count: z.number().int().min(1).default(1),
      finalRevision: z.enum(["required", "off"]).default("required"),
      mergeFromBaseKeeps: z.boolean().default(false),
      codeOwners: z.enum(["required", "off"]).default("off"),
      retrospectiveWithin: z.union([z.number().int().positive(), durationSchema]).optional(),
    })
    .prefault({}),
  emergency: emergencyParam,
  automation: automationParam,
  significant: significantParam,
});
export type ReviewParams = z.infer<typeof reviewParams>;

/** The verdict where policy asks no person's approval of the automation that made the change, as far as that is known; undefined otherwise. */
export function exemptAutomation(dossier: ChangeDossier, params: ReviewParams): Verdict | undefined {
  const entry = entryOfAuthor(dossier, params.automation);
  if (entry?.approval !== "none") return undefined;
  const refused = refusalOf(dossier, entry);
  if (refused === unknownMerge)
    return notVerifiable(
      `Policy asks no person's approval of ${actorName(dossier.change.author)} alone, but ${refused}.`,
      dossier.change.record,
      ...dossier.commits,
    );
  if (refused) return undefined;
  const what = entry.release ? "A release, made" : "Made";
  const only = entry.paths.length > 0 ? ", in nothing but the paths policy gives it" : "";
  const text = `${what} by ${actorName(dossier.change.author)} alone${only}, for which policy asks no person's approval.`;
  return notApplicable(text, dossier.change.record, ...dossier.commits);
}

/** Why an exemption that policy grants this author was refused; empty where none is granted. */
function refusal(dossier: ChangeDossier, params: ReviewParams): string {
  const entry = entryOfAuthor(dossier, params.automation);
  const why = entry?.approval === "none" && refusalOf(dossier, entry);
  return why ? ` The exemption for ${entry.account} is refused: ${why}.` : "";
}

/** The time after the merge within which approvals still count, and what gives it. */
interface Delay {
  readonly until: string;
  readonly because: string;
  /** Whether the change had it is not in the evidence. */
  readonly doubt?: LabelFinding;
}

/** Every delay that a change may have, the shortest first. */
function delaysOf(dossier: ChangeDossier, { approval, emergency }: ReviewParams, label: LabelFinding): Delay[] {
  const emergent: Delay = {
    until: dueAfterMerge(dossier, emergency.reviewWithin),
    because: "an emergency",
    ...(label.state === "unknown" ? { doubt: label } : {}),
  };
  const retrospective = approval.retrospectiveWithin;
  return [
    ...(label.state === "absent" ? [] : [emergent]),
    ...(retrospective === undefined
      ? []
      : [{ until: dueAfterMerge(dossier, retrospective), because: "an approval after the merge" }]),
  ].sort((a, b) => Number(a.doubt !== undefined) - Number(b.doubt !== undefined) || (a.until < b.until ? -1 : 1));
}

/** Whether the approvals at an instant suffice: enough of them and, of a significant change, one by whom policy names. */
function sufficing(
  dossier: ChangeDossier,
  { approval, significant }: ReviewParams,
  when: Pick<ApprovalDemand, "onHead" | "at">,
): ApprovalFinding {
  const { count, mergeFromBaseKeeps } = approval;
  const demand = { count, mergeFromBaseKeeps, ...when };
  return seenByNamedApprover(dossier, significant, demand, judgeApprovals(dossier, demand));
}

/** Judges approvals at the merge, or those of the final head given before a time that policy grants was over. */
export function judgeReview(dossier: ChangeDossier, params: ReviewParams, onHead: boolean): Verdict {
  const { change } = dossier;
  const atMerge = sufficing(dossier, params, { onHead, at: change.mergedAt });
  if (atMerge.outcome === "pass") return said(atMerge, `, before the merge at ${change.mergedAt}.`);
  const label = emergencyOf(dossier, params.emergency);
  const note = `${label.text && ` ${label.text}`}${refusal(dossier, params)}`;
  const merged = `Merged at ${change.mergedAt} by ${actorName(change.merger)}`;
  const delays = delaysOf(dossier, params, label);
  if (delays.length === 0) return said(withBasis(atMerge, label), `. ${merged}.${note}`);

  const late = delays.map((delay) => judgeLate(dossier, params, delay, atMerge, merged, note));
  // What passes by any delay passes; else one that is still open goes before one that is over.
  const rank = ({ outcome }: Verdict) => ["pass", "notVerifiable", "fail"].indexOf(outcome);
  const best = late.toSorted((a, b) => rank(a) - rank(b))[0] ?? said(atMerge, `. ${merged}.${note}`);
  return best;
}

/** When the approvals of a change first sufficed, where that was only after an instant that followed its merge; undefined where they did before, or never did. */
export function approvedOnlyAfter(dossier: ChangeDossier, params: ReviewParams, instant: string): string | undefined {
  const later = dossier.reviews
    .flatMap(({ submittedAt }) => (submittedAt !== null && submittedAt > instant ? [submittedAt] : []))
    .sort();
  if (later.length === 0) return undefined;
  const suffice = (onHead: boolean, at: string) => sufficing(dossier, params, { onHead, at }).outcome === "pass";
  if (suffice(params.approval.finalRevision === "required", dossier.change.mergedAt) || suffice(true, instant))
    return undefined;
  return later.find((at) => suffice(true, at));
}

function judgeLate(
  dossier: ChangeDossier,
  params: ReviewParams,
  { until, because, doubt }: Delay,
  atMerge: ApprovalFinding,
  merged: string,
  note: string,
): Verdict {
  const inTime = sufficing(dossier, params, { onHead: true, at: until });
  if (inTime.outcome === "pass") {
    const finding = doubt ? { ...withBasis(inTime, doubt), outcome: "notVerifiable" as const } : inTime;
    return said(finding, `, within the time for ${because} (until ${until}). ${merged}.${doubt ? note : ""}`);
  }
  if (dossier.evidenceUntil < until) {
    const waiting = notVerifiable(
      `${because === "an emergency" ? "Emergency, not yet reviewed" : "Not yet approved"}; due ${until}, and the evidence reaches to ${dossier.evidenceUntil}. ${merged}.${doubt ? note : ""}`,
      ...inTime.basis,
      ...(doubt?.basis ?? []),
    );
    // A label that may not have stood gives no time.
    return doubt ? waiting : { ...waiting, due: until };
  }
  const open = [inTime, atMerge].find(({ outcome }) => outcome === "notVerifiable");
  const conclusion = open ? "whether it was reviewed in time cannot be said" : `not reviewed by ${until}`;
  const as = because === "an emergency" && !doubt ? " as an emergency" : "";
  return said(open ?? inTime, `. ${merged}${as}; ${conclusion}.${note}`);
}

const withBasis = (finding: ApprovalFinding, label: LabelFinding): ApprovalFinding => ({
  ...finding,
  basis: label.text ? [...finding.basis, ...label.basis] : finding.basis,
});

function said(finding: ApprovalFinding, rest: string): Verdict {
  const verdict = { pass, fail, notVerifiable }[finding.outcome];
  // A sentence may begin with a login, which is written as it is.
  const text = finding.text.replace(
    /^(the|a|it|somebody|what|whether) /,
    (word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`,
  );
  return verdict(`${text}${rest}`, ...finding.basis);
}
