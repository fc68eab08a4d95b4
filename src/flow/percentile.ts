/** The value at a share of the whole, by nearest rank; null without values. */
export function percentile(values: readonly number[], share: number): number | null {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? null;
}

/** Median and 90th percentile by nearest rank; null without values. */
export function medianAndP90(values: readonly number[]): { readonly median: number; readonly p90: number } | null {
  const [median, p90] = [percentile(values, 0.5), percentile(values, 0.9)];
  return median === null || p90 === null ? null : { median, p90 };
}

/** From one instant to another in seconds, never less than none. */
export const secondsBetween = (from: string, to: string): number =>
  Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
