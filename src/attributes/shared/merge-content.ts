import type { ChangeDossier } from "../../model/dossier.ts";
import { actorName } from "../../model/dossier.ts";
import type { Basis } from "./verdicts.ts";
import { short } from "./verdicts.ts";

/** Whether what a merge put on the branch is what was reviewed. */
export interface MergeFinding {
  readonly outcome: "pass" | "fail" | "notVerifiable";
  /** A sentence, or empty where there is nothing to say. */
  readonly text: string;
  readonly basis: readonly Basis[];
}

/**
 * Whether the commit that a merge made holds the reviewed head and the base, and nothing else: the platform made it, or
 * it has the head's own tree. Where somebody made it by hand, only a head built on the branch's tip tells the clean
 * merge's tree.
 */
export function judgeMergeContent(dossier: ChangeDossier): MergeFinding {
  const { change, mergeCommit, headTree, builtOnBase, merge, mergedByHand } = dossier;
  if (!mergeCommit)
    return {
      outcome: "notVerifiable",
      text: "What its merge put on the branch is not in the evidence.",
      basis: [change],
    };
  const { commit, graph } = mergeCommit;
  const basis = [commit, graph, ...(merge ? [merge] : [])];
  const oid = short(graph.oid);
  if (graph.tree === headTree) return { outcome: "pass", text: "", basis };
  const by = merge && `, pushed by ${actorName(merge.by)} at ${merge.at}`;
  const pushed = mergedByHand === true || merge?.activity === "push" || merge?.activity === "forcePush";
  if (commit.madeBy === "platform" && !pushed) return { outcome: "pass", text: "", basis };
  if (merge?.activity === "merge" || merge?.activity === "mergeQueue") return { outcome: "pass", text: "", basis };
  // A platform does not sign the commits of a rebase; that it names one as the merge shows that it made it.
  if (!pushed && graph.parents.length < 2) return { outcome: "pass", text: "", basis };
  if (headTree !== undefined && builtOnBase)
    return {
      outcome: "fail",
      text: `The merge commit ${oid}${by ?? ""} is not the clean merge: ${short(change.headOid)} was built on the branch's tip, and the merge holds another tree than it.`,
      basis,
    };
  if (commit.madeBy === "unknown" && !merge)
    return {
      outcome: "pass",
      text: `Whether the platform made the merge commit ${oid} is not in the evidence, so that it holds nothing else rests on who merged.`,
      basis,
    };
  return {
    outcome: "notVerifiable",
    text: `The merge commit ${oid}${by ?? ""} was made by hand, with another tree than the approved ${short(change.headOid)}: whether it is the clean merge cannot be said.`,
    basis,
  };
}
