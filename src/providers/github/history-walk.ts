import type { Batch, Part, Stream } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import { type BranchLine, branchLine, startLine } from "./branch-line.ts";
import { authorsJob, isCoAuthored, readAuthors } from "./commit-authors.ts";
import { type HistoryCursor, type Job, writeCursor } from "./cursors.ts";
import { askByIds, askLists, type FollowUps, type Item, type ListJob } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import { type Head, startOf } from "./head-walk.ts";
import { listPageSchema, nestedSchema } from "./pages.ts";
import { partOf, type Session, secondsUtc } from "./session.ts";
import type { Answer, Walk } from "./walk.ts";

// Two lists in each of 74 commits: 149 requests of lists, which is one point.
const sizes = [74, 37, 18, 9, 4, 1];

const commitFields = (signature: boolean, parents: string) =>
  `${text.commit(signature)} tree { oid } ${parents} associatedPullRequests(first: 10) { totalCount nodes { number mergedAt mergeCommit { oid } } }`;
const parentsField = (first: string, after: string) =>
  `parents(first: ${first}${after}) { totalCount ${text.page} nodes { oid } }`;

/** Walks the commits of a branch from its head to the last known one, never by date; the first time to what merged before the horizon. */
export function historyWalk(session: Session, stream: Stream, cursor: HistoryCursor | undefined, head: Head): Walk {
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
    for (const commit of commits)
      line.add({ oid: String(commit.oid), parents: parentsOf(commit), boundary: mergedBefore(commit, stream.since) });
    const complete = (commit: Item) => !nestedSchema.parse(commit.parents).pageInfo.hasNextPage;
    const jobs = commits.flatMap((commit): Job[] => [
      ...(complete(commit)
        ? []
        : [
            {
              do: "parents",
              id: String(commit.id),
              of: String(commit.oid),
              after: null,
              offset: 0,
              key: `parents:${commit.oid}`,
              at: "",
            },
          ]),
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
        return [partOf(stream, commits.filter(complete).map(commitRecord))];
      }
      reasons.add(`the branch was rewritten: its former head ${knownHead} is not on its first-parent line any more`);
    }
    finished = over;
    return [partOf(stream, commits.filter(complete).map(commitRecord), { cursor: writeCursor(now) })];
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
    if (all || now.pending.some((job) => job.do === "parents")) yield* askLists(session, follow, "parents", octopus());
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
    name: "line",
    operation: "Commits",
    going: () => failed === undefined && !finished,
    sections: () => [{ name: "signature", keys: ["signature"] }],
    ask: (without, level) => ({
      field: `line: object(oid: $head) { ... on Commit { history(first: $commitsPage, after: $commitsAfter) { totalCount ${text.page} nodes { ${commitFields(!without.has("signature"), parentsField("2", ""))} } } } }`,
      variables: {
        head: { type: "GitObjectID!", value: now.walk?.head ?? head.oid },
        commitsPage: { type: "Int!", value: sizes[level] },
        commitsAfter: { type: "String", value: now.walk?.after ?? null },
      },
    }),
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

const commitRecord = (commit: Item) => ({ kind: "commit", externalId: String(commit.oid), body: commit });

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
function octopus(): ListJob {
  let commit: Item = {};
  return {
    operation: "CommitParents",
    fields: (first, after) => `... on Commit { ${commitFields(false, parentsField(first, after))} }`,
    connection: (node) => nestedSchema.safeParse(node.parents).data,
    gain: (items, _job, _offset, node) => {
      commit = node;
      return { records: items.map((parent) => ({ kind: "parent", externalId: String(parent.oid), body: parent })) };
    },
    merge: (records) => {
      const nodes = records.map((record) => record.body as { oid: string });
      return [
        commitRecord({
          ...commit,
          parents: { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null }, nodes },
        }),
      ];
    },
  };
}
