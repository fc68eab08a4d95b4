import type { Batch, Part, Stream } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import { type BranchLine, branchLine, startLine } from "./branch-line.ts";
import { authorsJob, isCoAuthored, readAuthors } from "./commit-authors.ts";
import { type HistoryCursor, type Job, writeCursor } from "./cursors.ts";
import { askByIds, askLists, type FollowUps, type IdJob, type Item, type ListJob } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import { type Head, startOf } from "./head-walk.ts";
import { listPageSchema, nestedSchema } from "./pages.ts";
import { partOf, type Session, secondsUtc } from "./session.ts";
import type { Answer, Walk } from "./walk.ts";

/** Whether a walk is one over a branch's history, by its name. */
export const isLine = (name: string): boolean => name.startsWith("line");

/** As many as round down to a whole point together with what shares the request. */
function sizes(beside: readonly string[]): readonly number[] {
  const page = !beside.includes("deployments") ? 100 : beside.includes("changes") ? 51 : 73;
  return [page, page >> 1, page >> 2, 9, 4, 1];
}

const associated = "associatedPullRequests(first: 10) { totalCount nodes { number mergedAt mergeCommit { oid } } }";
const commitFields = (session: Session, parents: string) =>
  `${text.commit(!session.denied.has("signature"))} ${parents} ${associated}`;
const parentsField = (first: string, after: string) =>
  `parents(first: ${first}${after}) { totalCount ${text.page} nodes { oid } }`;

