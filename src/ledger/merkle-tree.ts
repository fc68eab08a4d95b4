import type { Sha256 } from "./leaf.ts";
import { nodeHash } from "./node-hash.ts";

/** RFC 6962's Merkle tree over leaf hashes, built once in O(n); each proof then costs O(log² n). All of them throw RangeError outside the tree. */
export interface MerkleTree {
  readonly size: number;
  /** The Merkle tree hash of the first `size` leaves; SHA-256 of nothing for 0. */
  root(size?: number): Uint8Array;
  /**
   * The fewest subtrees that, with the leaves at these ascending places, give the root of the first `size` leaves: level
   * by level from the leaves up, left to right. Of one leaf it is section 2.1.1's audit path, of none the root.
   */
  multiProof(positions: readonly number[], size?: number): readonly Uint8Array[];
  /** Section 2.1.2: shows that the first `size` leaves continue the first `from`. */
  consistencyProof(from: number, size?: number): readonly Uint8Array[];
}

/** Builds the tree. */
export function merkleTree(sha256: Sha256, leaves: readonly Uint8Array[]): MerkleTree {
  // levels[k][i] is the root of the perfect subtree over the leaves [i * 2^k, (i + 1) * 2^k).
  const levels: (readonly Uint8Array[])[] = [leaves];
  for (let below = leaves; below.length > 1; ) {
    const level: Uint8Array[] = [];
    for (let i = 0; i + 1 < below.length; i += 2) {
      level.push(nodeHash(sha256, below[i] as Uint8Array, below[i + 1] as Uint8Array));
    }
    levels.push(level);
    below = level;
  }

  const subtree = (start: number, end: number): Uint8Array => {
    const count = end - start;
    const level = Math.log2(count);
    if (Number.isInteger(level)) return levels[level]?.[start / count] as Uint8Array;
    const middle = start + split(count);
    return nodeHash(sha256, subtree(start, middle), subtree(middle, end));
  };

  // RFC 6962's SUBPROOF; `whole` is its b: the old tree's root is known to the verifier and left out.
  const consistency = (from: number, start: number, end: number, whole: boolean): Uint8Array[] => {
    if (start + from === end) return whole ? [] : [subtree(start, end)];
    const half = split(end - start);
    const middle = start + half;
    return from <= half
      ? [...consistency(from, start, middle, whole), subtree(middle, end)]
      : [...consistency(from - half, middle, end, false), subtree(start, middle)];
  };

  const within = (value: number, least: number, most: number, what: string): void => {
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new RangeError(`${what} ${value} is not between ${least} and ${most}`);
    }
  };

  return {
    size: leaves.length,
    root(size = leaves.length) {
      within(size, 0, leaves.length, "size");
      return size === 0 ? sha256() : subtree(0, size);
    },
    multiProof(positions, size = leaves.length) {
      within(size, 1, leaves.length, "size");
      for (const [i, position] of positions.entries())
        within(position, (positions[i - 1] ?? -1) + 1, size - 1, "position");
      if (positions.length === 0) return [subtree(0, size)];
      const proof: Uint8Array[] = [];
      let places = positions;
      for (let count = 1; count < size; count *= 2) {
        for (const sibling of missingSiblings(places)) {
          const start = sibling * count;
          if (start < size) proof.push(subtree(start, Math.min(start + count, size)));
        }
        places = [...new Set(places.map((place) => Math.floor(place / 2)))];
      }
      return proof;
    },
    consistencyProof(from, size = leaves.length) {
      within(size, 1, leaves.length, "size");
      within(from, 1, size, "from");
      return consistency(from, 0, size, true);
    },
  };
}

/** The places beside the given ones, in their order, that are not among them. */
function missingSiblings(places: readonly number[]): readonly number[] {
  const given = new Set(places);
  return places.map((place) => place + (place % 2 === 0 ? 1 : -1)).filter((sibling) => !given.has(sibling));
}

/** The largest power of two smaller than `count`, for a count of at least 2. */
function split(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}
