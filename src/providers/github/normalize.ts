import type { z } from "zod";
import type { Entity, EntityOf } from "../../model/entity.ts";
import { changeKey, commitKey, objectKey, repositoryKey } from "../../model/keys.ts";
import type { EvidenceRecord } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import { isCoAuthored } from "./commit-authors.ts";
import { actorOf, personOf } from "./normalize-people.ts";
import { rulesOf } from "./normalize-rules.ts";
import * as schema from "./schema.ts";
import { secondsUtc } from "./session.ts";
import { conclusions, deploymentStates, reviewStates, statusStates } from "./vocabulary.ts";

/** What a record of GitHub says; an unknown kind or shape throws SourceError("unexpectedShape"). */
export function normalize(record: EvidenceRecord): readonly Entity[] {
  const read = readers[record.kind];
  if (!read) throw new SourceError("unexpectedShape", `records of kind "${record.kind}" are unknown`);
  return read(record, repositoryKey(record.source, record.scopeId));
}

type Reader = (record: EvidenceRecord, repository: string) => readonly Entity[];

const readers: Readonly<Record<string, Reader>> = {
  commit: (record, repository) => {
    const body = parse(schema.graphCommitSchema, record);
    const base = { key: commitKey(repository, body.oid), repository, oid: body.oid };
    const changes = (body.associatedPullRequests?.nodes ?? []).flatMap((change) => (change ? [change.number] : []));
    return [
      commitOf(body, repository),
      { type: "graphCommit", ...base, parents: body.parents.nodes.map(({ oid }) => oid), tree: body.tree.oid, changes },
    ];
  },
  branchHead: (record, repository) => {
    const { branch, oid, sighting } = parse(schema.branchHeadSchema, record);
    return [
      {
        type: "branchHead",
        key: objectKey(repository, `heads/${branch}`, sighting === undefined ? oid : `${oid}#${sighting}`),
        repository,
        branch,
        oid,
        observedAt: record.fetchedAt,
      },
    ];
  },
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
          reviews: body.reviews?.totalCount ?? null,
          files: body.files?.totalCount ?? null,
          checks: body.checks?.totalCount ?? null,
          workItems: body.workItems?.totalCount ?? null,
          labels: body.labels?.totalCount ?? null,
          events: null,
        },
      },
    ];
  },
  changeCommit: (record, repository) => {
    const { change, ordinal, commit } = parse(schema.changeCommitSchema, record);
    const parent = changeKey(repository, change);
    return [
      commitOf(commit, repository),
      { type: "changeCommit", key: `${parent}/${commit.oid}`, repository, change: parent, oid: commit.oid, ordinal },
    ];
  },
  commitAuthors: (record, repository) => {
    const { oid, authors } = parse(schema.commitAuthorsSchema, record);
    return [
      { type: "commitAuthors", key: commitKey(repository, oid), repository, oid, authors: authors.nodes.map(personOf) },
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
  check: (record, repository) => {
    const { oid, check } = parse(schema.checkSchema, record);
    if (check.__typename === "StatusContext") {
      const at = secondsUtc(check.createdAt);
      const conclusion = statusStates[check.state] ?? "unknown";
      return [
        {
          type: "check",
          key: objectKey(repository, "checks", check.id),
          repository,
          id: check.id,
          oid,
          name: check.context,
          app: null,
          conclusion,
          startedAt: at,
          completedAt: conclusion === "running" ? null : at,
          url: check.targetUrl,
          setBy: actorOf(check.creator),
          suite: null,
          workflow: null,
          attempt: null,
        },
      ];
    }
    const id = String(check.databaseId ?? check.id);
    const conclusion =
      check.conclusion === null
        ? check.status === "COMPLETED"
          ? "unknown"
          : "running"
        : (conclusions[check.conclusion] ?? "unknown");
    return [
      {
        type: "check",
        key: objectKey(repository, "checks", id),
        repository,
        id,
        oid,
        name: check.name,
        app: check.checkSuite.app?.slug ?? null,
        conclusion,
        startedAt: optionalTime(check.startedAt),
        completedAt: optionalTime(check.completedAt),
        url: check.url,
        setBy: null,
        suite: null,
        workflow: null,
        attempt: null,
      },
    ];
  },
  workItem: (record, repository) => {
    const { change, workItem } = parse(schema.workItemSchema, record);
    const parent = changeKey(repository, change);
    return [
      {
        type: "workItemLink",
        key: `${parent}/${workItem.id}`,
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
  deployment: (record, repository) => {
    const body = parse(schema.deploymentSchema, record);
    const id = String(body.databaseId ?? body.id);
    return [
      {
        type: "deployment",
        key: objectKey(repository, "deployments", id),
        repository,
        id,
        oid: body.commitOid,
        ref: body.ref?.name ?? null,
        environment: body.environment ?? "",
        task: body.task ?? "",
        creator: actorOf(body.creator),
        createdAt: secondsUtc(body.createdAt),
        totalStatuses: body.statuses.totalCount,
      },
    ];
  },
  deploymentStatus: (record, repository) => {
    const { deployment, status } = parse(schema.deploymentStatusSchema, record);
    return [
      {
        type: "deploymentStatus",
        key: objectKey(repository, "deploymentStatuses", status.id),
        repository,
        deployment: objectKey(repository, "deployments", deployment),
        state: deploymentStates[status.state] ?? "unknown",
        createdAt: secondsUtc(status.createdAt),
        creator: actorOf(status.creator),
        run: null,
      },
    ];
  },
  protection: (record, repository) => {
    const body = parse(schema.protectionSchema, record);
    const key = objectKey(repository, "protection", record.fetchedAt);
    return [
      { type: "protection", key, repository, branch: body.branch, observedAt: record.fetchedAt, rules: rulesOf(body) },
    ];
  },
  repository: (record, repository) => {
    const body = parse(schema.repositorySchema, record);
    const known = new Set([...Object.keys(schema.repositorySchema.shape), "id"]);
    const settings = Object.entries(record.body as Record<string, unknown>).filter(
      (entry): entry is [string, string | boolean | null] =>
        !known.has(entry[0]) && (entry[1] === null || ["string", "boolean"].includes(typeof entry[1])),
    );
    return [
      {
        type: "repository",
        key: repository,
        repository,
        name: body.nameWithOwner,
        url: body.url,
        defaultBranch: body.defaultBranchRef?.name ?? null,
        archived: body.isArchived,
        visibility: body.visibility.toLowerCase(),
        createdAt: secondsUtc(body.createdAt),
        settings: Object.fromEntries(settings),
      },
    ];
  },
  // Says whose eyes saw the list, nothing of changes.
  credential: () => [],
  listedRepository: (record) => {
    const body = parse(schema.listedRepositorySchema, record);
    const key = repositoryKey(record.source, String(body.databaseId));
    return [
      {
        type: "listedRepository",
        key,
        repository: record.source,
        name: body.nameWithOwner,
        archived: body.isArchived,
        visibility: body.visibility.toLowerCase(),
      },
    ];
  },
};

function commitOf(body: schema.CommitBody, repository: string): EntityOf<"commit"> {
  return {
    type: "commit",
    key: commitKey(repository, body.oid),
    repository,
    oid: body.oid,
    headline: body.message.split("\n", 1)[0] ?? "",
    author: personOf(body.author),
    committer: personOf(body.committer),
    authoredAt: secondsUtc(body.authoredDate),
    committedAt: secondsUtc(body.committedDate),
    coAuthored: isCoAuthored(body.message),
    tree: body.tree?.oid ?? null,
    madeBy: madeBy(body),
  };
}

/** Whether GitHub itself made it, by its signature alone: anybody can commit under its name and address. */
function madeBy({ signature }: schema.CommitBody): EntityOf<"commit">["madeBy"] {
  if (signature === undefined) return "unknown";
  return signature?.wasSignedByGitHub === true && signature.isValid ? "platform" : "other";
}

const optionalTime = (time: string | null): string | null => (time === null ? null : secondsUtc(time));

const idOf = ({ id, fullDatabaseId }: { id: string; fullDatabaseId?: string | number | null | undefined }): string =>
  String(fullDatabaseId ?? id);

function parse<T>(shape: z.ZodType<T>, record: EvidenceRecord): T {
  const result = shape.safeParse(record.body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue?.path.join(".") || "its body";
  throw new SourceError(
    "unexpectedShape",
    `${record.kind} ${record.externalId} of ${record.stream} has an unknown shape: ${where}: ${issue?.message ?? ""}`,
  );
}
