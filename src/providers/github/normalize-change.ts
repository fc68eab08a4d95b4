import { changeKey, objectKey } from "../../model/keys.ts";
import { actorOf } from "./normalize-people.ts";
import { parse, type Reader } from "./record-reader.ts";
import * as schema from "./schema.ts";
import { secondsUtc } from "./session.ts";
import { eventKinds, reviewStates } from "./vocabulary.ts";

/** Changes with their events, reviews, files and work items. */
export const changeReaders: Readonly<Record<string, Reader>> = {
  change: (record, repository) => {
    const body = parse(schema.changeSchema, record);
    return [
      {
        type: "change",
        key: changeKey(repository, body.number),
        repository,
        number: body.number,
        title: body.title,
        description: body.body,
        ...(body.lastEditedAt === undefined
          ? {}
          : { editedAt: body.lastEditedAt === null ? null : secondsUtc(body.lastEditedAt) }),
        readAt: record.fetchedAt,
        url: body.url,
        author: actorOf(body.author),
        merger: actorOf(body.mergedBy),
        createdAt: secondsUtc(body.createdAt),
        mergedAt: secondsUtc(body.mergedAt),
        baseRef: body.baseRefName,
        baseOid: body.baseRefOid,
        headRef: body.headRefName,
        headOid: body.headRefOid,
        mergeOid: body.mergeCommit?.oid ?? null,
        labels: body.labels === undefined ? null : (body.labels?.nodes ?? []).flatMap((label) => label?.name ?? []),
        totals: {
          commits: body.commits.totalCount,
          reviews: body.timeline?.reviews ?? body.reviews?.totalCount ?? null,
          files: body.files?.totalCount ?? null,
          checks: body.checks?.totalCount ?? null,
          workItems: body.workItems?.totalCount ?? null,
          labels: body.labels?.totalCount ?? null,
          events: body.timeline?.events ?? null,
        },
      },
    ];
  },
  changeEvent: (record, repository) => {
    const { change, event } = parse(schema.changeEventSchema, record);
    return [
      {
        type: "changeEvent",
        key: objectKey(repository, "changeEvents", event.id),
        repository,
        change: changeKey(repository, change),
        event: eventKinds[event.__typename] ?? "unknown",
        at: secondsUtc(event.createdAt),
        by: actorOf(event.actor ?? null),
        label: event.label?.name ?? null,
        from: event.previousRefName ?? event.oldBase ?? event.beforeCommit?.oid ?? null,
        to: event.currentRefName ?? event.newBase ?? event.afterCommit?.oid ?? linkedTo(event, repository, change),
      },
    ];
  },
  files: (record, repository) => {
    const { change, files } = parse(schema.filesSchema, record);
    const key = changeKey(repository, change);
    return [{ type: "changeFiles", key, repository, change: key, paths: files.map(({ path }) => path) }];
  },
  review: (record, repository) => {
    const { change, review } = parse(schema.reviewSchema, record);
    return [
      {
        type: "review",
        key: objectKey(repository, "reviews", idOf(review)),
        repository,
        id: idOf(review),
        change: changeKey(repository, change),
        author: actorOf(review.author),
        state: reviewStates[review.state] ?? "unknown",
        submittedAt: review.submittedAt === null ? null : secondsUtc(review.submittedAt),
        oid: review.commit?.oid ?? null,
      },
    ];
  },
  dismissal: (record, repository) => {
    const { change, dismissal } = parse(schema.dismissalSchema, record);
    return [
      {
        type: "dismissal",
        key: objectKey(repository, "dismissals", dismissal.id),
        repository,
        change: changeKey(repository, change),
        review: dismissal.review ? objectKey(repository, "reviews", idOf(dismissal.review)) : "",
        at: secondsUtc(dismissal.createdAt),
        by: actorOf(dismissal.actor),
        previousState: reviewStates[dismissal.previousReviewState] ?? "unknown",
      },
    ];
  },
  workItem: (record, repository) => {
    const { change, workItem } = parse(schema.workItemSchema, record);
    const parent = changeKey(repository, change);
    return [
      {
        type: "workItemLink",
        key: workItemKey(parent, workItem.id),
        repository,
        change: parent,
        workItem: `${workItem.repository.nameWithOwner}#${workItem.number}`,
        title: workItem.title,
        url: workItem.url,
        author: actorOf(workItem.author),
        createdAt: secondsUtc(workItem.createdAt),
      },
    ];
  },
};

/** The key of the link that an event made. */
const linkedTo = ({ source, subject }: schema.ChangeEventBody, repository: string, change: number): string | null => {
  const id = subject?.id ?? source?.id;
  return id === undefined ? null : workItemKey(changeKey(repository, change), id);
};

const workItemKey = (change: string, id: string): string => `${change}/${id}`;

const idOf = ({ id, fullDatabaseId }: { id: string; fullDatabaseId?: string | number | null | undefined }): string =>
  String(fullDatabaseId ?? id);
