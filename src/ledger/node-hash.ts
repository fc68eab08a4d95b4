import type { Sha256 } from "./leaf.ts";

const prefix = 1;
const nodePrefix = Uint8Array.of(prefix);
const length = 1 + 2 * 32;

/** RFC 6962 section 2.1: SHA-256(0x01 || left || right). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(nodePrefix, left, right);
}

/** What {@link nodeHash} hashes of each pair of 32-byte hashes, in views of one piece of memory: many small ones cost more than the hashing. */
export function nodeInputs(pairs: readonly (readonly [left: Uint8Array, right: Uint8Array])[]): Uint8Array[] {
  const all = new Uint8Array(length * pairs.length);
  return pairs.map(([left, right], i) => {
    const input = all.subarray(length * i, length * (i + 1));
    input[0] = prefix;
    input.set(left, 1);
    input.set(right, 33);
    return input;
  });
}
