import type { ChangedFile, Dismissal, Issue, PullRequest, Review } from "../world.ts";
import { connection } from "./connection.ts";
import { accountOf, type Context, changeOf, commitOf, fullName, refusal, repositoryOf, time } from "./context.ts";
import { rollupOf } from "./resolve-commit.ts";
import { allow, type Fields, fields, nodeId, properties } from "./resolver.ts";

interface CommitOfChange {
  kind: "PullRequestCommit";
  change: PullRequest;
  oid: string;
}

/** Timeline items that the sandbox knows, and those it can say there are none of. */
const TIMELINE = new Set(["REVIEW_DISMISSED_EVENT", "MERGED_EVENT"]);
const NEVER = new Set([
  "ADDED_TO_MERGE_QUEUE_EVENT",
  "REMOVED_FROM_MERGE_QUEUE_EVENT",
  "BASE_REF_CHANGED_EVENT",
  "BASE_REF_FORCE_PUSHED_EVENT",
]);

/** Pull requests with their reviews, and issues. */
export const changeTypes: Readonly<Record<string, Fields>> = {
  PullRequest: fields<PullRequest>({
    ...properties(
      "title",
      "body",
      "number",
      "state",
      "isDraft",
      "baseRefName",
      "headRefName",
      "baseRefOid",
      "headRefOid",
    ),
    id: (change, _args, context) => change.nodeId ?? nodeId(context, "PR", change.repo, change.id),
    databaseId: ({ id }) => id,
    fullDatabaseId: ({ id }) => String(id),
    url: (change, _args, context) => linkOf(change, context),
    permalink: (change, _args, context) => linkOf(change, context),
    repository: ({ repo }, _args, context) => repositoryOf(context, repo),
    baseRepository: ({ repo }, _args, context) => repositoryOf(context, repo),
    bodyText: ({ body }) => body,
    createdAt: ({ createdAt }) => time(createdAt),
    updatedAt: ({ updatedAt }) => time(updatedAt),
    publishedAt: ({ createdAt }) => time(createdAt),
    mergedAt: ({ mergedAt }) => (mergedAt === null ? null : time(mergedAt)),
    closedAt: ({ closedAt }) => (closedAt === null ? null : time(closedAt)),
    closed: ({ state }) => state !== "OPEN",
    merged: ({ state }) => state === "MERGED",
    author: ({ author }, _args, context) => accountOf(context, author),
    mergedBy: ({ mergedBy }, _args, context) => accountOf(context, mergedBy),
    // A fork is not part of the world: what the record says of it is that it is another repository.
    headRepository: ({ repo, headRepository }, _args, context) => {
      const own = repositoryOf(context, repo);
      if (headRepository === null) return null;
      return headRepository === fullName(context, own) ? own : { kind: "Repository", fork: headRepository };
    },
    isCrossRepository: ({ repo, headRepository }, _args, context) =>
      headRepository !== fullName(context, repositoryOf(context, repo)),
    mergeCommit: ({ repo, mergeCommit }, _args, context) => commitOf(context, repo, mergeCommit),
    mergeQueueEntry: () => null,
    isInMergeQueue: () => false,
    labels: ({ labels, repo }, args, context, info) =>
      connection(
        labels.map((name) => ({ repo, name })),
        (_item, at) => [at, 0],
        args,
        context,
        info,
      ),
    reviews: ({ repo, reviews }, args, context, info) => {
      allow(context, repo, "reviews");
      const [states, author] = [args["states"] as string[] | null | undefined, args["author"]];
      const list = reviews.filter(
        (each) =>
          (!states || states.includes(each.state)) && (!author || accountOf(context, each.author)?.login === author),
      );
      return connection(list, (each) => [each.submittedAt, each.id], args, context, info);
    },
    latestOpinionatedReviews: ({ repo, reviews }, args, context, info) => {
      allow(context, repo, "reviews");
      const opinions = new Map<number | null, Review>();
      for (const each of reviews) if (each.state !== "COMMENTED") opinions.set(each.author, each);
      return connection([...opinions.values()], (each) => [each.submittedAt, each.id], args, context, info);
    },
    commits: (change, args, context, info) =>
      connection(
        change.commits.map((oid): CommitOfChange => ({ kind: "PullRequestCommit", change, oid })),
        (_item, at) => [at, 0],
        args,
        context,
        info,
      ),
    files: ({ repo, files }, args, context, info) => {
      allow(context, repo, "files");
      return connection(files, (_item, at) => [at, 0], args, context, info);
    },
    additions: ({ repo, files }, _args, context) => total(files, "additions", repo, context),
    deletions: ({ repo, files }, _args, context) => total(files, "deletions", repo, context),
    changedFiles: ({ repo, files }, _args, context) => {
      allow(context, repo, "files");
      return files.length;
    },
    closingIssuesReferences: ({ repo, issues }, args, context, info) => {
      allow(context, repo, "issues");
      const list = issues.map((number) => issueOf(context, repo, number)).filter((each) => each !== undefined);
      return connection(list, (each) => [each.createdAt, each.id], args, context, info);
    },
    timelineItems: (change, args, context, info) => {
      allow(context, change.repo, "dismissals");
      const types = (args["itemTypes"] as string[] | null | undefined) ?? [];
      const strange =
        types.length === 0 ? "without itemTypes" : types.find((each) => !TIMELINE.has(each) && !NEVER.has(each));
      if (strange) throw new Error(`the sandbox does not answer timelineItems ${strange}`);
      const list: { kind: string; at: number; id: number }[] = [];
      if (types.includes("REVIEW_DISMISSED_EVENT")) list.push(...change.dismissals);
      if (types.includes("MERGED_EVENT") && change.mergedAt !== null) {
        list.push({ ...change, kind: "MergedEvent", at: change.mergedAt });
      }
      list.sort((a, b) => a.at - b.at);
      return connection(list, (each) => [each.at, each.id], args, context, info);
    },
    autoMergeRequest: (change) => (change.autoMerge ? { ...change.autoMerge, change } : null),
    reviewDecision: ({ repo, reviews }, _args, context) => {
      allow(context, repo, "rulesets");
      const last = new Map<number | null, string>();
      for (const each of reviews) if (each.state !== "COMMENTED") last.set(each.author, each.state);
      const states = [...last.values()];
      if (states.includes("CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
      return states.includes("APPROVED") ? "APPROVED" : "REVIEW_REQUIRED";
    },
    statusCheckRollup: ({ repo, headRefOid }, _args, context) => {
      const head = commitOf(context, repo, headRefOid);
      return head ? rollupOf(head, context) : null;
    },
  }),
  PullRequestCommit: fields<CommitOfChange>({
    id: ({ change, oid }, _args, context) => nodeId(context, "PURC", change.repo, `${change.id}:${oid}`),
    commit: ({ change, oid }, _args, context) => commitOf(context, change.repo, oid),
    pullRequest: ({ change }) => change,
  }),
  PullRequestChangedFile: fields<ChangedFile>({
    ...properties("path", "additions", "deletions"),
    changeType: ({ change }) => change,
  }),
  PullRequestReview: fields<Review>({
    ...properties("state", "body"),
    id: (review, _args, context) => review.nodeId ?? nodeId(context, "PRR", review.repo, review.id),
    databaseId: ({ id }) => id,
    fullDatabaseId: ({ id }) => String(id),
    author: ({ author }, _args, context) => accountOf(context, author),
    commit: ({ repo, commit }, _args, context) => commitOf(context, repo, commit),
    createdAt: ({ submittedAt }) => time(submittedAt),
    publishedAt: ({ submittedAt }) => time(submittedAt),
    submittedAt: ({ submittedAt, state }) => (state === "PENDING" ? null : time(submittedAt)),
    updatedAt: ({ updatedAt }) => time(updatedAt),
    bodyText: ({ body }) => body,
    pullRequest: ({ repo, change }, _args, context) => changeOf(context, repo, change),
    url: (review, _args, context) => {
      const change = changeOf(context, review.repo, review.change);
      return `${change ? linkOf(change, context) : ""}#pullrequestreview-${review.id}`;
    },
  }),
  ReviewDismissedEvent: fields<Dismissal>({
    id: ({ repo, id }, _args, context) => nodeId(context, "RDE", repo, id),
    databaseId: ({ id }) => id,
    actor: ({ actor }, _args, context) => accountOf(context, actor),
    createdAt: ({ at }) => time(at),
    previousReviewState: ({ previous }) => previous,
    dismissalMessage: ({ message }) => message,
    review: ({ repo, change, review }, _args, context) =>
      changeOf(context, repo, change)?.reviews.find((each) => each.id === review) ?? null,
    pullRequest: ({ repo, change }, _args, context) => changeOf(context, repo, change),
  }),
  MergedEvent: fields<PullRequest>({
    id: ({ repo, id }, _args, context) => nodeId(context, "ME", repo, id),
    actor: ({ mergedBy }, _args, context) => accountOf(context, mergedBy),
    createdAt: ({ mergedAt }) => time(mergedAt ?? 0),
    commit: ({ repo, mergeCommit }, _args, context) => commitOf(context, repo, mergeCommit),
    mergeRefName: ({ baseRefName }) => baseRefName,
  }),
  AutoMergeRequest: fields<NonNullable<PullRequest["autoMerge"]> & { change: PullRequest }>({
    enabledBy: ({ by }, _args, context) => accountOf(context, by),
    enabledAt: ({ at }) => time(at),
    mergeMethod: ({ method }) => method,
    pullRequest: ({ change }) => change,
  }),
  Label: fields<{ repo: number; name: string }>({
    id: ({ repo, name }, _args, context) => nodeId(context, "LA", repo, name),
    name: ({ name }) => name,
    color: () => "ededed",
    description: () => null,
    isDefault: () => false,
  }),
  Issue: fields<Issue>({
    ...properties("title", "body", "number", "state"),
    id: ({ repo, id }, _args, context) => nodeId(context, "I", repo, id),
    databaseId: ({ id }) => id,
    fullDatabaseId: ({ id }) => String(id),
    url: ({ repo, number }, _args, context) =>
      `${context.site}/${fullName(context, repositoryOf(context, repo))}/issues/${number}`,
    repository: ({ repo }, _args, context) => repositoryOf(context, repo),
    author: ({ author }, _args, context) => accountOf(context, author),
    createdAt: ({ createdAt }) => time(createdAt),
    updatedAt: ({ updatedAt }) => time(updatedAt),
    closedAt: ({ closedAt }) => (closedAt === null ? null : time(closedAt)),
    closed: ({ state }) => state === "CLOSED",
    stateReason: ({ state }) => (state === "CLOSED" ? "COMPLETED" : null),
    labels: ({ labels, repo }, args, context, info) =>
      connection(
        labels.map((name) => ({ repo, name })),
        (_item, at) => [at, 0],
        args,
        context,
        info,
      ),
  }),
};

function linkOf(change: PullRequest, context: Context): string {
  return change.url ?? `${context.site}/${fullName(context, repositoryOf(context, change.repo))}/pull/${change.number}`;
}

/** An issue by its number, or undefined. */
export function issueOf(context: Context, repo: number, number: number): Issue | undefined {
  const { issues } = repositoryOf(context, repo);
  const build = () => new Map(issues.map((each) => [each.number, each]));
  return context.index.of(`issues/${repo}/${issues.length}`, build).get(number);
}

function total(files: readonly ChangedFile[], what: "additions" | "deletions", repo: number, context: Context): number {
  allow(context, repo, "files");
  return files.reduce((sum, each) => sum + each[what], 0);
}

/** A number that no pull request has, as GitHub refuses it. */
export function missingChange(number: unknown): Error {
  return refusal("NOT_FOUND", `Could not resolve to a PullRequest with the number of ${String(number)}.`);
}
