/** Tells the time; injected everywhere, so that a run can be repeated. */
export type Clock = () => Date;

/** The machine's clock: never presented as proof of a time. */
export const systemClock: Clock = () => new Date();

/** An instant as stored and printed: ISO 8601, UTC, to the second (`2026-10-31T23:59:59Z`). */
export function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
