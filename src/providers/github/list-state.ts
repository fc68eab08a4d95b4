import type { Stream } from "../../model/stream.ts";
import { type Job, type ListCursor, writeCursor } from "./cursors.ts";
import type { FollowUps } from "./follow-ups.ts";
import { partOf } from "./session.ts";

/** One stream of a list's pages. */
export interface Member {
  readonly kind: string;
  readonly stream: Stream;
  readonly cursor: ListCursor | undefined;
}

/** How many watched items are asked again in a run; the others have their turn in the next one. */
const watchMost = 1000;

/** How far one stream of a walked list has come in this run. */
export interface State extends Member {
  now: ListCursor;
  /** Pages read in this run. */
  pages: number;
  left?: string;
  readonly reasons: Set<string>;
  /** Items to watch that this run has met, by node id. */
  readonly met: Set<string>;
  /** How many watched items were left for the next run. */
  unasked: number;
}

/** Whether a stream's last walk came to its end and left no question open. */
export const isSettled = (cursor: ListCursor | undefined): cursor is ListCursor =>
  cursor !== undefined && cursor.walk === null && cursor.pending.length === 0 && cursor.total !== null;

/** The cursor a walk begins with: that of the walk that was interrupted, or one from the top. */
export function begin({ cursor, stream }: Member): ListCursor {
  if (cursor?.walk) return cursor;
  const walk = startOf(cursor?.top ?? stream.since);
  if (cursor) return { ...cursor, walk };
  return {
    v: 1,
    since: stream.since,
    reached: null,
    top: null,
    whole: false,
    pending: [],
    total: null,
    apps: {},
    distrusted: [],
    settled: [],
    watch: [],
    walk,
  };
}

/** A walk from the top down to what is older than `limit`. */
export const startOf = (limit: string) => ({
  after: null,
  top: null,
  limit,
  ended: false,
  withheld: 0,
  given: 0,
  count: null,
});

/** How many follow-ups of that kind are open. */
export const countOf = (state: State, kind: string): number =>
  state.now.pending.filter((job) => job.do === kind).length;

/** Items watched since an earlier run that no page of this one showed are asked by their ids. */
export function watchAgain(state: State): void {
  const open = new Set(state.now.pending.map((job) => job.key));
  const due = state.now.watch.filter(([, id]) => !state.met.has(id) && !open.has(`watch:${id}`));
  const turn = new Set(due.slice(0, watchMost));
  state.unasked = due.length - turn.size;
  const jobs = [...turn].map(
    ([at, id]): Job => ({ do: "watch", id, of: id, after: null, offset: 0, key: `watch:${id}`, at }),
  );
  // Those of this run go to the end of the queue.
  const watch = [...state.now.watch.filter((each) => !turn.has(each)), ...turn];
  state.now = { ...state.now, watch, pending: [...state.now.pending, ...jobs] };
}

/** The open follow-ups of a stream, kept in its cursor. */
export function followUps(state: State): FollowUps {
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
