import type { SourceRecord } from "../../../model/stream.ts";
import { instant } from "../../../util/clock.ts";
import { type Item, type List, type Read, readList } from "./list.ts";
import type { Gained, Reading } from "./walk.ts";

/** A list whose items never change, newest first. */
export interface Log extends Omit<List, "records" | "until" | "anew"> {
  readonly idOf: (item: Item) => string;
  /** ISO 8601. */
  readonly timeOf: (item: Item) => string;
  readonly records: (item: Item) => readonly SourceRecord[];
  /** Older items are not asked for. */
  readonly floor: string;
}

/** What happened at one time may be listed in another order a while later. */
const overlap = 6 * 3_600_000;

/** Reads what a log gained since the last time; gives the new items. */
export async function* readLog(reading: Reading, log: Log): AsyncGenerator<Gained, Read> {
  const { top } = reading.next;
  const limit = top === null ? log.floor : earlier(top);
  const known = new Set(reading.next.recent);
  // An item without a readable time is kept as it came: what it says is not for here to judge.
  const fresh = (item: Item) => !known.has(log.idOf(item)) && (utc(log.timeOf(item)) ?? limit) >= limit;
  const read = yield* readList(reading, {
    ...log,
    records: (item) => (fresh(item) ? log.records(item) : []),
    until: (items) => items.some((item) => (utc(log.timeOf(item)) ?? limit) < limit),
  });
  if (!read.ok || !read.changed) return read;
  // Only the first page tells whether there is more: items are added at its top.
  reading.next.lists[log.name] = (reading.next.lists[log.name] ?? [])
    .slice(0, 1)
    .flatMap((page) => (page.url === "" ? [{ ...page, next: null }] : []));
  const times = read.items.flatMap((item) => utc(log.timeOf(item)) ?? []);
  const newest = times.reduce((a, b) => (b > a ? b : a), top ?? "");
  if (newest !== "") {
    const close = read.items.filter((item) => (utc(log.timeOf(item)) ?? "") >= earlier(newest)).map(log.idOf);
    reading.next.top = newest;
    reading.next.recent = [...new Set(close)];
  }
  return { ...read, items: read.items.filter(fresh) };
}

/** To the second, in UTC, as texts that sort. */
function utc(time: string): string | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : instant(date);
}

const earlier = (time: string): string => instant(new Date(Date.parse(time) - overlap));
