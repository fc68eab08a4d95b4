import type { Job } from "./cursors.ts";
import type { IdJob, Item } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import type { Session } from "./session.ts";

/** Whether a message carries a co-author trailer; rather too often than too seldom. */
export function isCoAuthored(message: unknown): boolean {
  return /co-?authored?-?by\s*:/i.test(String(message));
}

/** Asks for all authors of a commit, which only its id gives at a bearable price. */
export function authorsJob(commit: Item, at: string): Job {
  const oid = String(commit.oid);
  return { do: "authors", id: String(commit.id), of: oid, after: null, offset: 0, key: `authors:${oid}`, at };
}

/** Reads authors by the commits' ids, a hundred for one point. */
export function readAuthors(session: Session): IdJob {
  return {
    operation: "CommitAuthors",
    most: 100,
    fields: `... on Commit { oid ${text.authors} }`,
    records: (node) => {
      session.authored.add(String(node.oid));
      return [{ kind: "commitAuthors", externalId: String(node.oid), body: { oid: node.oid, authors: node.authors } }];
    },
  };
}
