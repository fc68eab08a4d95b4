import type { BranchActivity, Change, EntityOf, GraphCommit, Seen } from "../../model/entity.ts";

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

/** By the oid of a commit of the line: the changes that put it there, by merge time; mostly one. */
export type Explained = ReadonlyMap<string, readonly Seen<Change>[]>;

/** The merge commits of the line with the changes whose merge they are. */
export function mergesOfLine(line: Line, changes: readonly Seen<Change>[]): Explained {
  const merged = changes.filter(({ mergeOid }) => mergeOid !== null && line.index.has(mergeOid));
  merged.sort((a, b) => (a.mergedAt === b.mergedAt ? a.number - b.number : a.mergedAt < b.mergedAt ? -1 : 1));
  return Map.groupBy(merged, ({ mergeOid }) => mergeOid ?? "");
}

/** What tells the commits that a rebase made from those that were on the branch before it. */
export interface BeforeMerge {
  readonly heads: readonly Seen<EntityOf<"branchHead">>[];
  /** The recorded move that brought a commit, by its place on the line. */
  readonly moves: ReadonlyMap<number, Seen<BranchActivity>>;
  /** The oids of a change's own commits, by its key. */
  readonly ownOids: (change: string) => ReadonlySet<string>;
}

/**
 * Which changes put each commit of the line there: by their merge commits, and below those of one parent by the commits
 * of a rebase (as many as the change has, as long as the source associates them with it). What came by another move,
 * what a look had seen before the merge, and what is one of the change's own commits, of which a rebase makes new
 * ones, was there before. What a message claims is not asked.
 */
export function explainLine(line: Line, merges: Explained, before: BeforeMerge): Explained {
  const explained = new Map(merges);
  for (const [oid, changes] of merges) {
    const top = line.index.get(oid) ?? 0;
    if ((line.commits[top]?.parents.length ?? 0) > 1) continue;
    for (const change of changes) {
      const wasThere = placesBefore(line, top, change, before);
      for (let place = top - 1; place > top - change.totals.commits; place--) {
        const commit = line.commits[place];
        if (!commit || merges.has(commit.oid) || !commit.changes.includes(change.number) || wasThere(place)) break;
        explained.set(commit.oid, [...(explained.get(commit.oid) ?? []), change]);
      }
    }
  }
  return explained;
}

function placesBefore(line: Line, top: number, change: Seen<Change>, { heads, moves, ownOids }: BeforeMerge) {
  const own = ownOids(change.key);
  // Where the head itself was put on the branch nothing was made anew.
  const asItWas = own.has(change.mergeOid ?? "");
  const seen = Math.max(
    -1,
    ...heads.flatMap(({ oid, observedAt }) => (observedAt < change.mergedAt ? (line.index.get(oid) ?? []) : [])),
  );
  return (place: number): boolean => {
    const move = moves.get(place);
    if (place <= seen || (move !== undefined && move !== moves.get(top))) return true;
    return !asItWas && own.has(line.commits[place]?.oid ?? "");
  };
}

/**
 * Which of the line's changes were merged to another branch, by key, with that branch. A renamed branch's older changes
 * bear its former name. Names of one branch do not interleave, so a base is a former name where all its changes on the
 * line come before the first of every later name, they are the majority of all that was merged before that, and no
 * look had yet found the branch under its present name. Where that leaves a doubt, it is another branch.
 */
export function mergedElsewhere(
  line: Line,
  explained: Explained,
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
  readonly changes: readonly Seen<Change>[];
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
  ownOids: BeforeMerge["ownOids"],
): readonly PushedAway[] {
  const taken = new Set<string>();
  return heads.flatMap((head, look) => {
    if (line.index.has(head.oid) || taken.has(head.oid)) return [];
    const seen = heads.slice(0, look + 1);
    const old = firstParentLine(seen, graph);
    if (!line.fromRoot && !old.commits.some(({ oid }) => line.index.has(oid))) return [];
    const explained = explainLine(old, mergesOfLine(old, changes), { heads: seen, moves: new Map(), ownOids });
    const reached = placeLine(old, explained, seen, beginning, new Map(), graph);
    return old.commits.flatMap((commit, place): PushedAway[] => {
      const at = reached[place];
      if (!at || line.index.has(commit.oid) || taken.has(commit.oid)) return [];
      taken.add(commit.oid);
      return [{ graph: commit, changes: explained.get(commit.oid) ?? [], reached: at, head }];
    });
  });
}

/** The place of the newest commit of the line that a head, of now or of then, leads to by first parents. */
export function placeBelow(
  line: Line,
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
  head: string | null,
): number | undefined {
  for (let oid = head ?? undefined; oid !== undefined; oid = graph.get(oid)?.parents[0]) {
    const place = line.index.get(oid);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** Every commit that the head of the line leads to, by any parent. */
export function ancestorsOf(
  { head }: Pick<Line, "head">,
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
): ReadonlySet<string> {
  const found = new Set(head ? [head.oid] : []);
  for (const oid of found) for (const parent of graph.get(oid)?.parents ?? []) found.add(parent);
  return found;
}

/** Between which server times a commit reached the branch. */
export interface Reached {
  readonly from: string;
  readonly to: string;
  readonly exact: boolean;
}

/** The times of every commit of the line, none before its repository was made: its change's merge (the first of several), else between its neighbours' merges and the looks that saw it. */
export function placeLine(
  line: Line,
  explained: Explained,
  heads: readonly Seen<EntityOf<"branchHead">>[],
  beginning: string,
  elsewhere: ReadonlyMap<string, string> = new Map(),
  graph: ReadonlyMap<string, Seen<GraphCommit>> = new Map(),
): readonly Reached[] {
  const looks = Map.groupBy(heads, (head) => placeBelow(line, graph, head.oid));
  const mergedAt = line.commits.map((commit) => {
    return explained.get(commit.oid)?.find(({ key }) => !elsewhere.has(key))?.mergedAt;
  });
  // Server times at which a commit is known to be the newest that the branch has kept: its own merge, and the looks that found it there.
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
