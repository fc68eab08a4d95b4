import type { ContentPredicate, Proofs, Statement } from "../formats.ts";
import type { Check } from "./check.ts";
import type { LedgerState } from "./checkpoint.ts";

/** What was looked at and what came of it. */
export interface Verification {
  /** An issued pack's folder, a draft's, the evidence bundle alone, `pack.html` or `pack.pdf` alone; `store`: the ledger itself, where it is at hand. */
  readonly kind: "folder" | "draft" | "bundle" | "html" | "pdf" | "store";
  /** The last part of its path. */
  readonly name: string;
  readonly checks: readonly Check[];
  /** Only where its signature is good. */
  readonly content?: Statement<ContentPredicate>;
  readonly proofs?: Proofs;
  /** SHA-256 of `manifest.json`, where that lies there. */
  readonly manifest?: string;
  /** The state of the ledger that it is under, and whose ledger; a draft's is not signed. */
  readonly checkpoint?: LedgerState & { readonly origin?: string };
  /** The fingerprint of the key that it is signed with. */
  readonly key?: string;
}

/** How to look. */
export interface VerifyOptions {
  /** The key that the pack must be signed with: its fingerprint, or a PEM file. */
  readonly key?: string;
}
