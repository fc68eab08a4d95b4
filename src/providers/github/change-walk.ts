import type { SourceRecord } from "../../model/stream.ts";
import type { Refusal } from "./ask-whole.ts";
import { type ChangeKind, changeFields, changeSections, changesField, headChecks, nested } from "./change-query.ts";
import {
  changeRecord,
  continuation,
  dismissalRecord,
  eventsOf,
  itemsOf,
  listOf,
  namesNoChecks,
  type TimelineCounts,
} from "./change-records.ts";
import { readAuthors } from "./commit-authors.ts";
import { commitParents } from "./commit-parents.ts";
import type { Job } from "./cursors.ts";
import type { Gained, IdJob, Item, ListJob } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import type { Member } from "./list-state.ts";
import { type ListOptions, listWalk } from "./list-walk.ts";
import { isRecent, type Session, secondsUtc } from "./session.ts";
import type { Walk } from "./walk.ts";

// 29 changes with five lists each are 146 lists, which is one point; GitHub refuses pages over 50.
const sizes = [
  [29, 100],
  [14, 50],
  [7, 25],
  [3, 10],
  [1, 5],
  [1, 1],
] as const;

/** Walks the merged changes, last updated first, with their commits, timeline, checks, work items and files. */
export function changeWalk(
  session: Session,
  members: readonly Member[],
  all: readonly Member[],
  unmoved?: ListOptions["unmoved"],
): Walk {
  const changes = all.find((member) => member.kind === "changes");
  const alone = changes !== undefined && !members.includes(changes);
  const counted = all.map((member) => member.kind as ChangeKind);
  const hasReviews = counted.includes("reviews");
  const atRest = new Set<string>();
  for (const [id, slug] of all.flatMap((member) => Object.entries(member.cursor?.apps ?? {})))
    session.apps.set(id, slug);
  for (const section of all.flatMap((member) => member.cursor?.distrusted ?? []))
    session.distrust(section, "an earlier run found it not to name all there is");
  return listWalk(session, {
    name: "changes",
    operation: "Changes",
    members,
    counted: "changes",
    sections: changeSections,
    sizes: () => sizes,
    field: (kinds, without) => changesField(kinds as readonly ChangeKind[], counted, without),
    // A kind that catches up by itself completes the counts of the changes.
    ...(alone ? { beside: { stream: changes.stream, records: (item) => wholeChange(item, hasReviews) } } : {}),
    timeOf: (item) => String(item.updatedAt),
    gain: (kind, item, refused, now) => {
      const gained = gain(session, kind as ChangeKind, item, refused, hasReviews);
      return watchedKinds.includes(kind) && isRecent(item.mergedAt, now) ? { ...gained, watch: true } : gained;
    },
    ...changeFollowUps(session, counted),
    watched: Object.fromEntries(watchedKinds.map((kind) => [kind, lookAgain(session, kind, atRest)])),
    atRest,
    ...(unmoved ? { unmoved } : {}),
  });
}

/** What asks for the rest of changes: lists longer than their page, and what is given by ids only. */
export function changeFollowUps(
  session: Session,
  counted: readonly ChangeKind[],
): { readonly lists: Readonly<Record<string, ListJob>>; readonly byIds: Readonly<Record<string, IdJob>> } {
  const names = ["commits", "reviews", "timeline", "checks", "workItems", "files"];
  return {
    lists: {
      ...Object.fromEntries(names.map((list) => [list, listJob(session, list)])),
      events: wholeTimeline(session, counted),
    },
    byIds: { dismissals, headChecks: checksOfHead(session), authors: readAuthors(session), parents: commitParents },
  };
}

/** What a change as the source gave it holds of one kind, and what that leaves to be asked. */
export function gain(
  session: Session,
  kind: ChangeKind,
  item: Item,
  refused: Refusal | undefined,
  hasReviews: boolean,
): Gained {
  if (kind === "changes") {
    const commits = listOf("commits", item);
    const rest = commits ? itemsOf(session, "commits", item, commits.nodes, 0) : { records: [], jobs: [] };
    const timeline = listOf("timeline", item);
    return {
      records: [...wholeChange(item, hasReviews), ...rest.records],
      jobs: [
        ...(rest.jobs ?? []),
        ...continuation("commits", item, commits),
        ...("timeline" in item ? continuation("events", item, timeline, true) : []),
      ],
    };
  }
  const name = kind === "reviews" && "timeline" in item ? "timeline" : kind;
  const list = refused ? undefined : listOf(name, item);
  const jobs = continuation(name, item, list, kind === "files");
  if (!list || (kind === "files" && jobs.length > 0)) return { records: [], jobs };
  const gained = itemsOf(session, name, item, list.nodes, 0);
  const look = kind === "checks" && namesNoChecks(item) ? [headChecksJob(item)] : [];
  return { ...gained, jobs: [...(gained.jobs ?? []), ...jobs, ...look] };
}

