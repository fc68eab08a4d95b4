import type { StreamKind } from "../../model/stream.ts";
import type { Section } from "./ask-whole.ts";
import * as text from "./fragments.ts";

/** The kinds of evidence that lie in the pages of changes. */
export const changeKinds = [
  "changes",
  "reviews",
  "checks",
  "workItems",
  "files",
] as const satisfies readonly StreamKind[];
export type ChangeKind = (typeof changeKinds)[number];

/** What of a change can be refused; `signature` lies within its commits. */
export const changeSections: readonly Section[] = [
  { name: "reviews", keys: ["reviews"] },
  { name: "checks", keys: ["head", "statusCheckRollup"] },
  { name: "workItems", keys: ["workItems", "closingIssuesReferences"] },
  { name: "files", keys: ["files"] },
  { name: "signature", keys: ["signature"] },
];

/** One nested list of a change: `first` and `after` are GraphQL values. */
export const nested: Readonly<Record<string, (first: string, after: string, signature: boolean) => string>> = {
  commits: (first, after, signature) =>
    `commits(first: ${first}${after}) { totalCount ${text.page} nodes { commit { ${text.commit(signature)} } } }`,
  reviews: (first, after) => `reviews(first: ${first}${after}) { totalCount ${text.page} nodes { ${text.review} } }`,
  // By the change's last commit: older Enterprise Servers have no PullRequest.statusCheckRollup, and this one stays when the branch is deleted.
  checks: (first, after) =>
    `head: commits(last: 1) { nodes { commit { oid statusCheckRollup { contexts(first: ${first}${after}) { totalCount ${text.page} nodes { ${text.check} } } } } } }`,
  workItems: (first, after) =>
    `workItems: closingIssuesReferences(first: ${first}${after}) { totalCount ${text.page} nodes { ${text.workItem} } }`,
  files: (first, after) => `files(first: ${first}${after}) { totalCount ${text.page} nodes { ${text.file} } }`,
};

const own = `title body url createdAt mergedAt author { ${text.account} } mergedBy { ${text.account} }
  baseRefName baseRefOid headRefName headRefOid isCrossRepository mergeCommit { oid } labels(first: 100) { totalCount nodes { name } }`;

/**
 * A page of merged changes, last updated first, with what the kinds need; variables `$changesPage`, `$changesInner` and
 * `$changesAfter`. Of the other kinds wanted in this run it asks the counts, which belong to the change itself.
 */
export function changesField(
  kinds: readonly ChangeKind[],
  counted: readonly ChangeKind[],
  without: ReadonlySet<string>,
): string {
  const lists = ["changes", ...counted.filter((kind) => kind !== "changes" && !without.has(kind))].map((kind) => {
    const list = nested[kind === "changes" ? "commits" : kind] as (typeof nested)[string];
    return list(kinds.includes(kind as ChangeKind) ? "$changesInner" : "1", "", !without.has("signature"));
  });
  return `changes: pullRequests(states: MERGED, first: $changesPage, after: $changesAfter, orderBy: { field: UPDATED_AT, direction: DESC }) {
    totalCount ${text.page}
    nodes { id number updatedAt ${own} ${lists.join(" ")} }
  }`;
}
