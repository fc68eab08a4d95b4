import type { SourceRecord } from "../../../model/stream.ts";
import { type Item, readList } from "./list.ts";
import { reasonOf } from "./refusal.ts";
import type { Gained, Outcome, Reading, Walk } from "./walk.ts";

/** How many annotated tags are followed to their commits in a run. */
const most = 500;

/**
 * Releases, and where each tag points now.
 * @see https://docs.github.com/en/rest/git/refs#list-matching-references
 */
export const releases: Walk = async function* (reading) {
  const list = yield* readList(reading, {
    name: "releases",
    operation: "Releases",
    path: "/repos/{owner}/{repo}/releases",
    records: (item) => [{ kind: "release", externalId: String(item.id), body: item }],
  });
  const reasons: string[] = [];
  if (!list.ok) reasons.push(yield* reasonOf(reading, "releases", list.refused));
  const tags = yield* readTags(reading);
  return { ...tags, reasons: [...reasons, ...tags.reasons], nothing: !list.ok && tags.nothing === true };
};

async function* readTags(reading: Reading): AsyncGenerator<Gained, Outcome> {
  const read = yield* readList(reading, {
    name: "tags",
    operation: "Tags",
    path: "/repos/{owner}/{repo}/git/matching-refs/tags/",
  });
  if (!read.ok) return { reasons: [yield* reasonOf(reading, "tags", read.refused)], nothing: true };
  const records: SourceRecord[] = [];
  const reasons = new Set<string>();
  let followed = 0;
  let left = 0;
  for (const item of read.items) {
    const { type, sha } = (item.object ?? {}) as { type?: unknown; sha?: unknown };
    if (type !== "tag") {
      records.push(recordOf(item, {}));
    } else if (followed >= most) left++;
    else {
      const commit = reading.next.known[String(sha)];
      if (commit === undefined) followed++;
      const target: Target = commit === undefined ? yield* targetOf(reading, String(sha)) : { commit };
      if (target.passing !== undefined) reasons.add(`tag ${item.ref}: ${target.passing}`);
      else records.push(recordOf(item, target));
      if (target.commit !== undefined) reading.next.known[String(sha)] = target.commit;
    }
  }
  if (left > 0) reasons.add(`${left} annotated tags are left for the next run`);
  // The list has to be read again to come to those left.
  if (reasons.size > 0) delete reading.next.lists.tags;
  return { records, reasons: [...reasons] };
}

const recordOf = (item: Item, more: Target): SourceRecord => ({
  kind: "tag",
  externalId: String(item.ref),
  body: { ...item, ...more },
});

interface Target {
  readonly commit?: string;
  /** Why it has no commit: the tag stands for itself. */
  readonly unread?: string;
  /** Why it could not be asked this time. */
  readonly passing?: string;
}

/** The commit an annotated tag names; tags of tags are followed, and what cannot be read is said. */
async function* targetOf(reading: Reading, sha: string): AsyncGenerator<Gained, Target> {
  let at = sha;
  for (let depth = 0; depth < 5; depth++) {
    const answer = await reading.session.github.get({
      operation: "Tag",
      path: "/repos/{owner}/{repo}/git/tags/{sha}",
      values: { ...reading.values, sha: at },
    });
    yield { exchange: answer.exchange, records: [] };
    if (!answer.ok) {
      const { reason, message } = answer.failure;
      return reason === "auth" || reason === "notFound" ? { unread: message } : { passing: message };
    }
    const { object } = (answer.json ?? {}) as { object?: { type?: string; sha?: string } };
    if (typeof object?.sha !== "string") return { unread: "the source's answer names no object" };
    if (object.type === "commit") return { commit: object.sha };
    if (object.type !== "tag") return { unread: `it names a ${object.type}` };
    at = object.sha;
  }
  return { unread: "it names a tag of a tag, and so on" };
}
