import type { BranchActivity, Change, EntityOf, GraphCommit, Seen } from "../../model/entity.ts";
import { movesOfLine, placedByMoves } from "./branch-moves.ts";
import {
  type BeforeMerge,
  type Explained,
  explainLine,
  type Line,
  mergedElsewhere,
  mergesOfLine,
  placeLine,
  type Reached,
} from "./first-parent-line.ts";
import { handMerges } from "./hand-merges.ts";

/** What came to a line when, by which changes and moves. */
export interface ExplainedLine {
  readonly explained: Explained;
  /** By change key: the other branch a change of the line was merged to. */
  readonly elsewhere: ReadonlyMap<string, string>;
  /** By change key: the commit of the line with which somebody merged it by hand. */
  readonly byHand: ReadonlyMap<string, string>;
  readonly moves: ReadonlyMap<number, Seen<BranchActivity>>;
  readonly reached: readonly Reached[];
}

/** Tells by changes, recorded moves and looks how and when each commit came to a line. */
export function explainedLine(
  line: Line,
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
  changes: readonly Seen<Change>[],
  heads: readonly Seen<EntityOf<"branchHead">>[],
  recorded: {
    readonly moves: readonly Seen<BranchActivity>[];
    readonly branches: readonly string[];
    readonly beginning: string;
    readonly ownOids: BeforeMerge["ownOids"];
  },
): ExplainedLine {
  const byMerge = mergesOfLine(line, changes);
  const byHand = handMerges(line, byMerge, changes);
  const merges = new Map([...byMerge, ...[...byHand].map(([oid, change]) => [oid, [change]] as const)]);
  const elsewhere = mergedElsewhere(line, merges, recorded.branches, heads);
  const place = (explained: Explained) => placeLine(line, explained, heads, recorded.beginning, elsewhere, graph);
  const movesBy = (reached: readonly Reached[]) => movesOfLine(line, graph, recorded.moves, reached);
  // Which move brought a commit tells whether a rebase made it; only then is its own time known.
  const moves = movesBy(place(merges));
  const explained = explainLine(line, merges, { heads, moves, ownOids: recorded.ownOids });
  const placed = place(explained);
  const movesByPlace = movesBy(placed);
  return {
    explained,
    elsewhere,
    byHand: new Map([...byHand].map(([oid, change]) => [change.key, oid])),
    moves: movesByPlace,
    reached: placedByMoves(placed, movesByPlace),
  };
}

/** The changes that brought a commit of the line: of several those that were merged to the branch itself, if there are any. */
export function broughtBy(
  { explained, view }: { readonly explained: Explained; readonly view: Pick<ExplainedLine, "elsewhere"> },
  oid: string,
): readonly Seen<Change>[] {
  const all = explained.get(oid) ?? [];
  const here = all.filter(({ key }) => !view.elsewhere.has(key));
  return here.length > 0 ? here : all;
}
