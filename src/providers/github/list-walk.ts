import type { Batch, Coverage, Part, SourceRecord, Stream } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import type { Refusal, Section } from "./ask-whole.ts";
import { type Job, type ListCursor, writeCursor } from "./cursors.ts";
import { askByIds, askLists, type FollowUps, type Gained, type IdJob, type Item, type ListJob } from "./follow-ups.ts";
import { listPageSchema } from "./pages.ts";
import { latest, partOf, type Session, secondsUtc } from "./session.ts";
import type { Answer, Asking, Walk } from "./walk.ts";

/** One stream of a list's pages. */
export interface Member {
  readonly kind: string;
  readonly stream: Stream;
  readonly cursor: ListCursor | undefined;
}

/** A list that the source orders by a time, newest first, and the streams its pages serve. */
export interface ListOptions {
  readonly name: string;
  readonly operation: string;
  readonly members: readonly Member[];
  /** The kind that `totalCount` counts. */
  readonly counted: string;
  readonly sections: readonly Section[];
  field(kinds: readonly string[], without: ReadonlySet<string>): string;
  /** How many items a page has, and how many the lists in it, at each level. */
  readonly sizes: readonly (readonly [number, number])[];
  /** The time the list is ordered by. */
  timeOf(item: Item): string;
  gain(kind: string, item: Item, refused: Refusal | undefined, signature: boolean): Gained;
  readonly byIds: Readonly<Record<string, IdJob>>;
  readonly lists: Readonly<Record<string, ListJob>>;
  /** What the items say for another stream, which does not move by it. */
  readonly beside?: { readonly stream: Stream; record(item: Item): SourceRecord };
  /** Ids of watched items that an answer showed at rest. */
  readonly atRest?: ReadonlySet<string>;
}

/** How many known items are read again, for what changed in them without moving them. */
const lookBack = 20;
const settledKept = 400;
const gather = 100;
const watchFor = 30 * 86_400_000;

interface State extends Member {
  now: ListCursor;
  /** Pages read in this run. */
  pages: number;
  left?: string;
  readonly reasons: Set<string>;
  /** Items to watch that this run has met, by node id. */
  readonly met: Set<string>;
}

