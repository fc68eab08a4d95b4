import { setImmediate as turn } from "node:timers/promises";

/** How many items may have been read, or be under way, beyond the one that is being dealt with. */
const most = 3;

/**
 * The items in their order, the next three read while one is being dealt with; what came before a failure is given before
 * the failure. Whoever leaves early waits for the one under way, and so ends it first.
 */
export async function* readAhead<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const upcoming: Promise<IteratorResult<T>>[] = [];
  const ask = () => {
    const next = iterator.next();
    // A failure is said when its turn has come.
    next.catch(() => undefined);
    upcoming.push(next);
  };
  try {
    for (;;) {
      while (upcoming.length <= most) ask();
      const result = await upcoming.shift();
      if (!result || result.done) return;
      // A request that can go out does so before the item's own work keeps the process busy.
      await turn();
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
