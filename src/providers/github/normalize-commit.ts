import type { EntityOf } from "../../model/entity.ts";
import { changeKey, commitKey, objectKey } from "../../model/keys.ts";
import { isCoAuthored } from "./commit-authors.ts";
import { personOf } from "./normalize-people.ts";
import { parse, type Reader } from "./record-reader.ts";
import * as schema from "./schema.ts";
import { secondsUtc } from "./session.ts";

/** Commits, their authors, and where a branch stood. */
export const commitReaders: Readonly<Record<string, Reader>> = {
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
  commitParents: (record, repository) => {
    const { oid, parents } = parse(schema.commitParentsSchema, record);
    const key = commitKey(repository, oid);
    return [{ type: "commitParents", key, repository, oid, parents: parents.nodes.map((parent) => parent.oid) }];
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
