import { leafContent, leafHash } from "../ledger/leaf.ts";
import { sha256 } from "../util/hash.ts";

/** The leaf hash of a record: what the ledger holds of it. */
export function recordLeaf(
  fields: { stream: string; kind: string; externalId: string; fetchedAt: string; run: string },
  digest: Uint8Array,
): Uint8Array {
  const { stream, kind, externalId, fetchedAt, run } = fields;
  const hex = Buffer.from(digest).toString("hex");
  return leafHash(sha256, leafContent({ version: 1, stream, kind, externalId, fetchedAt, run, digest: hex }));
}
