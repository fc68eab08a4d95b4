import { joinBytes } from "../util/join-bytes.ts";
import type { Sha256 } from "./leaf.ts";
import { nodeHash } from "./node-hash.ts";

/** The right edge of a growing Merkle tree: enough to append leaves and to give the root without reading an earlier leaf. */
export interface Frontier {
  size(): number;
  append(leaf: Uint8Array): void;
  /** RFC 6962's Merkle tree hash of all leaves so far. */
  root(): Uint8Array;
  /** The roots of the perfect subtrees joined, largest first: 32 bytes for each bit set in the size. */
  bytes(): Uint8Array;
}

const length = 32;

/** Continues from a size and the bytes that a frontier of that size gave; throws RangeError where they don't fit together. */
export function frontier(sha256: Sha256, size = 0, bytes: Uint8Array = new Uint8Array()): Frontier {
  const nodes: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += length) nodes.push(bytes.slice(at, at + length));
  if (nodes.length !== bitsSet(size) || bytes.length % length !== 0) {
    throw new RangeError(`a frontier of ${bytes.length} bytes does not fit ${size} leaves`);
  }
  let count = size;
  return {
    size: () => count,
    append(leaf) {
      let node = leaf;
      for (let rest = count; rest % 2 === 1; rest = (rest - 1) / 2) {
        node = nodeHash(sha256, nodes.pop() as Uint8Array, node);
      }
      nodes.push(node);
      count += 1;
    },
    root: () =>
      nodes.reduceRight<Uint8Array | undefined>(
        (right, left) => (right ? nodeHash(sha256, left, right) : left),
        undefined,
      ) ?? sha256(),
    bytes: () => joinBytes(...nodes),
  };
}

function bitsSet(size: number): number {
  let bits = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
