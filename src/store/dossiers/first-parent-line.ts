import type { Change, EntityOf, GraphCommit, Seen } from "../../model/entity.ts";

/** The released branch as a line of commits, oldest first, followed by first parents from the last head seen. */
export interface Line {
  readonly head: Seen<EntityOf<"branchHead">> | undefined;
  readonly commits: readonly Seen<GraphCommit>[];
  /** Place on the line by oid; 0 is the oldest collected. */
  readonly index: ReadonlyMap<string, number>;
  /** The line reaches the first commit there ever was, so a commit that is not in the graph is not the branch's. */
  readonly fromRoot: boolean;
}

/** Follows first parents down from the newest head; git's own dates play no part. */
export function firstParentLine(
  heads: readonly Seen<EntityOf<"branchHead">>[],
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
): Line {
  const head = heads.at(-1);
  const newestFirst: Seen<GraphCommit>[] = [];
  let next = head && graph.get(head.oid);
  while (next) {
    newestFirst.push(next);
    const parent = next.parents[0];
    next = parent === undefined ? undefined : graph.get(parent);
  }
  const commits = newestFirst.reverse();
  return {
    head,
    commits,
    index: new Map(commits.map((commit, place) => [commit.oid, place])),
    fromRoot: commits.length > 0 && commits[0]?.parents.length === 0,
  };
}

/**
 * Which change put each commit of the line there, by oid: its merge commit, and below it the commits of a rebase
 * (as many as the change has, as long as the source associates them with it). What a message claims is not asked.
 */
export function explainLine(line: Line, changes: readonly Seen<Change>[]): ReadonlyMap<string, Seen<Change>> {
  const explained = new Map<string, Seen<Change>>();
  for (const change of changes)
    if (change.mergeOid !== null && line.index.has(change.mergeOid)) explained.set(change.mergeOid, change);
  for (const [oid, change] of [...explained]) {
    const top = line.index.get(oid) ?? 0;
    for (let place = top - 1; place > top - change.totals.commits; place--) {
      const commit = line.commits[place];
      if (!commit || explained.has(commit.oid) || !commit.changes.includes(change.number)) break;
      explained.set(commit.oid, change);
    }
  }
  return explained;
}

/** Between which server times a commit reached the branch. */
export interface Reached {
  readonly from: string;
  readonly to: string;
  readonly exact: boolean;
}

/** The times of every commit of the line, none before its repository was made: its change's merge, else between its neighbours' merges and the looks that saw it. */
export function placeLine(
  line: Line,
  explained: ReadonlyMap<string, Seen<Change>>,
  heads: readonly Seen<EntityOf<"branchHead">>[],
  beginning: string,
): readonly Reached[] {
  const looks = Map.groupBy(heads, (head) => line.index.get(head.oid));
  const mergedAt = line.commits.map((commit) => explained.get(commit.oid)?.mergedAt);
  // Server times at which a commit is known to be the branch's newest: its own merge, and the looks that found it there.
  const known = line.commits.map((_, place) =>
    [...(looks.get(place) ?? []).map((head) => head.observedAt), mergedAt[place]]
      .filter((at) => at !== undefined)
      .sort(),
  );
  let low = beginning;
  const lower = known.map((times) => {
    const before = low;
    low = later(low, times.at(-1));
    return before;
  });
  let high = line.head?.observedAt ?? beginning;
  const upper = known.toReversed().map((times) => {
    const first = times[0];
    if (first !== undefined && first < high) high = first;
    return high;
  });
  upper.reverse();
  return line.commits.map((_, place) => {
    const merged = mergedAt[place];
    return merged === undefined
      ? { from: lower[place] ?? beginning, to: upper[place] ?? beginning, exact: false }
      : { from: merged, to: merged, exact: true };
  });
}

const later = (a: string, b: string | undefined): string => (b !== undefined && b > a ? b : a);
