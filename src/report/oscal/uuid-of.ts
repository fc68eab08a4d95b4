import { createHash } from "node:crypto";

/** The namespace of all that flowproof names. */
const namespace = Buffer.from("3b6f0e5ad4c14f0c9d0a8b6c2f7e1a54", "hex");

/** A UUID of version 5 (RFC 9562, 5.5): the same parts give the same one. */
export function uuidOf(...parts: readonly string[]): string {
  const hash = createHash("sha1").update(namespace).update(JSON.stringify(parts)).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
