import type { SourceRecord } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import { authorsJob, isCoAuthored } from "./commit-authors.ts";
import { mayMergeBase, parentsJob } from "./commit-parents.ts";
import type { Job } from "./cursors.ts";
import type { Gained, Item } from "./follow-ups.ts";
import { type Nested, nestedSchema } from "./pages.ts";
import { type Session, secondsUtc } from "./session.ts";

const none: Nested = { totalCount: 0, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };

/** The list of that kind in a change; undefined where the source did not give it. */
export function listOf(kind: string, item: Item): Nested | undefined {
  const given = kind === "checks" ? contextsOf(item) : item[kind];
  if (given === undefined || given === null) return undefined;
  const parsed = nestedSchema.safeParse(given);
  if (!parsed.success)
    throw new SourceError("unexpectedShape", `the source's ${kind} of #${item.number} have an unknown shape`);
  return parsed.data;
}

type Rollup = { readonly contexts?: unknown; readonly commit?: { readonly oid?: string } | null } | null;

/** Whether the change itself names no checks, which its last commit may still have. */
export const namesNoChecks = (item: Item): boolean => item.rollup === null;

/** The contexts of a change's checks; an empty list where the source says that there are none. */
function contextsOf(item: Item): unknown {
  const commit = headOf(item);
  if ("rollup" in item) return item.rollup === null ? none : (item.rollup as Rollup)?.contexts;
  if (!commit || !("statusCheckRollup" in commit)) return undefined;
  return commit.statusCheckRollup === null ? none : (commit.statusCheckRollup as Rollup)?.contexts;
}

function headOf(item: Item): Item | undefined {
  const nodes = (item.head as { nodes?: readonly ({ commit?: Item } | null)[] } | null | undefined)?.nodes;
  return nodes?.at(-1)?.commit;
}

const record = (kind: string, externalId: unknown, body: unknown): SourceRecord => ({
  kind,
  externalId: String(externalId),
  body,
});

/** What a whole timeline holds, by kind; what the source withheld may be of either. */
export interface TimelineCounts {
  readonly events: number;
  readonly reviews: number;
}

/** A change as the source gave it, its lists reduced to their counts: their items are records of their own. */
export function changeRecord(item: Item, timeline: TimelineCounts | undefined, hasReviews: boolean): SourceRecord {
  const { commits, reviews, head, rollup, workItems, files, timeline: _items, ...own } = item;
  const counts = Object.entries({ commits, reviews, workItems, files }).flatMap(([name, list]) => {
    const totalCount = (list as Nested | null | undefined)?.totalCount;
    return totalCount === undefined ? [] : [[name, { totalCount }] as const];
  });
  const asked = (head !== undefined || rollup !== undefined) && !namesNoChecks(item);
  const checks = asked ? listOf("checks", item) : undefined;
  return record("change", item.number, {
    ...own,
    ...Object.fromEntries(counts),
    ...(checks ? { checks: { totalCount: checks.totalCount } } : {}),
    ...(timeline
      ? { timeline: { events: timeline.events, ...(hasReviews ? { reviews: timeline.reviews } : {}) } }
      : {}),
  });
}

/** What asks for the rest of a list, or for all of one that was not given or only makes sense as a whole. */
export function continuation(kind: string, item: Item, list: Nested | undefined, whole = false): readonly Job[] {
  if (list && !list.pageInfo.hasNextPage) return [];
  const at = secondsUtc(String(item.updatedAt));
  const start =
    !list || whole ? { after: null, offset: 0 } : { after: list.pageInfo.endCursor, offset: list.nodes.length };
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

/** The records of a list's items; `offset` is how many came before. */
export function itemsOf(
  session: Session,
  kind: string,
  item: Item,
  nodes: readonly (Item | null)[],
  offset: number,
): Gained {
  const change = Number(item.number);
  const at = secondsUtc(String(item.updatedAt));
  const items = nodes.filter((node) => node !== null);
  switch (kind) {
    case "commits": {
      const commits = items.map((node) => node.commit as Item);
      return {
        records: commits.map((commit, index) =>
          record("changeCommit", `${change}/${commit.oid}`, { change, ordinal: offset + index, commit }),
        ),
        jobs: [
          ...commits
            .filter((commit) => isCoAuthored(commit.message) && !session.authored.has(String(commit.oid)))
            .map((commit) => authorsJob(commit, at)),
          // The first commit of a change follows no approval.
          ...commits
            .slice(offset === 0 ? 1 : 0)
            .filter(mayMergeBase)
            .map((commit) => parentsJob(commit, at)),
        ],
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
      return { records: items.map((node) => reviewRecord(change, node)), jobs: dismissed.length > 0 ? [job] : [] };
    }
    case "checks": {
      for (const node of items) {
        const app = (node.checkSuite as { app?: { databaseId?: number; slug?: string } | null } | null | undefined)
          ?.app;
        if (app?.databaseId && app.slug) session.apps.set(String(app.databaseId), app.slug);
      }
      const oid = headOf(item)?.oid ?? (item.rollup as Rollup)?.commit?.oid ?? item.headRefOid;
      return {
        records: items.map((node) => record("check", node.databaseId ?? node.id, { oid, check: node })),
        watch: items.some((node) => !isOver(node)),
      };
    }
    case "workItems":
      return { records: items.map((node) => record("workItem", `${change}/${node.id}`, { change, workItem: node })) };
    case "timeline":
      return { records: items.flatMap((node) => reviewOrDismissal(change, node)) };
    default:
      return { records: [record("files", change, { change, totalCount: offset + nodes.length, files: items })] };
  }
}

/** Whether a check or status has come to its end. */
function isOver(check: Item): boolean {
  if (check.__typename === "StatusContext") return check.state !== "PENDING" && check.state !== "EXPECTED";
  return check.status === "COMPLETED";
}

const reviewRecord = (change: number, review: Item) =>
  record("review", review.fullDatabaseId ?? review.id, { change, review });

/** A dismissal as it is stored, wherever it was read. */
export const dismissalRecord = (change: unknown, dismissal: Item): SourceRecord =>
  record("dismissal", dismissal.id, { change, dismissal });

/** Reviews and dismissals have the same records in a timeline as in lists of their own. */
function reviewOrDismissal(change: number, { __typename, ...node }: Item): readonly SourceRecord[] {
  if (__typename === "PullRequestReview") return [reviewRecord(change, node)];
  return __typename === "ReviewDismissedEvent" ? [dismissalRecord(change, node)] : [];
}

/** The events among a timeline's items, and how many of its items are what. */
export function eventsOf(
  item: Item,
  nodes: readonly (Item | null)[],
): { records: readonly SourceRecord[]; counts: TimelineCounts } {
  const change = Number(item.number);
  const items = nodes.filter((node) => node !== null);
  const withheld = nodes.length - items.length;
  const reviews = items.filter((node) => node.__typename === "PullRequestReview").length;
  const events = items.filter(
    ({ __typename }) => __typename !== "PullRequestReview" && __typename !== "ReviewDismissedEvent",
  );
  return {
    records: events.map((event) => record("changeEvent", event.id, { change, event })),
    counts: { events: events.length + withheld, reviews: reviews + withheld },
  };
}
