import type { BranchActivity, EntityOf, GraphCommit, Seen } from "../../model/entity.ts";
import { rewrites } from "./branch-moves.ts";
import type { Line, PushedAway } from "./first-parent-line.ts";

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
