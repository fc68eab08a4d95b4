import type { BranchActivity, GraphCommit, Seen } from "../../model/entity.ts";
import { type Line, placeBelow, type Reached } from "./first-parent-line.ts";

type Move = Seen<BranchActivity>;

/** Which recorded move of the branch brought each commit of the line, by place; the first one that had it. What a look saw there earlier came by none of them. */
export function movesOfLine(
  line: Line,
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
  moves: readonly Move[],
  reached: readonly Reached[],
): ReadonlyMap<number, Move> {
  const byPlace = new Map<number, Move>();
  for (const move of moves) {
    const top = move.after === null ? undefined : line.index.get(move.after);
    if (top === undefined) continue;
    const below = placeBelow(line, graph, move.before);
    // Where it is not known what stood there before, only the new head is shown to have come by this move.
    for (let place = below === undefined ? top : below + 1; place <= top; place++)
      if (!byPlace.has(place) && !wasThere(reached[place], move)) byPlace.set(place, move);
  }
  return byPlace;
}

const wasThere = (reached: Reached | undefined, { at }: Move): boolean =>
  reached !== undefined && !reached.exact && reached.to < at;

/** The times of the line with those of its recorded moves: exact for whatever no change places. */
export function placedByMoves(reached: readonly Reached[], moves: ReadonlyMap<number, Move>): readonly Reached[] {
  return reached.map((at, place) => {
    const move = moves.get(place);
    return at.exact || !move ? at : { from: move.at, to: move.at, exact: true };
  });
}

/** Moves by which a branch lost what it had. */
export const rewrites = (moves: readonly Move[]): readonly Move[] =>
  moves.filter(({ activity }) => activity === "forcePush" || activity === "deleted");
