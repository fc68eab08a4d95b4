import { setImmediate as turn } from "node:timers/promises";

/** How many items may have been read, or be under way, beyond those that are being dealt with. */
const most = 3;

/** How long items wait for one more to be dealt with together, in milliseconds: it is on its way all the same. */
const patience = 50;

/** What an item weighs, and the weight from which a portion waits for no further one. */
interface Portions<T> {
  readonly weight: (item: T) => number;
  readonly enough: number;
}

/**
 * The items in their order, those that come at once in one portion, the next three read while it is being dealt with; what
 * came before a failure is given before the failure. Whoever leaves early waits for the one under way, and so ends it first.
 */
export async function* readAhead<T>(
  items: AsyncIterable<T>,
  { weight, enough }: Portions<T>,
): AsyncGenerator<readonly T[]> {
  const iterator = items[Symbol.asyncIterator]();
  const upcoming: Promise<IteratorResult<T>>[] = [];
  const ask = () => {
    while (upcoming.length < most) {
      const next = iterator.next();
      // A failure is said when its turn has come.
      next.catch(() => undefined);
      upcoming.push(next);
    }
    return upcoming[0] as Promise<IteratorResult<T>>;
  };
  try {
    for (;;) {
      const portion: T[] = [];
      let heaviness = 0;
      let result: IteratorResult<T> | undefined = await ask();
      if (result.done) return;
      while (result && !result.done) {
        upcoming.shift();
        portion.push(result.value);
        heaviness += weight(result.value);
        const next = ask();
        result = heaviness < enough ? await soon(next) : undefined;
      }
      // A request that can go out does so before the portion's own work keeps the process busy.
      await turn();
      yield portion;
    }
  } finally {
    await iterator.return?.();
  }
}

/** What the promise gives; undefined where it fails or takes longer than there is patience. */
async function soon<T>(promise: Promise<T>): Promise<T | undefined> {
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, patience, undefined);
  try {
    return await Promise.race([promise.catch(() => undefined), over]);
  } finally {
    clearTimeout(timer);
  }
}
