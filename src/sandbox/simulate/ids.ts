/** Gives out database ids, one sequence a kind, below 2^31 as GraphQL's Int demands. */
export interface Ids {
  next(kind: keyof typeof START): number;
}

const START = {
  change: 1_900_000_001,
  review: 2_000_000_001,
  issue: 2_060_000_001,
  check: 1_500_000_001,
  suite: 1_400_000_001,
  deployment: 1_700_000_001,
  status: 1_000_000_001,
  context: 1_300_000_001,
  event: 1_800_000_001,
  rule: 610_001,
} as const;

/** Sequences that begin where a live installation's might be. */
export function idSequences(): Ids {
  const used = new Map<string, number>();
  return {
    next(kind) {
      const id = used.get(kind) ?? START[kind];
      used.set(kind, id + 1);
      return id;
    },
  };
}
