/** A commit as far as its place in the graph goes; `boundary` where what lies below it is not asked for. */
export interface LineCommit {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly boundary: boolean;
}

/** How far a walk over a branch's history has come; plain JSON. */
export interface LineState {
  readonly head: string;
  /** The next commit of the first-parent line; null once it met what is known, or the root. */
  readonly next: string | null;
  /** Parents that were not met yet and are not known to lie below what is known. */
  readonly open: string[];
  /** Parents that were not met yet and do. */
  readonly known: string[];
  readonly met: boolean;
}

/** Follows the first-parent line and the merged branches through a history in `git log` order, where children come first. */
export interface BranchLine {
  /** Takes the next commit; gives whether it is new, not the known head or below it. */
  add(commit: LineCommit): boolean;
  /** The commits of the first-parent line that were met since it was last asked, the known head and the boundary not among them. */
  taken(): readonly string[];
  /** All that is new has been met: the line down to what is known, and every branch merged since. */
  done(): boolean;
  state(): LineState;
}

export function startLine(head: string, knownHead: string | null): LineState {
  return { head, next: head, open: [head], known: knownHead === null ? [] : [knownHead], met: false };
}

export function branchLine(start: LineState, knownHead: string | null): BranchLine {
  let { next, met } = start;
  const open = new Set(start.open);
  const known = new Set(start.known);
  const seen = new Map<string, LineCommit>();
  let onLine: string[] = [];
  for (const oid of known) open.delete(oid);
  const meet = (commit: LineCommit) => {
    for (const parent of commit.parents) {
      open.delete(parent);
      if (!seen.has(parent)) known.add(parent);
    }
    next = null;
    met = true;
  };
  return {
    add: (commit) => {
      seen.set(commit.oid, commit);
      const below = known.delete(commit.oid);
      open.delete(commit.oid);
      for (const parent of commit.parents) {
        if (seen.has(parent) || known.has(parent)) continue;
        (below ? known : open).add(parent);
        if (below) open.delete(parent);
      }
      for (let at = next === null ? undefined : seen.get(next); at; at = next === null ? undefined : seen.get(next)) {
        if (at.oid === knownHead || (knownHead === null && at.boundary)) meet(at);
        else {
          onLine.push(at.oid);
          next = at.parents[0] ?? null;
        }
      }
      return knownHead === null || (!below && commit.oid !== knownHead);
    },
    taken: () => {
      const taken = onLine;
      onLine = [];
      return taken;
    },
    done: () => met && open.size === 0,
    state: () => ({ head: start.head, next, open: [...open], known: [...known], met }),
  };
}
