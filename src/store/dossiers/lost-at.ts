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
  const ancestors = new Map<string, ReadonlySet<string>>();
  const leadsTo = (head: Seen<EntityOf<"branchHead">>, oid: string): boolean => {
    const known = ancestors.get(head.oid) ?? ancestorsOf({ head }, graph);
    ancestors.set(head.oid, known);
    return known.has(oid);
  };
  return pushedAway(line, graph, changes, heads, beginning, ownOids).map((one) => ({
    ...one,
    goneAt: lostAt(one, line, graph, heads, moves),
    kept: heads.slice(heads.indexOf(one.head)).every((head) => leadsTo(head, one.graph.oid)),
  }));
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
