import { SourceError } from "../../util/errors.ts";
import type { Refusal } from "./ask-whole.ts";
import { type ChangeKind, changeSections, changesField, nested } from "./change-query.ts";
import { authorsJob, isCoAuthored, readAuthors } from "./commit-authors.ts";
import type { Job } from "./cursors.ts";
import type { Gained, IdJob, Item, ListJob } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import type { Member } from "./list-state.ts";
import { listWalk } from "./list-walk.ts";
import { type Nested, nestedSchema } from "./pages.ts";
import { type Session, secondsUtc } from "./session.ts";
import type { Walk } from "./walk.ts";

// 21 changes with seven lists each, and 100 deployments beside them, stay below 2.5 points; GitHub refuses pages over 50.
const sizes = [
  [21, 100],
  [10, 50],
  [5, 25],
  [2, 10],
  [1, 5],
  [1, 1],
] as const;

/** Walks the merged changes, last updated first, with their commits, reviews, checks, work items and files. */
export function changeWalk(session: Session, members: readonly Member[], all: readonly Member[]): Walk {
  const changes = all.find((member) => member.kind === "changes");
  const alone = changes !== undefined && !members.includes(changes);
  return listWalk(session, {
    name: "changes",
    operation: "Changes",
    members,
    counted: "changes",
    sections: changeSections,
    sizes,
    field: (kinds, without) =>
      changesField(
        kinds as readonly ChangeKind[],
        all.map((member) => member.kind as ChangeKind),
        without,
      ),
    // A kind that catches up by itself completes the counts of the changes.
    ...(alone ? { beside: { stream: changes.stream, record: changeRecord } } : {}),
    timeOf: (item) => String(item.updatedAt),
    gain: (kind, item, refused) => gain(session, kind as ChangeKind, item, refused),
    lists: Object.fromEntries(
      ["commits", "reviews", "checks", "workItems", "files"].map((list) => [list, listJob(session, list)]),
    ),
    byIds: { dismissals, authors: readAuthors(session) },
  });
}

function gain(session: Session, kind: ChangeKind, item: Item, refused: Refusal | undefined): Gained {
  if (kind === "changes") {
    const commits = listOf("commits", item);
    const rest = commits ? itemsOf(session, "commits", item, commits.nodes, 0) : { records: [], jobs: [] };
    return {
      records: [changeRecord(item), ...rest.records],
      jobs: [...(rest.jobs ?? []), ...continuation("commits", item, commits)],
    };
  }
  const list = refused ? undefined : listOf(kind, item);
  const jobs = continuation(kind, item, list);
  if (!list || (kind === "files" && jobs.length > 0)) return { records: [], jobs };
  const gained = itemsOf(session, kind, item, list.nodes, 0);
  return { records: gained.records, jobs: [...(gained.jobs ?? []), ...jobs] };
}

const changeRecord = (item: Item) => ({ kind: "change", externalId: String(item.number), body: withoutLists(item) });

/** What asks for the rest of a list, or for all of one that was not given. */
function continuation(kind: string, item: Item, list: Nested | undefined): readonly Job[] {
  if (list && !list.pageInfo.hasNextPage) return [];
  const at = secondsUtc(String(item.updatedAt));
  const start =
    !list || kind === "files"
      ? { after: null, offset: 0 }
      : { after: list.pageInfo.endCursor, offset: list.nodes.length };
  return [
    {
      do: kind,
      id: String(item.id),
      of: Number(item.number),
      ...start,
      key: `${kind}:${item.number}:${at}:${list?.totalCount ?? ""}`,
      at,
    },
  ];
}

const none: Nested = { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };

/** The list of that kind in a change; undefined where the source did not give it. */
function listOf(kind: string, item: Item): Nested | undefined {
  const given = kind === "checks" ? contextsOf(item) : item[kind];
  if (given === undefined || given === null) return undefined;
  const parsed = nestedSchema.safeParse(given);
  if (!parsed.success)
    throw new SourceError("unexpectedShape", `the source's ${kind} of #${item.number} have an unknown shape`);
  return parsed.data;
}

/** The contexts of the last commit's checks; an empty list where the source says that there are none. */
function contextsOf(item: Item): unknown {
  const commit = headOf(item);
  if (!commit || !("statusCheckRollup" in commit)) return undefined;
  return (
    (commit.statusCheckRollup as { contexts?: unknown } | null)?.contexts ??
    (commit.statusCheckRollup === null ? none : undefined)
  );
}

