import { htmlSubject, packFile } from "../formats.ts";
import { readPageProof } from "../html/page-proof.ts";
import type { SealedHtml } from "../html/seal-html.ts";
import type { Check } from "./check.ts";
import { checkpointChecks, type LedgerState, sameCheckpoint } from "./checkpoint.ts";
import { broken, holds } from "./findings.ts";
import { multiProofChecks } from "./records.ts";
import { sha256Hex } from "./sha256.ts";

/** The digests of the two parts of `pack.html` that are signed, under the names that the content manifest has for them. */
export function htmlDigests(html: SealedHtml): ReadonlyMap<string, { readonly sha256: string }> {
  return new Map([
    [htmlSubject.content, { sha256: sha256Hex(html.content) }],
    [htmlSubject.proof, { sha256: sha256Hex(Buffer.from(html.proof)) }],
  ]);
}

/** Checks what `pack.html` carries for the browser that opens it: the same key, the same checkpoint, records under it, and only the script that its content allows. */
export function pageChecks(html: SealedHtml, key: Uint8Array, expected: LedgerState | undefined): readonly Check[] {
  const proof = readPageProof(html.proof);
  if (!proof) return [broken(packFile.html, "its block of proofs cannot be read")];
  const { checkpoint, records } = proof;
  return [
    Buffer.compare(Buffer.from(proof.key, "base64"), key) === 0
      ? holds(packFile.html, "carries the same key")
      : broken(packFile.html, "carries another key than the pack"),
    html.verifierAllowed
      ? holds(packFile.html, "its script is the one that its content allows")
      : broken(packFile.html, "its script is not the one that its content allows"),
    ...checkpointChecks(packFile.html, checkpoint, key),
    ...(expected ? [sameCheckpoint(packFile.html, checkpoint, expected)] : []),
    ...multiProofChecks(packFile.html, records, checkpoint),
  ];
}