/** Walks such a list from its newest item down to what is known; an interrupted walk goes on, then the top is read again. */
export function listWalk(session: Session, options: ListOptions): Walk {
  const { name, sizes } = options;
  const states: State[] = options.members.map((member) => ({
    ...member,
    now: begin(member),
    pages: 0,
    reasons: new Set<string>(),
    met: new Set<string>(),
  }));
  const first = states[0] as State;
  let again = (first.now.walk?.after ?? null) !== null || first.now.walk?.ended === true;
  let known = first.cursor?.top ?? null;
  let knownMet = 0;
  let total: number | undefined;
  /** The source's time of the first page of the walk from the top. */
  let since: string | undefined;
  let failed: string | undefined;
  let failedAt = "";
  let finished = false;
  let read = 0;
  const cursorsSeen = new Set<string>();

  const present = () => states.filter((state) => state.left === undefined);
  // All that are present stand at the same place.
  const lead = () => present()[0] ?? first;
  const walkOf = (state: State) => state.now.walk as NonNullable<ListCursor["walk"]>;
  const restart = () => {
    for (const state of states) {
      const top = latest(walkOf(state).top, state.now.top);
      state.now = {
        ...state.now,
        top,
        walk: { after: null, top: null, limit: top ?? state.stream.since, ended: false },
      };
    }
    known = lead().now.top;
    knownMet = 0;
    again = false;
    since = undefined;
    cursorsSeen.clear();
  };
  // It had ended when the run was interrupted.
  if (walkOf(first).ended) restart();

  const take = (page: unknown, answer: Answer): readonly Part[] => {
    const parsed = listPageSchema.safeParse(page);
    if (!parsed.success) throw new SourceError("unexpectedShape", `the source's page of ${name} has an unknown shape`);
    const { pageInfo, nodes, totalCount } = parsed.data;
    for (const state of present()) {
      const refusal = answer.refused.get(state.kind);
      if (refusal?.entirely) state.left = refusal.reason;
    }
    const before = walkOf(lead());
    if (before.after === null) {
      since ??= answer.serverTime;
      total = totalCount;
    }
    const items = nodes.filter((node) => node !== null);
    read += items.length;
    session.context.progress(`${session.owner}/${session.name}: ${read} of ${totalCount} ${name}`);
    const times = items.map((item) => secondsUtc(options.timeOf(item)));
    const oldest = times.at(-1);
    knownMet += times.filter((time) => known !== null && time <= known).length;
    const top = latest(before.top, times[0]);
    const end = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    const passed = oldest !== undefined && oldest < before.limit && (known === null || knownMet >= lookBack);
    const below = oldest !== undefined && oldest <= before.limit && knownMet >= lookBack;
    const over = !pageInfo.hasNextPage || passed || below;
    const stuck = !over && (end === null || end === before.after || cursorsSeen.has(end));
    if (end !== null) cursorsSeen.add(end);
    const withheld = nodes.length - items.length;
    const parts = present().map((state) => {
      state.pages++;
      if (withheld > 0) state.reasons.add(`the source withheld ${withheld} items of a page`);
      const refusal = answer.refused.get(state.kind);
      const gained = items.map((item) => options.gain(state.kind, item, refusal, !answer.refused.has("signature")));
      const settled = new Set(state.now.settled.map(([, key]) => key));
      const open = new Set(state.now.pending.map((job) => job.key));
      const jobs = gained
        .flatMap((each) => each.jobs ?? [])
        .filter((job) => !settled.has(job.key) && !open.has(job.key));
      for (const item of items) state.met.add(String(item.id));
      const watched = items
        .filter((_, index) => gained[index]?.watch)
        .map((item): [string, string] => [secondsUtc(options.timeOf(item)), String(item.id)]);
      const seen = new Set(items.map((item) => String(item.id)));
      const walk = { ...walkOf(state), after: stuck ? before.after : (end ?? before.after), top, ended: over };
      state.now = {
        ...state.now,
        walk,
        whole: state.now.whole || !pageInfo.hasNextPage,
        pending: [...state.now.pending, ...jobs],
        watch: [...state.now.watch.filter(([, id]) => !seen.has(id)), ...watched],
      };
      return partOf(
        state.stream,
        gained.flatMap((each) => each.records),
        { cursor: writeCursor(state.now) },
      );
    });
    if (stuck) {
      walk.fail("the source's cursor does not advance", answer.serverTime);
    } else if (over || present().length === 0) {
      if (again && present().length > 0) restart();
      else finished = true;
    }
    const { beside } = options;
    return beside && present().length > 0 ? [...parts, partOf(beside.stream, items.map(beside.record))] : parts;
  };

  async function* settle(all: boolean): AsyncGenerator<Batch> {
    for (const state of present()) {
      if (failed !== undefined && state.pages === 0) continue;
      const follow = followUps(state);
      if (all) watchAgain(state);
      for (const [kind, how] of Object.entries(options.lists)) {
        if (all || countOf(state, kind) > 0) yield* askLists(session, follow, kind, how);
      }
      for (const [kind, how] of Object.entries(options.byIds)) {
        if (all || countOf(state, kind) >= Math.min(gather, how.most)) yield* askByIds(session, follow, kind, how);
      }
    }
  }

  const conclude = (): readonly Part[] =>
    states.map((state) => {
      const from = state.cursor?.reached ?? state.stream.since;
      const to = since ?? failedAt;
      const why = state.left ?? failed;
      const coverage = (status: Coverage["status"], reasons: readonly string[]): Omit<Coverage, "stream"> => ({
        status,
        from: from > to ? to : from,
        to,
        ...(reasons.length > 0 ? { reason: reasons.join("; ") } : {}),
      });
      if (why !== undefined || !finished) {
        const anything = state.pages > 0 || (state.cursor?.walk?.after ?? null) !== null;
        return partOf(state.stream, [], {
          coverage: coverage(anything ? "partial" : "unobserved", [why ?? "not read to its end"]),
        });
      }
      const reasons = [...state.reasons];
      if (state.now.pending.length > 0 && reasons.length === 0)
        reasons.push(`${state.now.pending.length} follow-up questions are still open`);
      const cut = new Date(Date.parse(to) - watchFor).toISOString();
      const cursor: ListCursor = {
        ...state.now,
        top: latest(walkOf(state).top, state.now.top),
        walk: null,
        reached: reasons.length > 0 ? (state.cursor?.reached ?? null) : to,
        settled: [...state.now.settled].sort((a, b) => (a[0] < b[0] ? 1 : a[0] > b[0] ? -1 : 0)).slice(0, settledKept),
        watch: state.now.watch.filter(([time, id]) => time > cut && !options.atRest?.has(id)),
      };
      return partOf(state.stream, [], {
        cursor: writeCursor(cursor),
        coverage: coverage(reasons.length > 0 ? "partial" : "complete", reasons),
        ...(state.kind === options.counted && cursor.whole && total !== undefined ? { total } : {}),
      });
    });

  const walk: Walk = {
    name,
    operation: options.operation,
    going: () => failed === undefined && !finished,
    sections: () => options.sections,
    ask: (without, level): Asking => {
      const [page, inner] = sizes[level] as readonly [number, number];
      const kinds = present().map((state) => state.kind);
      return {
        field: options.field(kinds, without),
        variables: {
          [`${name}Page`]: { type: "Int!", value: page },
          [`${name}Inner`]: { type: "Int!", value: inner },
          [`${name}After`]: { type: "String", value: walkOf(lead()).after },
        },
      };
    },
    take,
    settle,
    fail: (reason, at) => {
      failed = reason;
      failedAt = at;
    },
    conclude,
  };
  return walk;
}

