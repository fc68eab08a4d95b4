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

/**
 * Which of the line's changes were merged to another branch, by key, with that branch. A renamed branch's older changes
 * bear its former name. Names of one branch do not interleave, so a base is a former name where all its changes on the
 * line come before the first of every later name, they are the majority of all that was merged before that, and no
 * look had yet found the branch under its present name. Where that leaves a doubt, it is another branch.
 */
export function mergedElsewhere(
  line: Line,
  explained: ReadonlyMap<string, Seen<Change>>,
  branches: readonly string[],
  heads: readonly Seen<EntityOf<"branchHead">>[],
): ReadonlyMap<string, string> {
  const ordered = [...new Set(line.commits.flatMap((commit) => explained.get(commit.oid) ?? []))];
  const names = new Set(branches);
  const found = heads[0]?.observedAt;
  const first = ordered.findIndex((change) => names.has(change.baseRef));
  let older = first < 0 ? ordered : ordered.slice(0, first);
  while (older.length > 0) {
    const byBase = Map.groupBy(older, (change) => change.baseRef);
    const [base, own] = [...byBase].find(([, some]) => some.length * 2 > older.length) ?? [];
    if (base === undefined || own === undefined) break;
    const all = ordered.filter((change) => change.baseRef === base);
    if (all.length > own.length || all.some(({ mergedAt }) => found !== undefined && mergedAt >= found)) break;
    names.add(base);
    older = older.slice(
      0,
      older.findIndex((change) => change.baseRef === base),
    );
  }
  return new Map(ordered.flatMap(({ key, baseRef }) => (names.has(baseRef) ? [] : [[key, baseRef] as const])));
}

/** A commit that was on the branch when a run looked and is not on its line any more. */
export interface PushedAway {
  readonly graph: Seen<GraphCommit>;
  readonly change: Seen<Change> | undefined;
  readonly reached: Reached;
  readonly head: Seen<EntityOf<"branchHead">>;
}

/** The commits of every head seen that the line has lost, oldest look first; none where a line cut short may hide that they are still on it. */
export function pushedAway(
  line: Line,
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
  changes: readonly Seen<Change>[],
  heads: readonly Seen<EntityOf<"branchHead">>[],
  beginning: string,
): readonly PushedAway[] {
  const taken = new Set<string>();
  return heads.flatMap((head, look) => {
    if (line.index.has(head.oid) || taken.has(head.oid)) return [];
    const seen = heads.slice(0, look + 1);
    const old = firstParentLine(seen, graph);
    if (!line.fromRoot && !old.commits.some(({ oid }) => line.index.has(oid))) return [];
    const explained = explainLine(old, changes);
    const reached = placeLine(old, explained, seen, beginning);
    return old.commits.flatMap((commit, place): PushedAway[] => {
      const at = reached[place];
      if (!at || line.index.has(commit.oid) || taken.has(commit.oid)) return [];
      taken.add(commit.oid);
      return [{ graph: commit, change: explained.get(commit.oid), reached: at, head }];
    });
  });
}

/** Every commit that the head of the line leads to, by any parent. */
export function ancestorsOf(line: Line, graph: ReadonlyMap<string, Seen<GraphCommit>>): ReadonlySet<string> {
  const found = new Set(line.head ? [line.head.oid] : []);
  for (const oid of found) for (const parent of graph.get(oid)?.parents ?? []) found.add(parent);
  return found;
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
  elsewhere: ReadonlyMap<string, string> = new Map(),
): readonly Reached[] {
  const looks = Map.groupBy(heads, (head) => line.index.get(head.oid));
  const mergedAt = line.commits.map((commit) => {
    const change = explained.get(commit.oid);
    return change && !elsewhere.has(change.key) ? change.mergedAt : undefined;
  });
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
