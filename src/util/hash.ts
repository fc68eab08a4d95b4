import type { KeyObject } from "node:crypto";
import { createHash, createHmac } from "node:crypto";

/** SHA-256 of the parts joined, as 32 bytes; strings are taken as UTF-8. */
export function sha256(...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** SHA-256 of the parts joined, as 64 lower-case hexadecimal digits. */
export function sha256Hex(...parts: readonly (Uint8Array | string)[]): string {
  return sha256(...parts).toString("hex");
}

/** HMAC-SHA-256 as 32 bytes: equal contents are recognised only by who holds the key. A KeyObject is several times faster than its bytes. */
export function hmacSha256(key: Uint8Array | KeyObject, content: Uint8Array | string): Buffer {
  return createHmac("sha256", key).update(content).digest();
}
