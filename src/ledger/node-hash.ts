import type { Sha256 } from "./leaf.ts";

const nodePrefix = Uint8Array.of(1);

/** RFC 6962 section 2.1: SHA-256(0x01 || left || right). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(nodePrefix, left, right);
}