function headOf(item: Item): Item | undefined {
  const nodes = (item.head as { nodes?: readonly ({ commit?: Item } | null)[] } | null | undefined)?.nodes;
  return nodes?.at(-1)?.commit;
}

/** A change as the source gave it, its lists reduced to their counts: their items are records of their own. */
function withoutLists(item: Item): Item {
  const { commits, reviews, head, workItems, files, ...own } = item;
  const counts = Object.entries({ commits, reviews, workItems, files }).flatMap(([name, list]) => {
    const totalCount = (list as Nested | null | undefined)?.totalCount;
    return totalCount === undefined ? [] : [[name, { totalCount }] as const];
  });
  const checks = head === undefined ? undefined : listOf("checks", item);
  return { ...own, ...Object.fromEntries(counts), ...(checks ? { checks: { totalCount: checks.totalCount } } : {}) };
}

/** The records of a list's items; `offset` is how many came before. */
function itemsOf(session: Session, kind: string, item: Item, nodes: readonly (Item | null)[], offset: number): Gained {
  const change = Number(item.number);
  const at = secondsUtc(String(item.updatedAt));
  const items = nodes.filter((node) => node !== null);
  const record = (name: string, externalId: unknown, body: unknown) => ({
    kind: name,
    externalId: String(externalId),
    body,
  });
  switch (kind) {
    case "commits": {
      const commits = items.map((node) => node.commit as Item);
      return {
        records: commits.map((commit, index) =>
          record("changeCommit", `${change}/${commit.oid}`, { change, ordinal: offset + index, commit }),
        ),
        jobs: commits
          .filter((commit) => isCoAuthored(commit.message) && !session.authored.has(String(commit.oid)))
          .map((commit) => authorsJob(commit, at)),
      };
    }
    case "reviews": {
      const dismissed = items.filter((node) => node.state === "DISMISSED").map((node) => String(node.id));
      const job: Job = {
        do: "dismissals",
        id: String(item.id),
        of: change,
        after: null,
        offset: 0,
        key: `dismissals:${change}:${dismissed.sort().join(",")}`,
        at,
      };
      return {
        records: items.map((node) => record("review", node.fullDatabaseId ?? node.id, { change, review: node })),
        jobs: dismissed.length > 0 ? [job] : [],
      };
    }
    case "checks": {
      for (const node of items) {
        const app = (node.checkSuite as { app?: { databaseId?: number; slug?: string } | null } | null | undefined)
          ?.app;
        if (app?.databaseId && app.slug) session.apps.set(String(app.databaseId), app.slug);
      }
      const oid = headOf(item)?.oid;
      return { records: items.map((node) => record("check", node.databaseId ?? node.id, { oid, check: node })) };
    }
    case "workItems":
      return { records: items.map((node) => record("workItem", `${change}/${node.id}`, { change, workItem: node })) };
    default:
      return { records: [record("files", change, { change, totalCount: offset + nodes.length, files: items })] };
  }
}

function listJob(session: Session, list: string): ListJob {
  const query = nested[list] as (typeof nested)[string];
  return {
    operation: `More${list[0]?.toUpperCase()}${list.slice(1)}`,
    fields: (first, after) => `... on PullRequest { number updatedAt ${query(first, after, false)} }`,
    connection: (node) => listOf(list, node),
    gain: (items, _job, offset, node) => itemsOf(session, list, node, items, offset),
    ...(list === "files" ? { merge: mergeFiles } : {}),
  };
}

/** One record of all paths, from those of the pages. */
function mergeFiles(records: readonly { kind: string; externalId: string; body: unknown }[]) {
  const bodies = records.map(
    (record) => record.body as { change: number; totalCount: number; files: readonly unknown[] },
  );
  const [first] = records;
  if (!first) return [];
  const totalCount = Math.max(...bodies.map((body) => body.totalCount));
  return [{ ...first, body: { change: bodies[0]?.change, totalCount, files: bodies.flatMap((body) => body.files) } }];
}

const dismissals: IdJob = {
  operation: "Dismissals",
  most: 50,
  fields: `... on PullRequest { number timelineItems(first: 100, itemTypes: [REVIEW_DISMISSED_EVENT]) { totalCount nodes { ... on ReviewDismissedEvent { ${text.dismissal} } } } }`,
  records: (node) => {
    const { nodes } = node.timelineItems as { nodes: readonly (Item | null)[] };
    return nodes
      .filter((event) => event !== null)
      .map((event) => ({
        kind: "dismissal",
        externalId: String(event.id),
        body: { change: node.number, dismissal: event },
      }));
  },
};
