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

/**
 * What of a change can be refused. Without its timeline, reviews and labels are asked as lists of their own; without its
 * own rollup, the last commit's. `signature` and `workflow` lie within its commits and checks.
 */
export const changeSections: readonly Section[] = [
  { name: "timeline", keys: ["timeline", "timelineItems"] },
  { name: "reviews", keys: ["reviews"] },
  { name: "workflow", keys: ["workflowRun", "file"] },
  { name: "rollup", keys: ["rollup", "statusCheckRollup"] },
  { name: "checks", keys: ["head", "statusCheckRollup"] },
  { name: "workItems", keys: ["workItems", "closingIssuesReferences"] },
  { name: "files", keys: ["files"] },
  { name: "signature", keys: ["signature"] },
];

type Without = Pick<ReadonlySet<string>, "has">;
type ListField = (first: string, after: string, without: Without) => string;

const contexts: ListField = (first, after, without) =>
  `contexts(first: ${first}${after}) { totalCount ${text.page} nodes { ${text.check(!without.has("workflow"))} } }`;

/** The checks of a change's last commit, which stay when its branch is deleted. */
export const headChecks: ListField = (first, after, without) =>
  `head: commits(last: 1) { nodes { commit { oid statusCheckRollup { ${contexts(first, after, without)} } } } }`;

/** One nested list of a change: `first` and `after` are GraphQL values. */
export const nested: Readonly<Record<string, ListField>> = {
  commits: (first, after, without) =>
    `commits(first: ${first}${after}) { totalCount ${text.page} nodes { commit { ${text.commit(!without.has("signature"))} } } }`,
  timeline: (first, after) =>
    `timeline: timelineItems(first: ${first}${after}, itemTypes: ${text.timelineTypes}) { totalCount ${text.page} nodes { ${text.timelineItem} } }`,
  reviews: (first, after) => `reviews(first: ${first}${after}) { totalCount ${text.page} nodes { ${text.review} } }`,
  checks: (first, after, without) =>
    without.has("rollup")
      ? headChecks(first, after, without)
      : `rollup: statusCheckRollup { commit { oid } ${contexts(first, after, without)} }`,
  workItems: (first, after) =>
    `workItems: closingIssuesReferences(first: ${first}${after}) { totalCount ${text.page} nodes { ${text.workItem} } }`,
  files: (first, after) => `files(first: ${first}${after}) { totalCount ${text.page} nodes { ${text.file} } }`,
};

const own = `id number updatedAt title body lastEditedAt url createdAt mergedAt author { ${text.account} } mergedBy { ${text.account} }
  baseRefName baseRefOid headRefName headRefOid isCrossRepository mergeCommit { oid }`;

/** All of a change that the kinds need; of the other kinds wanted in this run the counts, which belong to the change itself. */
export function changeFields(
  kinds: readonly ChangeKind[],
  counted: readonly ChangeKind[],
  without: Without,
  first: string,
  timeline: { readonly first: string; readonly after: string } = { first, after: "" },
): string {
  const asked = counted.filter((kind) => kind !== "changes" && !without.has(kind));
  const lists = ["changes" as const, ...asked].flatMap((kind) => {
    if (kind === "reviews" && !without.has("timeline")) return [];
    const list = nested[kind === "changes" ? "commits" : kind] as ListField;
    return list(kinds.includes(kind) ? first : "1", "", without);
  });
  const events = without.has("timeline")
    ? "labels(first: 100) { totalCount nodes { name } }"
    : (nested.timeline as ListField)(timeline.first, timeline.after, without);
  return `${own} ${events} ${lists.join(" ")}`;
}

/** A page of merged changes, last updated first; variables `$changesPage`, `$changesInner` and `$changesAfter`. */
export function changesField(
  kinds: readonly ChangeKind[],
  counted: readonly ChangeKind[],
  without: ReadonlySet<string>,
): string {
  return `changes: pullRequests(states: MERGED, first: $changesPage, after: $changesAfter, orderBy: { field: UPDATED_AT, direction: DESC }) {
    totalCount ${text.page}
    nodes { ${changeFields(kinds, counted, without, "$changesInner")} }
  }`;
}
