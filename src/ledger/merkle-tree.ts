import type { Sha256 } from "./leaf.ts";
import { nodeHash } from "./node-hash.ts";

/** RFC 6962's Merkle tree over leaf hashes, built once in O(n); each proof then costs O(log² n). All of them throw RangeError outside the tree. */
export interface MerkleTree {
  readonly size: number;
  /** The Merkle tree hash of the first `size` leaves; SHA-256 of nothing for 0. */
  root(size?: number): Uint8Array;
  /** Section 2.1.1: the audit path of the leaf at `index` in the tree of the first `size` leaves. */
  inclusionProof(index: number, size?: number): readonly Uint8Array[];
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

  const inclusion = (index: number, start: number, end: number): Uint8Array[] => {
    if (end - start === 1) return [];
    const middle = start + split(end - start);
    return index < middle
      ? [...inclusion(index, start, middle), subtree(middle, end)]
      : [...inclusion(index, middle, end), subtree(start, middle)];
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
    inclusionProof(index, size = leaves.length) {
      within(size, 1, leaves.length, "size");
      within(index, 0, size - 1, "index");
      return inclusion(index, 0, size);
    },
    consistencyProof(from, size = leaves.length) {
      within(size, 1, leaves.length, "size");
      within(from, 1, size, "from");
      return consistency(from, 0, size, true);
    },
  };
}

/** The largest power of two smaller than `count`, for a count of at least 2. */
function split(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}