function begin({ cursor, stream }: Member): ListCursor {
  if (cursor?.walk) return cursor;
  const walk = { after: null, top: null, limit: cursor?.top ?? stream.since, ended: false };
  if (cursor) return { ...cursor, walk };
  return {
    v: 1,
    since: stream.since,
    reached: null,
    top: null,
    whole: false,
    pending: [],
    settled: [],
    watch: [],
    walk,
  };
}

const countOf = (state: State, kind: string): number => state.now.pending.filter((job) => job.do === kind).length;

/** Items watched since an earlier run that no page of this one showed are asked by their ids. */
function watchAgain(state: State): void {
  const open = new Set(state.now.pending.map((job) => job.key));
  const jobs = state.now.watch
    .filter(([, id]) => !state.met.has(id) && !open.has(`watch:${id}`))
    .map(([at, id]): Job => ({ do: "watch", id, of: id, after: null, offset: 0, key: `watch:${id}`, at }));
  state.now = { ...state.now, pending: [...state.now.pending, ...jobs] };
}

function followUps(state: State): FollowUps {
  return {
    jobs: () => state.now.pending,
    done: (jobs) => {
      const keys = new Set(jobs.map((job) => job.key));
      const kept = jobs.filter((job) => job.do !== "watch");
      state.now = {
        ...state.now,
        pending: state.now.pending.filter((job) => !keys.has(job.key)),
        settled: [...state.now.settled, ...kept.map((job): [string, string] => [job.at, job.key])],
      };
    },
    add: (jobs) => {
      const known = new Set([...state.now.pending.map((job) => job.key), ...state.now.settled.map(([, key]) => key)]);
      state.now = { ...state.now, pending: [...state.now.pending, ...jobs.filter((job) => !known.has(job.key))] };
    },
    advance: (job, after, offset) => {
      const pending = state.now.pending.map((each) => (each.key === job.key ? { ...each, after, offset } : each));
      state.now = { ...state.now, pending };
    },
    unread: (reason) => state.reasons.add(reason),
    part: (records) => partOf(state.stream, records, { cursor: writeCursor(state.now) }),
  };
}
