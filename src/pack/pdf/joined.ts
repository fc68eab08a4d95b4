import { dictionaryText, type Raw, readDictionary } from "./syntax.ts";

/** The objects of a PDF that is being put together, by their numbers. */
export interface Joined {
  readonly bodies: Map<number, Buffer>;
  /** The entries of the dictionary under a number; throws where there is none. */
  dictionary(number: number): ReadonlyMap<string, Raw>;
  set(number: number, entries: Iterable<readonly [string, Raw]>): void;
  /** Takes an object that has no number yet; answers the number. */
  add(body: Raw): number;
  drop(number: number): void;
  /** One more than the highest number. */
  size(): number;
}

/** A PDF of no objects yet; new ones are numbered from `next`. */
export function joinedObjects(bodies: Map<number, Buffer>, next: number): Joined {
  let free = next;
  return {
    bodies,
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
