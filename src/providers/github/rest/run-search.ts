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
 * 31 days are searched each time, since runs can be started again for 30 days. Gives how many windows could be read, and
 * from when on runs can still change; what stays unread is added to `reasons`.
 * @see https://docs.github.com/en/rest/actions/workflow-runs
 */
export async function* searchRuns(
  reading: Reading,
  search: RunSearch,
  reasons: Set<string>,
): AsyncGenerator<Gained, { readonly read: number; readonly live: string }> {
  const now = reading.session.context.clock().getTime();
  const since = Date.parse(reading.stream.since);
  const live = Math.max(since, monthOf(now - again));
  const reached = reading.cursor?.reached;
  const start = Math.max(since, reached ? monthOf(Date.parse(reached) - again) : since);
  const windows = [...(start < live ? [{ from: start, to: live }] : []), ...months(live, now)];
  let read = 0;
  for (const window of windows) {
    const failed = yield* readWindow(reading, search, window);
    if (failed !== undefined) reasons.add(failed);
    else read++;
  }
  return { read, live: instant(new Date(live)) };
}

/** Reads the runs created in a window; one with more than a search gives is halved. */
async function* readWindow(
  reading: Reading,
  search: RunSearch,
  { from, to }: Window,
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
      return undefined;
    }
    reading.next.known[`split ${created}`] = instant(new Date(from));
  }
  const middle = from + Math.floor((to - from) / 2000) * 1000;
  const earlier = yield* readWindow(reading, search, { from, to: middle });
  const later = yield* readWindow(reading, search, { from: middle, to });
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
