import { canonicalJson } from "../util/canonical-json.ts";

/** SHA-256 of the parts joined, 32 bytes: injected, so that an auditor's tool or a browser can bring its own. */
export type Sha256 = (...parts: readonly Uint8Array[]) => Uint8Array;

/** What the ledger commits to of one record; `digest` is SHA-256(salt || body) in hexadecimal, which survives erasure of both. */
export interface LeafFields {
  readonly version: 1;
  readonly stream: string;
  readonly kind: string;
  readonly externalId: string;
  readonly fetchedAt: string;
  readonly run: string;
  readonly digest: string;
}

const leafPrefix = Uint8Array.of(0);
const encoder = new TextEncoder();

/** The bytes that are hashed into a leaf: the fields as RFC 8785 JSON in UTF-8. */
export function leafContent(fields: LeafFields): Uint8Array {
  return encoder.encode(canonicalJson(fields));
}

/** RFC 6962 section 2.1: SHA-256(0x00 || content). */
export function leafHash(sha256: Sha256, content: Uint8Array): Uint8Array {
  return sha256(leafPrefix, content);
}
