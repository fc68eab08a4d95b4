/** How many items common firm practice takes of a control that operates this often; no standard prescribes any. */
export const samplePresets = { daily: 25, weekly: 5, monthly: 2, "many-a-day": 60, automated: 1 } as const;
export type SamplePreset = keyof typeof samplePresets;

/** What a sample is to show, all but `expected` in per cent. */
export interface SampleTarget {
  readonly confidence: number;
  /** The rate of deviations that must not be exceeded. */
  readonly tolerable: number;
  /** How many deviations the sample may hold. */
  readonly expected: number;
}

/**
 * The smallest n for which a population with the tolerable rate of deviations shows no more than the expected number in
 * n items with a probability of at most 1 - confidence: the binomial distribution, for large populations. Throws
 * RangeError for a rate outside 0 to 100, both excluded.
 */
export function binomialSize({ confidence, tolerable, expected }: SampleTarget): number {
  for (const rate of [confidence, tolerable])
    if (!(rate > 0 && rate < 100)) throw new RangeError(`${rate} % is not between 0 and 100`);
  const risk = 1 - confidence / 100;
  const rate = tolerable / 100;
  let n = expected + 1;
  while (atMost(expected, n, rate) > risk + 1e-12) n += 1;
  return n;
}

/** The probability of at most `most` deviations among `n` items. */
function atMost(most: number, n: number, rate: number): number {
  let term = (1 - rate) ** n;
  let sum = term;
  for (let k = 1; k <= most; k += 1) {
    term *= ((n - k + 1) / k) * (rate / (1 - rate));
    sum += term;
  }
  return sum;
}
