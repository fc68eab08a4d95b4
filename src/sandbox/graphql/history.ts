import type { Commit, Repository } from "../world.ts";
import type { Index } from "./context.ts";

/** All commits reachable from one, in the order of `git log`: latest committer date first; kept until the world changes. */
export function historyOf(index: Index, repository: Repository, head: string): readonly Commit[] {
  return index.of(`history/${repository.index}/${head}/${repository.commits.size}`, () => walk(repository, head));
}

function walk(repository: Repository, head: string): Commit[] {
  const first = repository.commits.get(head);
  const [heap, seen, result]: [Commit[], Set<string>, Commit[]] = [[], new Set([head]), []];
  if (first) push(heap, first);
  for (let next = pop(heap); next; next = pop(heap)) {
    result.push(next);
    for (const oid of next.parents) {
      const parent = repository.commits.get(oid);
      if (!parent || seen.has(oid)) continue;
      seen.add(oid);
      push(heap, parent);
    }
  }
  return result;
}

function push(heap: Commit[], item: Commit): void {
  let at = heap.length;
  heap.push(item);
  while (at > 0) {
    const parent = (at - 1) >>> 1;
    const above = heap[parent] as Commit;
    if (above.committedAt >= item.committedAt) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = item;
}

function pop(heap: Commit[]): Commit | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (top === undefined || last === undefined || heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    const right = heap[child + 1];
    if (right && right.committedAt > (heap[child] as Commit).committedAt) child += 1;
    const best = heap[child] as Commit;
    if (best.committedAt <= last.committedAt) break;
    heap[at] = best;
    at = child;
  }
  heap[at] = last;
  return top;
}