/** A change with its events, where all of them are on the page: one with a longer timeline is recorded once that is read. */
function wholeChange(item: Item, hasReviews: boolean): readonly SourceRecord[] {
  const timeline = listOf("timeline", item);
  if (!("timeline" in item)) return [changeRecord(item, undefined, hasReviews)];
  if (!timeline || timeline.pageInfo.hasNextPage) return [];
  const { records, counts } = eventsOf(item, timeline.nodes);
  return [changeRecord(item, counts, hasReviews), ...records];
}

function listJob(session: Session, list: string): ListJob {
  const query = nested[list] as (typeof nested)[string];
  return {
    operation: `More${list[0]?.toUpperCase()}${list.slice(1)}`,
    fields: (first, after) =>
      `... on PullRequest { number updatedAt headRefOid ${query(first, after, session.denied)} }`,
    connection: (node) => listOf(list, node),
    gain: (items, _job, offset, node) => itemsOf(session, list, node, items, offset),
    ...(list === "files" ? { merge: mergeFiles } : {}),
  };
}

/** Reads a long timeline to its end, then gives its events and the change with their counts. */
function wholeTimeline(session: Session, counted: readonly ChangeKind[]): ListJob {
  const hasReviews = counted.includes("reviews");
  return {
    operation: "Timeline",
    fields: (first, after) =>
      `... on PullRequest { ${changeFields([], counted, session.denied, "1", { first, after })} }`,
    connection: (node) => listOf("timeline", node),
    gain: (_items, _job, _offset, node) => {
      const { records, counts } = eventsOf(node, listOf("timeline", node)?.nodes ?? []);
      return { records: [changeRecord(node, counts, hasReviews), ...records] };
    },
    merge: (records) => {
      const pages = records.filter((record) => record.kind === "change");
      const [last] = pages.slice(-1);
      if (!last) return records;
      const counts = pages.map((page) => (page.body as { timeline: TimelineCounts }).timeline);
      const events = counts.reduce((sum, count) => sum + count.events, 0);
      const reviews = counts.reduce((sum, count) => sum + (count.reviews ?? 0), 0);
      const body = { ...(last.body as object), timeline: { events, ...(hasReviews ? { reviews } : {}) } };
      return [{ ...last, body }, ...records.filter((record) => record.kind !== "change")];
    },
  };
}

/** One record of all paths, from those of the pages. */
function mergeFiles(records: readonly SourceRecord[]): readonly SourceRecord[] {
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
    return nodes.filter((event) => event !== null).map((event) => dismissalRecord(node.number, event));
  },
};

// Reviews and checks come late without moving their change.
const watchedKinds: readonly string[] = ["reviews", "checks"];

/** Asks the reviews or the checks of changes again by their ids. */
function lookAgain(session: Session, kind: string, atRest: Set<string>): IdJob {
  const listName = () => (kind === "reviews" && !session.denied.has("timeline") ? "timeline" : kind);
  return {
    operation: kind === "reviews" ? "LateReviews" : "LateChecks",
    most: 50,
    get fields() {
      const query = nested[listName()] as (typeof nested)[string];
      return `... on PullRequest { number updatedAt mergedAt headRefOid ${query("50", "", session.denied)} }`;
    },
    records: (node, _job, now) => {
      const gained = gain(session, kind as ChangeKind, node, undefined, false);
      if (!gained.watch && !isRecent(node.mergedAt, now)) atRest.add(`${kind} ${node.id}`);
      return gained.records;
    },
    jobs: (node) => gain(session, kind as ChangeKind, node, undefined, false).jobs ?? [],
  };
}

function headChecksJob(item: Item): Job {
  const at = secondsUtc(String(item.updatedAt));
  const key = `headChecks:${item.number}:${at}`;
  return { do: "headChecks", id: String(item.id), of: Number(item.number), after: null, offset: 0, key, at };
}

/**
 * Asks the last commit of changes that name no checks of their own. Where it has some after all, what changes say of
 * themselves is not believed any more, in this run and the next ones.
 */
function checksOfHead(session: Session): IdJob {
  return {
    operation: "HeadChecks",
    most: 74,
    get fields() {
      return `... on PullRequest { number updatedAt ${headChecks("50", "", session.denied)} }`;
    },
    records: (node) => {
      const list = listOf("checks", node);
      if (!list || list.nodes.length === 0) return [];
      session.distrust("rollup", "the source names a change's checks only by its last commit");
      return itemsOf(session, "checks", node, list.nodes, 0).records;
    },
    jobs: (node) => continuation("checks", node, listOf("checks", node)),
  };
}
