import * as crypto from "node:crypto";

// One call without an object is several times faster for short inputs; Node 18 does not have it.
const atOnce = (crypto as { readonly hash?: typeof crypto.hash }).hash;

const joined = (parts: readonly Uint8Array[]): Uint8Array =>
  parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);

/** SHA-256 of the parts joined, 32 bytes. */
export const sha256: (...parts: readonly Uint8Array[]) => Uint8Array = atOnce
  ? // A text made into a Buffer takes half the time of a Buffer asked for: it comes from the pool.
    (...parts) => Buffer.from(atOnce("sha256", joined(parts), "binary"), "binary")
  : (...parts) => {
      const hash = crypto.createHash("sha256");
      for (const part of parts) hash.update(part);
      return hash.digest();
    };

/** The same, as 64 hexadecimal digits. */
export const sha256Hex = (...parts: readonly Uint8Array[]): string =>
  atOnce?.("sha256", joined(parts)) ?? Buffer.from(sha256(...parts)).toString("hex");

/** SHA-256 of a stream, as 64 hexadecimal digits. */
export async function streamDigest(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = crypto.createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}
