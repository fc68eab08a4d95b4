import type { ChangedFile, Issue, PullRequest, Review } from "../world.ts";
import { connection } from "./connection.ts";
import {
  accountOf,
  type Context,
  changeOf,
  commitOf,
  fullName,
  issueOf,
  refusal,
  repositoryOf,
  time,
} from "./context.ts";
import { rollupOf } from "./resolve-commit.ts";
import { timelineOf } from "./resolve-timeline.ts";
import { allow, type Fields, fields, nodeId, properties } from "./resolver.ts";

interface CommitOfChange {
  kind: "PullRequestCommit";
  change: PullRequest;
  oid: string;
}

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
    lastEditedAt: ({ lastEditedAt }) => (lastEditedAt === undefined ? null : time(lastEditedAt)),
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
    timelineItems: timelineOf,
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

function total(files: readonly ChangedFile[], what: "additions" | "deletions", repo: number, context: Context): number {
  allow(context, repo, "files");
  return files.reduce((sum, each) => sum + each[what], 0);
}

/** A number that no pull request has, as GitHub refuses it. */
export function missingChange(number: unknown): Error {
  return refusal("NOT_FOUND", `Could not resolve to a PullRequest with the number of ${String(number)}.`);
}
