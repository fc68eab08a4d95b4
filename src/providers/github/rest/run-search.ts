import type { SourceRecord } from "../../../model/stream.ts";
import { instant } from "../../../util/clock.ts";
import { type Item, readList } from "./list.ts";
import type { RestAnswer } from "./rest-client.ts";
import type { Gained, Reading } from "./walk.ts";

/** A search gives at most so many runs. */
const most = 1000;
/** How long a run can be started again. */
const day = 86_400_000;
const again = 31 * day;

interface Window {
  readonly from: number;
  readonly to: number;
}

/** Which runs are searched for, and what becomes of them. */
export interface RunSearch {
  /** For an auditor. */
  readonly what: string;
  readonly operation: string;
  /** A list of runs that can be narrowed by `created`. */
  readonly path: string;
  readonly values?: Readonly<Record<string, string | number>>;
  readonly records?: (run: Item) => readonly SourceRecord[];
  /** Deals with the runs of a window; false where some have to be looked at again. */
  readonly take: (runs: readonly Item[]) => AsyncGenerator<Gained, boolean>;
  readonly refused: (answer: Extract<RestAnswer, { ok: false }>) => AsyncGenerator<Gained, string>;
}

/**
 * Searches runs by whole months, so that a month in which nothing moved is answered as unchanged; the months of the last
 * 31 days are searched each time, since runs can be started again for 30 days. Gives how many windows could be read, from
 * when on runs can still change, and how many runs the source counts since the stream began, where it said so of every
 * window; what stays unread is added to `reasons`.
 * @see https://docs.github.com/en/rest/actions/workflow-runs
 */
export async function* searchRuns(
  reading: Reading,
  search: RunSearch,
  reasons: Set<string>,
): AsyncGenerator<Gained, { readonly read: number; readonly live: string; readonly total: number | undefined }> {
  const now = reading.session.context.clock().getTime();
  const since = Date.parse(reading.stream.since);
  const live = Math.max(since, monthOf(now - again));
  const reached = reading.cursor?.reached;
  const start = Math.max(since, reached ? monthOf(Date.parse(reached) - again) : since);
  const windows = [...(start < live ? [{ from: start, to: live }] : []), ...months(live, now)];
  const { known } = reading.next;
  const before = new Map(Object.entries(known).filter(([key]) => key >= countOf(start) && key.startsWith(countOf())));
  for (const key of before.keys()) delete known[key];
  const earlier = Object.keys(known).filter((key) => key.startsWith(countOf()));
  const isFromTheBeginning =
    start <= since ||
    (earlier.some((key) => key.startsWith(countOf(since))) &&
      earlier.every((key) => (key.split("..")[1] ?? "") < instant(new Date(start))));
  let read = 0;
  for (const window of windows) {
    const failed = yield* readWindow(reading, search, window, before);
    if (failed !== undefined) reasons.add(failed);
    else read++;
  }
  const counts = Object.entries(known).flatMap(([key, value]) => (key.startsWith(countOf()) ? Number(value) : []));
  const isCounted = isFromTheBeginning && read === windows.length && counts.every((count) => !Number.isNaN(count));
  const total = isCounted ? counts.reduce((sum, count) => sum + count, 0) : undefined;
  return { read, live: instant(new Date(live)), total };
}

/** The key under which a window's count is noted, by its beginning. */
const countOf = (from?: number): string => `counted ${from === undefined ? "" : instant(new Date(from))}`;

/** Reads the runs created in a window and notes how many the source counts; one with more than a search gives is halved. */
async function* readWindow(
  reading: Reading,
  search: RunSearch,
  { from, to }: Window,
  before: ReadonlyMap<string, string>,
): AsyncGenerator<Gained, string | undefined> {
  const { what, operation, path, values, records, take, refused } = search;
  const created = `${instant(new Date(from))}..${instant(new Date(to - 1000))}`;
  const name = `runs ${created}`;
  if (reading.next.known[`split ${created}`] === undefined) {
    const read = yield* readList(reading, {
      name,
      operation,
      path,
      values: { ...values, created, exclude_pull_requests: "true" },
      property: "workflow_runs",
      most,
      ...(records ? { records } : {}),
    });
    if (!read.ok) return yield* refused(read.refused);
    const whole = (read.total ?? 0) <= most;
    if (whole || to - from <= 1000) {
      if (!whole) return `the source counts ${read.total} ${what} in the second ${created} and gives ${most}`;
      // What was left open must not hide behind an unchanged page.
      if (!(yield* take(read.items))) delete reading.next.lists[name];
      const count = `${countOf(from)}..${created.split("..")[1]}`;
      reading.next.known[count] = String(read.total ?? before.get(count));
      return undefined;
    }
    reading.next.known[`split ${created}`] = instant(new Date(from));
  }
  const middle = from + Math.floor((to - from) / 2000) * 1000;
  const earlier = yield* readWindow(reading, search, { from, to: middle }, before);
  const later = yield* readWindow(reading, search, { from: middle, to }, before);
  return earlier ?? later;
}

/** Drops what was noted, under keys that begin so, of runs that cannot be started again: it is not needed any more. */
export function forgetBefore({ next }: Reading, live: string, ...noted: readonly string[]): void {
  const kinds = new Set(["split", ...noted]);
  for (const [key, value] of Object.entries(next.known))
    if (kinds.has(key.split(" ")[0] ?? "") && (value.split(" ")[0] ?? "") < live) delete next.known[key];
  for (const name of Object.keys(next.lists))
    if ((name.split(" ")[1] ?? "").slice(0, 20) < live) delete next.lists[name];
}

const monthOf = (time: number): number => {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
};

function months(from: number, until: number): Window[] {
  const windows: Window[] = [];
  for (let at = from; at <= until; ) {
    const to = monthOf(monthOf(at) + 32 * day);
    windows.push({ from: at, to });
    at = to;
  }
  return windows;
}
