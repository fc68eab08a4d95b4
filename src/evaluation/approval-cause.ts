import { contributorsOf } from "../attributes/shared/contributors.ts";
import type { ChangeDossier } from "../model/dossier.ts";

type ApprovalCause =
  | "no-approval"
  | "approver-contributed"
  | "approved-by-automation"
  | "approval-not-counted"
  | "approved-older-revision"
  | "approved-after-merge";

/** Why a change has not the approvals that policy asks: by whom, of what and when it was approved at all. */
export function approvalCause(dossier: ChangeDossier, message: string): ApprovalCause {
  const { change, reviews, identities, source } = dossier;
  const approvals = reviews.filter(({ state }) => state === "approved" || state === "dismissed");
  const given = approvals.filter(({ submittedAt }) => submittedAt === null || submittedAt <= change.mergedAt);
  if (approvals.length === 0) return "no-approval";
  if (given.length === 0) return "approved-after-merge";
  const { parties } = contributorsOf(dossier);
  const judged = given.map(({ author, oid, state }) => {
    const party = author ? identities.ofActor(source, author) : undefined;
    if (party?.kind === "automation") return "automation";
    if (party && parties.has(party.id)) return "contributor";
    if (state === "dismissed") return "refused";
    return oid !== null && oid !== change.headOid && message.includes("not the final ") ? "older" : "refused";
  });
  if (judged.includes("older")) return "approved-older-revision";
  if (judged.includes("contributor")) return "approver-contributed";
  return judged.every((one) => one === "automation") ? "approved-by-automation" : "approval-not-counted";
}
