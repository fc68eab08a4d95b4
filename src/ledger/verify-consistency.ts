import type { Hashing } from "./hashing.ts";
import { nodeInputs } from "./node-hash.ts";
import { areHashes, isSize } from "./well-formed.ts";

const isOdd = (value: number): boolean => value % 2 === 1;
const half = (value: number): number => Math.floor(value / 2);

/**
 * Whether the proof shows that the tree of `size` leaves under `root` continues the one of `from` leaves under
 * `fromRoot` (RFC 9162 section 2.1.4.2); false for anything malformed, and for `from` 0, which proves nothing.
 */
export function* verifyConsistency(
  from: number,
  fromRoot: Uint8Array,
  size: number,
  root: Uint8Array,
  proof: readonly Uint8Array[],
): Hashing<boolean> {
  if (!isSize(from) || !isSize(size) || from > size || !areHashes([fromRoot, root, ...proof])) return false;
  if (from === size) return proof.length === 0 && equal(fromRoot, root);
  let node = from - 1;
  let last = size - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  // The older tree is one perfect subtree of the newer: the proof leaves its root out.
  const [first, ...siblings] = node === 0 ? [fromRoot, ...proof] : proof;
  if (!first) return false;
  let older = first;
  let newer = first;
  for (const sibling of siblings) {
    if (last === 0) return false;
    if (isOdd(node) || node === last) {
      const inputs = nodeInputs([
        [sibling, older],
        [sibling, newer],
      ]);
      [older, newer] = (yield inputs) as [Uint8Array, Uint8Array];
      while (!isOdd(node) && node !== 0) {
        node = half(node);
        last = half(last);
      }
    } else {
      [newer] = (yield nodeInputs([[newer, sibling]])) as [Uint8Array];
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 && equal(older, fromRoot) && equal(newer, root);
}

const equal = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i]);
