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
  activity: 1_250_000_001,
  suiteOfRules: 30_000_001,
  environment: 40_001,
  run: 1_200_000_001,
  job: 1_600_000_001,
  deploySuite: 1_450_000_001,
  release: 90_000_001,
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