/** Walks the commits of a branch from its head to the last known one, never by date; the first time to what merged before the horizon. */
export function historyWalk(
  session: Session,
  stream: Stream,
  cursor: HistoryCursor | undefined,
  index: number,
  head: Head,
): Walk {
  const name = `line${index}`;
  const knownHead = cursor?.head ?? null;
  const fresh = (): HistoryCursor => ({
    ...(cursor ?? startOf(stream, head.branch)),
    seen: head.seen,
    walk: { ...startLine(head.oid, knownHead), after: null, ended: false, withheld: false },
  });
  // A walk that began at an earlier head is begun anew: pages are counted from a head.
  let now: HistoryCursor = cursor?.walk?.head === head.oid ? { ...cursor, seen: head.seen } : fresh();
  let resumed = (now.walk?.after ?? null) !== null;
  let line: BranchLine = lineOf(now, knownHead);
  let finished = now.walk?.ended ?? false;
  let failed: string | undefined;
  let pages = 0;
  let total: number | undefined;
  /** The horizon may be near, by git's dates: only then is it worth its price to ask when changes merged. */
  let nearHorizon = false;
  const reasons = new Set<string>();

  const take = (page: unknown, _answer: Answer): readonly Part[] => {
    const given = (page as { history?: unknown } | null)?.history;
    const parsed = listPageSchema.safeParse(given);
    if (!parsed.success || !now.walk)
      throw new SourceError(
        "unexpectedShape",
        "the source's page of commits has an unknown shape, or its commit is gone",
      );
    const { pageInfo, nodes, totalCount } = parsed.data;
    total = totalCount;
    pages++;
    const commits = nodes.filter((node) => node !== null);
    const withheld = now.walk.withheld || commits.length < nodes.length;
    // What is not new was stored when it was, with what it was asked then.
    const added = commits.filter((commit) =>
      line.add({
        oid: String(commit.oid),
        parents: parentsOf(commit),
        boundary: mergedBefore(commit, stream.since),
      }),
    );
    nearHorizon =
      knownHead === null && commits.some((commit) => secondsUtc(String(commit.committedDate)) < stream.since);
    const onLine = new Set(line.taken());
    const openOf = (commit: Item): "parents" | "association" | undefined => {
      if (nestedSchema.parse(commit.parents).pageInfo.hasNextPage) return "parents";
      return onLine.has(String(commit.oid)) && !isMadeByPlatform(commit) ? "association" : undefined;
    };
    const complete = (commit: Item) => openOf(commit) === undefined;
    const jobs = added.flatMap((commit): Job[] => [
      ...jobOf(openOf(commit), commit),
      ...(isCoAuthored(commit.message) && !session.authored.has(String(commit.oid)) ? [authorsJob(commit, "")] : []),
    ]);
    const { hasNextPage, endCursor } = pageInfo;
    const over = line.done() || !hasNextPage;
    if (!over && (endCursor === null || endCursor === now.walk.after)) failed = "the source's cursor does not advance";
    now = {
      ...now,
      whole: now.whole || !hasNextPage,
      walk: { ...line.state(), after: endCursor ?? now.walk.after, ended: over, withheld },
      pending: [...now.pending, ...jobs.filter((job) => !now.pending.some((each) => each.key === job.key))],
    };
    // With commits withheld nobody knows whether the former head was among them.
    if (over && !withheld && knownHead !== null && !line.state().met) {
      if (resumed) {
        // What was met before the interruption is forgotten: only a walk in one go can say that the head is gone.
        now = fresh();
        resumed = false;
        line = lineOf(now, knownHead);
        return [partOf(stream, added.filter(complete).map(commitRecord))];
      }
      reasons.add(`the branch was rewritten: its former head ${knownHead} is not on its first-parent line any more`);
    }
    finished = over;
    return [partOf(stream, added.filter(complete).map(commitRecord), { cursor: writeCursor(now) })];
  };

  const follow: FollowUps = {
    jobs: () => now.pending,
    done: (jobs) => {
      const keys = new Set(jobs.map((job) => job.key));
      now = { ...now, pending: now.pending.filter((job) => !keys.has(job.key)) };
    },
    add: () => {},
    advance: () => {},
    unread: (reason) => reasons.add(reason),
    part: (records) => partOf(stream, records, { cursor: writeCursor(now) }),
  };

  async function* settle(all: boolean): AsyncGenerator<Batch> {
    const authors = readAuthors(session);
    const associations = readAssociations(session);
    const waiting = now.pending.filter((job) => job.do === "association").length;
    if (all || waiting >= associations.most) yield* askByIds(session, follow, "association", associations);
    if (all || now.pending.some((job) => job.do === "parents"))
      yield* askLists(session, follow, "parents", octopus(session));
    if (all || now.pending.filter((job) => job.do === "authors").length >= authors.most)
      yield* askByIds(session, follow, "authors", authors);
  }

  const conclude = (): readonly Part[] => {
    const to = head.at;
    const reached = cursor?.reached ?? stream.since;
    const from = reached > to ? to : reached;
    if (failed !== undefined || !finished) {
      const status = pages > 0 ? "partial" : "unobserved";
      return [partOf(stream, [], { coverage: { status, from, to, reason: failed ?? "not read to its end" } })];
    }
    const rewritten = [...reasons];
    const missing = now.walk?.withheld ? 0 : line.state().open.length;
    if (now.walk?.withheld) rewritten.push("the source withheld commits");
    if (missing > 0)
      rewritten.push(`the source's history ends before ${missing} commits that its commits name as parents`);
    const hole = now.walk?.withheld || missing > 0;
    if (now.pending.length > 0) rewritten.push(`${now.pending.length} follow-up questions are still open`);
    const next: HistoryCursor = {
      ...now,
      head: hole ? knownHead : head.oid,
      walk: null,
      reached: rewritten.length > 0 ? (cursor?.reached ?? null) : to,
    };
    return [
      partOf(stream, [], {
        cursor: writeCursor(next),
        coverage:
          rewritten.length > 0
            ? { status: "partial", from, to, reason: rewritten.join("; ") }
            : { status: "complete", from, to },
        ...(next.whole && total !== undefined ? { total } : {}),
      }),
    ];
  };

  return {
    name,
    operation: "Commits",
    going: () => failed === undefined && !finished,
    sections: () => [{ name: "signature", keys: ["signature"] }],
    ask: (without, level, beside) => {
      const fields = `${text.commit(!without.has("signature"))} ${parentsField("2", "")} ${nearHorizon ? associated : ""}`;
      return {
        field: `${name}: object(oid: $${name}Head) { ... on Commit { history(first: $${name}Page, after: $${name}After) { totalCount ${text.page} nodes { ${fields} } } } }`,
        variables: {
          [`${name}Head`]: { type: "GitObjectID!", value: now.walk?.head ?? head.oid },
          [`${name}Page`]: { type: "Int!", value: sizes(beside)[level] },
          [`${name}After`]: { type: "String", value: now.walk?.after ?? null },
        },
      };
    },
    take,
    settle,
    fail: (reason) => {
      failed = reason;
    },
    conclude,
  };
}

