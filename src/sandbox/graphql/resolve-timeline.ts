import type { Dismissal, PullRequest, Review, TimelineEvent } from "../world.ts";
import { connection } from "./connection.ts";
import { accountOf, type Context, changeOf, commitOf, issueOf, time } from "./context.ts";
import { allow, type Fields, fields, nodeId, properties, type Resolver } from "./resolver.ts";

type Item = { kind: string; at: number; id: number };

/** The timeline items that the sandbox knows, by their type in GraphQL's enum. */
const KINDS: Readonly<Record<string, TimelineEvent["kind"]>> = {
  LABELED_EVENT: "LabeledEvent",
  UNLABELED_EVENT: "UnlabeledEvent",
  BASE_REF_CHANGED_EVENT: "BaseRefChangedEvent",
  AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT: "AutomaticBaseChangeSucceededEvent",
  HEAD_REF_FORCE_PUSHED_EVENT: "HeadRefForcePushedEvent",
  AUTO_MERGE_ENABLED_EVENT: "AutoMergeEnabledEvent",
  ADDED_TO_MERGE_QUEUE_EVENT: "AddedToMergeQueueEvent",
  CONNECTED_EVENT: "ConnectedEvent",
};

/** Those it can say there are none of. */
const NEVER = new Set(["REMOVED_FROM_MERGE_QUEUE_EVENT", "BASE_REF_FORCE_PUSHED_EVENT"]);

const REVIEWS: Readonly<Record<string, (change: PullRequest) => readonly Item[]>> = {
  PULL_REQUEST_REVIEW: ({ reviews }) => reviews.map((each) => ({ ...each, at: each.submittedAt })),
  REVIEW_DISMISSED_EVENT: ({ dismissals }) => dismissals,
  MERGED_EVENT: (change) => (change.mergedAt === null ? [] : [{ ...change, kind: "MergedEvent", at: change.mergedAt }]),
};

/** The timeline of a pull request: like GitHub's, `totalCount` counts all of it, whatever types are asked for. */
export const timelineOf: Resolver<PullRequest> = (change, args, context, info) => {
  const types = (args["itemTypes"] as string[] | null | undefined) ?? [];
  const known = (type: string) => type in KINDS || type in REVIEWS || NEVER.has(type);
  const strange = types.length === 0 ? "without itemTypes" : types.find((each) => !known(each));
  if (strange) throw new Error(`the sandbox does not answer timelineItems ${strange}`);
  if (types.includes("PULL_REQUEST_REVIEW")) allow(context, change.repo, "reviews");
  if (types.includes("REVIEW_DISMISSED_EVENT")) allow(context, change.repo, "dismissals");
  if (types.some((each) => each in KINDS)) allow(context, change.repo, "events");
  const kinds = new Set(types.map((each) => KINDS[each]));
  const list = [
    ...types.flatMap((each) => REVIEWS[each]?.(change) ?? []),
    ...change.events.filter((each) => kinds.has(each.kind)),
  ].sort((a, b) => a.at - b.at || a.id - b.id);
  const { commits, reviews, dismissals, events, mergedAt } = change;
  const page = connection(list, (each) => [each.at, `${each.kind} ${each.id}`], args, context, info);
  return {
    ...page,
    totalCount: commits.length + reviews.length + dismissals.length + events.length + (mergedAt === null ? 0 : 1),
    filteredCount: list.length,
    pageCount: page.nodes.length,
  };
};

const event = fields<TimelineEvent>({
  id: ({ repo, kind, id }, _args, context) => nodeId(context, kind.replaceAll(/[a-z]/g, ""), repo, id),
  actor: ({ actor }, _args, context) => accountOf(context, actor),
  createdAt: ({ at }) => time(at),
});

const labelled = { ...event, ...fields<TimelineEvent>({ label: ({ repo, label }) => ({ repo, name: label ?? "" }) }) };

/** Timeline items of pull requests, and the list of them. */
export const timelineTypes: Readonly<Record<string, Fields>> = {
  PullRequestTimelineItemsConnection: properties("filteredCount", "pageCount"),
  LabeledEvent: labelled,
  UnlabeledEvent: labelled,
  BaseRefChangedEvent: {
    ...event,
    ...fields<TimelineEvent>({
      previousRefName: ({ from }) => from ?? "",
      currentRefName: ({ to }) => to ?? "",
    }),
  },
  AutomaticBaseChangeSucceededEvent: {
    ...event,
    ...fields<TimelineEvent>({ oldBase: ({ from }) => from ?? "", newBase: ({ to }) => to ?? "" }),
  },
  ConnectedEvent: {
    ...event,
    ...fields<TimelineEvent>({
      isCrossRepository: () => false,
      source: ({ repo, change }, _args, context) => changeOf(context, repo, change),
      subject: ({ repo, to }, _args, context) => issueOf(context, repo, Number(to)),
    }),
  },
  HeadRefForcePushedEvent: {
    ...event,
    ...fields<TimelineEvent>({
      beforeCommit: ({ repo, from }, _args, context) => commitOf(context, repo, from),
      afterCommit: ({ repo, to }, _args, context) => commitOf(context, repo, to),
    }),
  },
  AutoMergeEnabledEvent: { ...event, ...fields<TimelineEvent>({ enabler: personOf }) },
  AddedToMergeQueueEvent: { ...event, ...fields<TimelineEvent>({ enqueuer: personOf }) },
  ReviewDismissedEvent: fields<Dismissal>({
    id: ({ repo, id }, _args, context) => nodeId(context, "RDE", repo, id),
    databaseId: ({ id }) => id,
    actor: ({ actor }, _args, context) => accountOf(context, actor),
    createdAt: ({ at }) => time(at),
    previousReviewState: ({ previous }) => previous,
    dismissalMessage: ({ message }) => message,
    review: ({ repo, change, review }, _args, context): Review | null =>
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
};

function personOf({ actor }: TimelineEvent, _args: unknown, context: Context): unknown {
  const account = accountOf(context, actor);
  return account?.kind === "User" ? account : null;
}
