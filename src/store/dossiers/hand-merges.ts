import type { Change, GraphCommit, Seen } from "../../model/entity.ts";
import type { Explained, Line } from "./first-parent-line.ts";

/**
 * Merges that somebody made by hand and pushed, by the oid of the line's commit: the source then names the change's own
 * head as what it was merged by, and the line reaches that head as a second parent.
 */
export function handMerges(
  line: Line,
  explained: Explained,
  changes: readonly Seen<Change>[],
): ReadonlyMap<string, Seen<Change>> {
  const pushed = new Map(
    changes.flatMap((change) =>
      change.mergeOid === change.headOid && !line.index.has(change.headOid) ? [[change.headOid, change] as const] : [],
    ),
  );
  const merges = new Map<string, Seen<Change>>();
  for (const { oid, parents } of line.commits) {
    const head = parents.slice(1).find((parent) => pushed.has(parent));
    const change = head === undefined ? undefined : pushed.get(head);
    if (head === undefined || !change || explained.has(oid)) continue;
    merges.set(oid, change);
    // The first commit of the line that has the head brought it.
    pushed.delete(head);
  }
  return merges;
}

/**
 * Whether a change's head is shown to be built on a commit: one of the change's own commits has it as a parent. A clean
 * merge of such a head into that commit changes nothing, so its tree is the head's.
 */
export function isBuiltOn(
  base: string | undefined,
  head: string,
  own: ReadonlySet<string>,
  graph: ReadonlyMap<string, Seen<GraphCommit>>,
): boolean {
  if (base === undefined) return false;
  const found = new Set([head]);
  for (const oid of found)
    for (const parent of graph.get(oid)?.parents ?? []) {
      if (parent === base) return true;
      if (own.has(parent)) found.add(parent);
    }
  return false;
}