const lineOf = (cursor: HistoryCursor, knownHead: string | null): BranchLine =>
  branchLine(cursor.walk ?? startLine("", null), knownHead);

/** A commit's record; what changes are associated with it belongs only to those that are asked for it by their ids. */
function commitRecord({ associatedPullRequests: _, ...commit }: Item) {
  return { kind: "commit", externalId: String(commit.oid), body: commit };
}

function jobOf(kind: string | undefined, commit: Item): readonly Job[] {
  if (kind === undefined) return [];
  const of = String(commit.oid);
  return [{ do: kind, id: String(commit.id), of, after: null, offset: 0, key: `${kind}:${of}`, at: "" }];
}

/** Whether GitHub made it, by its signature: it is some change's merge commit then, and that change names it. */
function isMadeByPlatform({ signature }: Item): boolean {
  const { isValid, wasSignedByGitHub } = (signature ?? {}) as { isValid?: boolean; wasSignedByGitHub?: boolean };
  return isValid === true && wasSignedByGitHub === true;
}

/** Asks with which changes commits of the line are associated: those that nothing else explains, 74 for one point. */
const readAssociations = (session: Session): IdJob => ({
  operation: "Associations",
  most: 74,
  fields: `... on Commit { ${commitFields(session, parentsField("2", ""))} }`,
  records: (commit) => [{ kind: "commit", externalId: String(commit.oid), body: commit }],
});

function parentsOf(commit: Item): readonly string[] {
  const list = nestedSchema.safeParse(commit.parents);
  if (!list.success)
    throw new SourceError("unexpectedShape", `the source's parents of ${commit.oid} have an unknown shape`);
  return list.data.nodes.map((parent) => String(parent?.oid));
}

/** Whether the commit is what a change's merge put on the branch before that time, by the server's clock. */
function mergedBefore(commit: Item, since: string): boolean {
  const changes =
    (commit.associatedPullRequests as { nodes?: readonly (Item | null)[] } | null | undefined)?.nodes ?? [];
  return changes.some(
    (change) =>
      typeof change?.mergedAt === "string" &&
      secondsUtc(change.mergedAt) < since &&
      (change.mergeCommit as { oid?: string } | null)?.oid === commit.oid,
  );
}

/** Merges of more than two branches are asked again with all parents, and stored once those are known. */
function octopus(session: Session): ListJob {
  let commit: Item = {};
  return {
    operation: "CommitParents",
    fields: (first, after) => `... on Commit { ${commitFields(session, parentsField(first, after))} }`,
    connection: (node) => nestedSchema.safeParse(node.parents).data,
    gain: (items, _job, _offset, node) => {
      commit = node;
      return { records: items.map((parent) => ({ kind: "parent", externalId: String(parent.oid), body: parent })) };
    },
    merge: (records) => {
      const nodes = records.map((record) => record.body as { oid: string });
      return [
        {
          kind: "commit",
          externalId: String(commit.oid),
          body: {
            ...commit,
            parents: { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null }, nodes },
          },
        },
      ];
    },
  };
}
