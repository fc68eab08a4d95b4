import type { PlainFile } from "./plain-objects.ts";
import { renumbered } from "./renumber.ts";
import { dictionaryText, type Raw, readDictionary } from "./syntax.ts";

/** The objects of a PDF that is being put together, by their numbers. */
export interface Joined {
  readonly bodies: Map<number, Buffer>;
  /** Takes all objects of a file, the `part`-th, under numbers that are free; answers by how much theirs were moved, keys by `keys`. */
  take(file: PlainFile, part: number, keys: number): number;
  /** The entries of the dictionary under a number; throws where there is none. */
  dictionary(number: number): ReadonlyMap<string, Raw>;
  set(number: number, entries: Iterable<readonly [string, Raw]>): void;
  /** Takes an object that has no number yet; answers the number. */
  add(body: Raw): number;
  drop(number: number): void;
  /** One more than the highest number. */
  size(): number;
}

/** A PDF of no objects yet. */
export function joinedObjects(): Joined {
  const bodies = new Map<number, Buffer>();
  let free = 1;
  return {
    bodies,
    take(file, part, keys) {
      const objects = free - 1;
      for (const [number, body] of renumbered(file, { objects, keys, part })) bodies.set(number, body);
      free += file.size - 1;
      return objects;
    },
    dictionary(number) {
      const body = bodies.get(number);
      if (body === undefined)
        throw new Error(`the printed file refers to its object ${number}, which it does not hold`);
      return readDictionary(body, 0).entries;
    },
    set: (number, entries) => void bodies.set(number, Buffer.from(dictionaryText(entries), "latin1")),
    add(body) {
      const number = free;
      free += 1;
      bodies.set(number, Buffer.from(body, "latin1"));
      return number;
    },
    drop: (number) => void bodies.delete(number),
    size: () => free,
  };
}
