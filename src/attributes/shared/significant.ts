import { z } from "zod";
import type { Verdict } from "../../model/attribute.ts";
import type { ChangeDossier } from "../../model/dossier.ts";
import { matchesAny } from "../../model/paths.ts";
import { judgeApprovals } from "./approvals.ts";
import { fail, notVerifiable } from "./verdicts.ts";

/** Which changes named approvers must see: by label or by the paths they touch; nobody named switches it off. */
export const significantParam = z
  .object({
    paths: z.array(z.string()).default([]),
    labels: z.array(z.string()).default([]),
    approvers: z.array(z.string()).default([]),
  })
  .prefault({});
type Significant = z.infer<typeof significantParam>;

/** Of a change whose approvals suffice, whether one is by an approver that policy names for significant changes; the verdict it was given otherwise. */
export function seenByNamedApprover(dossier: ChangeDossier, significant: Significant, verdict: Verdict): Verdict {
  if (verdict.outcome !== "pass" || significant.approvers.length === 0) return verdict;
  const why = significance(dossier, significant);
  if (why === undefined) return verdict;
  if (why === "unknown")
    return notVerifiable(
      `Whether it is significant, and needs a named approver, cannot be said: ${dossier.gaps.files}.`,
      dossier.change,
    );
  const { change, identities, source } = dossier;
  const named = new Set(significant.approvers.map((name) => name.toLowerCase()));
  const finding = judgeApprovals(dossier, {
    count: 1,
    onHead: false,
    mergeFromBaseKeeps: false,
    at: change.mergedAt,
    among: (actor) =>
      named.has(`${source}:${actor.login}`.toLowerCase()) ||
      named.has(
        identities
          .ofActor(source, actor)
          .id.replace(/^person:/, "")
          .toLowerCase(),
      ),
  });
  if (finding.outcome === "pass") return verdict;
  const judge = finding.outcome === "fail" ? fail : notVerifiable;
  return judge(
    `It is significant (${why}) and needs the approval of ${significant.approvers.join(" or ")}: ${finding.text}.`,
    ...finding.basis,
  );
}

function significance({ change, paths, gaps }: ChangeDossier, significant: Significant): string | undefined {
  const label = change.labels?.find((one) => significant.labels.includes(one));
  if (label !== undefined) return `label ${label}`;
  const path = paths.find((one) => matchesAny(significant.paths, one));
  if (path !== undefined) return `it touches ${path}`;
  return significant.paths.length > 0 && gaps.files !== undefined ? "unknown" : undefined;
}
