import type { Random } from "../random.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A half-open span of one calendar month, epoch milliseconds. */
export interface Month {
  start: number;
  end: number;
  /** Midnights of its working days. */
  days: readonly number[];
}

/** The whole months before an instant, oldest first. */
export function monthsBefore(until: number, count: number): Month[] {
  const end = new Date(until);
  const [year, month] = [end.getUTCFullYear(), end.getUTCMonth()];
  return Array.from({ length: count }, (_, at) => {
    const first = Date.UTC(year, month - count + at, 1);
    const next = Math.min(until, Date.UTC(year, month - count + at + 1, 1));
    const days: number[] = [];
    for (let day = first; day + DAY <= next; day += DAY) if (isWorkday(day)) days.push(day);
    return { start: first, end: next, days };
  });
}

/** `count` instants of working hours in a month, in order, at least a second apart. */
export function spread(rnd: Random, { days }: Month, count: number): number[] {
  return Array.from({ length: count }, (_, at) => {
    const place = ((at + 0.1 + rnd.next() * 0.8) / count) * days.length;
    const day = Math.min(days.length - 1, Math.floor(place));
    return Math.floor((days[day] as number) + 9.5 * HOUR + (place - day) * 6.5 * HOUR);
  }).map((at) => at - (at % 1000));
}

/** The given instant less some hours, moved back into working hours. */
export function before(rnd: Random, at: number, hours: number): number {
  let found = at - hours * HOUR;
  const clock = found % DAY;
  if (clock < 8 * HOUR) found -= clock + (24 - 15) * HOUR - rnd.int(0, 3 * 3600) * 1000;
  else if (clock > 18 * HOUR) found -= clock - 15 * HOUR - rnd.int(0, 3 * 3600) * 1000;
  while (!isWorkday(found - (found % DAY))) found -= DAY;
  return found - (found % 1000);
}

/** The instant that lies the given part of the working hours between two instants; in a straight line where there are none. */
export function between(start: number, end: number, part: number): number {
  const spans: [number, number][] = [];
  for (let day = start - (start % DAY); day < end; day += DAY) {
    const [from, to] = [Math.max(start, day + 8 * HOUR), Math.min(end, day + 18 * HOUR)];
    if (isWorkday(day) && to > from) spans.push([from, to]);
  }
  if (spans.length === 0) spans.push([start, end]);
  let left = part * spans.reduce((sum, [from, to]) => sum + to - from, 0);
  for (const [from, to] of spans) {
    if (left <= to - from) return Math.floor((from + left) / 1000) * 1000;
    left -= to - from;
  }
  return end;
}

function isWorkday(day: number): boolean {
  const weekday = new Date(day).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}
