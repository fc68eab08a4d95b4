import { z } from "zod";
import type { ChangeDossier } from "../../model/dossier.ts";
import { matchesAny } from "../../model/paths.ts";
import type { ApprovalDemand, ApprovalFinding } from "./approvals.ts";
import { judgeApprovals } from "./approvals.ts";
import { labelAtMerge } from "./labels.ts";
import type { Basis } from "./verdicts.ts";

/** Which changes are significant, by label or by the paths they touch, who must see them and what they must say; nobody named and no note asked switches it off. */
export const significantParam = z
  .object({
    paths: z.array(z.string()).default([]),
    labels: z.array(z.string()).default([]),
    approvers: z.array(z.string()).default([]),
    impactNote: z.object({ heading: z.string() }).optional(),
  })
  .prefault({});
type Significant = z.infer<typeof significantParam>;

/** Of a significant change whose approvals are enough, whether one that meets the same demand is by an approver whom policy names; the finding as it was otherwise. */
export function seenByNamedApprover(
  dossier: ChangeDossier,
  significant: Significant,
  demand: ApprovalDemand,
  enough: ApprovalFinding,
): ApprovalFinding {
  if (enough.outcome !== "pass" || significant.approvers.length === 0) return enough;
  const found = significanceOf(dossier, significant);
  if (found.state === "no") return enough;
  const { identities, source } = dossier;
  const named = new Set(significant.approvers.map((name) => name.toLowerCase()));
  const finding = judgeApprovals(dossier, {
    ...demand,
    count: 1,
    among: (actor) =>
      named.has(`${source}:${actor.login}`.toLowerCase()) ||
      named.has(
        identities
          .ofActor(source, actor)
          .id.replace(/^person:/, "")
          .toLowerCase(),
      ),
  });
  if (finding.outcome === "pass") return enough;
  if (found.state === "unknown")
    return {
      outcome: "notVerifiable",
      text: `whether it is significant, and needs a named approver, cannot be said: ${found.why}`,
      basis: found.basis,
    };
  return {
    outcome: finding.outcome,
    text: `it is significant (${found.why}) and needs the approval of ${significant.approvers.join(" or ")}: ${finding.text}`,
    basis: [...found.basis, ...finding.basis],
  };
}

/** Whether a change is significant, and why or why that cannot be said. */
export interface Significance {
  readonly state: "yes" | "no" | "unknown";
  readonly why: string;
  readonly basis: readonly Basis[];
}

/** Whether a change is significant by policy: a label that stood at the merge, or a path it touches. */
export function significanceOf(dossier: ChangeDossier, { labels, paths }: Significant): Significance {
  const { change, gaps } = dossier;
  const found = labels.map((label) => ({ label, ...labelAtMerge(dossier, label) }));
  const stood = found.find(({ state }) => state === "stood");
  if (stood) return { state: "yes", why: `label ${stood.label}`, basis: stood.basis };
  const path = dossier.paths.find((one) => matchesAny(paths, one));
  if (path !== undefined) return { state: "yes", why: `it touches ${path}`, basis: [change] };
  if (paths.length > 0 && gaps.files !== undefined) return { state: "unknown", why: gaps.files, basis: [change] };
  const doubt = found.find(({ state }) => state === "unknown");
  if (doubt) return { state: "unknown", why: sentence(doubt.text), basis: doubt.basis };
  // A label that is gone may have stood at the merge.
  if (labels.length > 0 && change.totals.events === null)
    return { state: "unknown", why: "which labels stood at the merge is not in the evidence", basis: [change] };
  return { state: "no", why: "", basis: [change] };
}

const sentence = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1).replace(/\.$/, "")}`;
