import type { BranchActivity, Change, EntityOf, GraphCommit, Seen } from "../../model/entity.ts";
import { rewrites } from "./branch-moves.ts";
import {
  ancestorsOf,
  type BeforeMerge,
  firstParentLine,
  type Line,
  type PushedAway,
  pushedAway,
} from "./first-parent-line.ts";

/** A commit that the branch's line lost, and when: by the source's record of it, or the first look without it. */
export type Lost = PushedAway & {
  readonly goneAt: string;
  /** Every later look leads to it all the same, by another parent than the first. */
  readonly kept: boolean;
};

/** What the looks at one branch found that its line has no more, oldest look first. */
export function lostFrom(
  heads: readonly Seen<EntityOf<"branchHead">>[],
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
  moves: readonly Seen<BranchActivity>[],
  { changes, beginning, ownOids }: Came,
  line: Line = firstParentLine(heads, graph),
): readonly Lost[] {
  const lost = pushedAway(line, graph, changes, heads, beginning, ownOids);
  const kept = stillReached(lost, heads, graph);
  return lost.map((one) => ({ ...one, goneAt: lostAt(one, line, graph, heads, moves), kept: kept.has(one) }));
}

/** Those to which every look from their own on leads; one look's ancestors at a time, as each may be a whole history. */
function stillReached(
  lost: readonly PushedAway[],
  heads: readonly Seen<EntityOf<"branchHead">>[],
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
): ReadonlySet<PushedAway> {
  const kept = new Set(lost);
  for (const [i, head] of heads.entries()) {
    const seen = [...kept].filter((one) => heads.indexOf(one.head) <= i);
    if (seen.length === 0) continue;
    const reached = ancestorsOf({ head }, graph);
    for (const one of seen) if (!reached.has(one.graph.oid)) kept.delete(one);
  }
  return kept;
}

/** What tells how the commits of a repository's branches came to them. */
interface Came {
  readonly changes: readonly Seen<Change>[];
  readonly beginning: string;
  readonly ownOids: BeforeMerge["ownOids"];
}

/** The rewrite between the last look that found a commit and the first that did not; where none is recorded, that look. */
export function lostAt(
  { graph: { oid }, head }: Pick<PushedAway, "graph" | "head">,
  line: Line,
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
  heads: readonly Seen<EntityOf<"branchHead">>[],
  moves: readonly Seen<BranchActivity>[],
): string {
  const leadsTo = (from: string): boolean => {
    let next: string | undefined = from;
    while (next !== undefined && next !== oid && !line.index.has(next)) next = graph.get(next)?.parents[0];
    return next === oid;
  };
  const later = heads.slice(heads.indexOf(head));
  const without = later.findIndex((one) => !leadsTo(one.oid));
  const last = later[without - 1]?.observedAt ?? head.observedAt;
  const first = later[without]?.observedAt ?? line.head?.observedAt ?? last;
  return rewrites(moves).find(({ at }) => at > last && at <= first)?.at ?? first;
}
