import type { Job } from "./cursors.ts";
import type { IdJob, Item } from "./follow-ups.ts";

/** Whether a commit of a change may be a merge of its base that GitHub made: by GitHub's signature and the headline of such merges, which proves nothing by itself. */
export function mayMergeBase({ message, signature }: Item): boolean {
  const { isValid, wasSignedByGitHub } = (signature ?? {}) as { isValid?: boolean; wasSignedByGitHub?: boolean };
  return isValid === true && wasSignedByGitHub === true && String(message).startsWith("Merge ");
}

/** Asks for the parents of a change's commit: within the list of changes they would be a list for each commit. */
export function parentsJob(commit: Item, at: string): Job {
  const oid = String(commit.oid);
  return { do: "parents", id: String(commit.id), of: oid, after: null, offset: 0, key: `parents:${oid}`, at };
}

/** Reads parents by the commits' ids, a hundred for one point. */
export const commitParents: IdJob = {
  operation: "CommitParents",
  most: 100,
  fields: "... on Commit { oid parents(first: 10) { totalCount nodes { oid } } }",
  records: (node) => [
    { kind: "commitParents", externalId: String(node.oid), body: { oid: node.oid, parents: node.parents } },
  ],
};
