import type { Hashing } from "./hashing.ts";
import { nodeInputs } from "./node-hash.ts";
import { areHashes, isSize } from "./well-formed.ts";

/** How many hashes are asked for at once, at most: enough for a browser to work through together, and little memory. */
const batch = 4096;

/** A leaf hash and its place in the ledger. */
export interface PlacedLeaf {
  readonly position: number;
  readonly leaf: Uint8Array;
}

/**
 * The root of the tree of `size` leaves that holds the given ones, in ascending order, at their places, from a proof as
 * `MerkleTree.multiProof` gives it; undefined for anything malformed. In O(k log size), a level at a time. A proof by
 * itself binds no size: it is the one that the signed checkpoint states beside its root.
 */
export function* multiProofRoot(
  size: number,
  leaves: readonly PlacedLeaf[],
  proof: readonly Uint8Array[],
): Hashing<Uint8Array | undefined> {
  if (!wellFormed(size, leaves, proof)) return undefined;
  let used = 0;
  const next = (): Uint8Array | undefined => proof[used++];
  let level: Level | undefined = {
    places: leaves.map(({ position }) => position),
    hashes: leaves.map(({ leaf }) => leaf),
  };
  for (let last = size - 1; last > 0 && level; last = half(last)) level = yield* levelAbove(level, last, next);
  const root = level?.hashes[0] ?? next();
  return used === proof.length ? root : undefined;
}

/** The known nodes of one level, and their places in it. */
interface Level {
  readonly places: readonly number[];
  readonly hashes: readonly Uint8Array[];
}

/** What is known of the level above one that ends at `last`; undefined where the proof has no more siblings. */
function* levelAbove(
  { places, hashes }: Level,
  last: number,
  next: () => Uint8Array | undefined,
): Hashing<Level | undefined> {
  const parents: number[] = [];
  const joined: Uint8Array[] = [];
  const pairs: [left: Uint8Array, right: Uint8Array][] = [];
  const promoted: Uint8Array[] = [];
  for (let i = 0; i < places.length; i += 1) {
    const place = places[i] as number;
    const hash = hashes[i] as Uint8Array;
    parents.push(half(place));
    if (place === last && place % 2 === 0) {
      promoted.push(hash);
      continue;
    }
    const sibling = place % 2 === 0 && places[i + 1] === place + 1 ? hashes[++i] : next();
    if (!sibling) return undefined;
    pairs.push(place % 2 === 0 ? [hash, sibling] : [sibling, hash]);
    if (pairs.length === batch) joined.push(...(yield nodeInputs(pairs.splice(0))));
  }
  joined.push(...(yield nodeInputs(pairs)), ...promoted);
  return { places: parents, hashes: joined };
}

function wellFormed(size: number, leaves: readonly PlacedLeaf[], proof: readonly Uint8Array[]): boolean {
  return (
    isSize(size) &&
    leaves.every(({ position }, i) => Number.isSafeInteger(position) && position > (leaves[i - 1]?.position ?? -1)) &&
    (leaves.at(-1)?.position ?? 0) < size &&
    areHashes(leaves.map(({ leaf }) => leaf)) &&
    areHashes(proof)
  );
}

const half = (value: number): number => Math.floor(value / 2);
