import type { LeafFields } from "../ledger/leaf.ts";

/** What the files of an issued pack are called. */
export const packFile = {
  html: "pack.html",
  pdf: "pack.pdf",
  assessment: "assessment.json",
  proofs: "proofs.json",
  content: "content.json",
  contentEnvelope: "content.dsse.json",
  bundle: "evidence.zip",
  /** Only in the bundle. */
  records: "records.jsonl",
  key: "signing-key.pem",
  verifier: "verify.mjs",
  instructions: "VERIFY.txt",
  sums: "SHA256SUMS",
  manifest: "manifest.json",
  manifestEnvelope: "manifest.dsse.json",
  /** The 64 bytes of the manifest's signature, for openssl. */
  manifestSignature: "manifest.sig",
} as const;

/** The folder of the bundle in which the files of attestations lie; only there. */
export const attachmentFolder = "attachments/";

/** What the content manifest calls the two parts of `pack.html` that it signs. */
export const htmlSubject = { content: "pack.html#content", proof: "pack.html#proof" } as const;

/** https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md */
export const statementType = "https://in-toto.io/Statement/v1";
/** DSSE's payload type of a statement. */
export const payloadType = "application/vnd.in-toto+json";
export const predicateType = {
  content: "https://flowproof.example/predicate/content/v1",
  manifest: "https://flowproof.example/predicate/pack/v1",
} as const;

/** An in-toto statement: these files, by SHA-256, are what the predicate says. */
export interface Statement<P> {
  readonly _type: typeof statementType;
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: P;
}

export type Edition = "full" | "redacted";

/** A pack and which of its revisions it is; `-r2` and so on end the name of a revision. */
export interface PackIdentity {
  readonly name: string;
  readonly revision: number;
  readonly edition: Edition;
}

/** A state of the ledger as a pack states it; `root` is hexadecimal, `note` the C2SP signed note over it. */
export interface StatedCheckpoint {
  readonly size: number;
  readonly root: string;
  readonly at: string;
  readonly note: string;
}

/** What the content manifest says of the files it lists: what they cover, what was found, who stands for it. */
export interface ContentPredicate {
  readonly version: 1;
  readonly pack: PackIdentity & { readonly organisation: string; readonly supersedes: string | null };
  readonly period: {
    readonly id: string;
    readonly from: string;
    readonly to: string;
    readonly asOf: string;
    readonly cutAt: string | null;
    readonly timezone: string;
  };
  readonly scope: { readonly systems: readonly string[]; readonly repositories: readonly string[] };
  readonly result: {
    readonly criteria: readonly {
      readonly framework: string;
      readonly id: string;
      readonly result: string;
      readonly statement: string;
    }[];
    readonly population: { readonly commits: number; readonly changes: number; readonly deployments: number };
    readonly exceptions: number;
    readonly waived: number;
  };
  readonly checkpoint: StatedCheckpoint;
  /** The pack issued before this one, by the SHA-256 of its `manifest.json`; null for the first. */
  readonly previous: { readonly pack: string; readonly manifest: string } | null;
  readonly issued: { readonly at: string; readonly by: string; readonly role: string; readonly assertion: string };
  /** The SHA-256 fingerprint of the certificate that `pack.pdf` is signed with; null where it has no signature; absent in packs that do not say. */
  readonly certificate?: string | null;
  readonly tool: string;
}

/** What the pack manifest says of the folder's files. */
export interface ManifestPredicate {
  readonly version: 1;
  readonly pack: PackIdentity;
  /** SHA-256 of `content.json`. */
  readonly content: string;
  readonly checkpoint: { readonly size: number; readonly root: string };
}

/** `proofs.json`: that the records which a pack refers to are under its checkpoint, and that this continues earlier ones. Hashes are base64. */
export interface Proofs {
  readonly version: 1;
  readonly checkpoint: StatedCheckpoint;
  /** RFC 3161 token (DER, base64) over SHA-256 of the note; null, with the reason, where there is none. */
  readonly timestamp:
    | { readonly token: string; readonly authority: string }
    | { readonly token: null; readonly reason: string };
  /** Every pack issued before, latest first: its checkpoint, and RFC 6962's proof that the one above continues it. */
  readonly earlier: readonly {
    readonly pack: string;
    readonly manifest: string;
    readonly checkpoint: StatedCheckpoint;
    readonly consistency: readonly string[];
  }[];
  readonly records: RecordsProof;
}

/** One multi-proof for all records named, in ascending order of their places in the ledger. */
export interface RecordsProof {
  /** Id (the `12` of `r12`), place in the ledger and leaf hash (hexadecimal) of each record. */
  readonly leaves: readonly (readonly [id: number, position: number, leaf: string])[];
  readonly proof: readonly string[];
}

/** One line of `records.jsonl`: what the leaf commits to, and, but in a redacted edition or after erasure, the salt (hexadecimal) and the body's canonical text. */
export interface BundledRecord {
  readonly id: number;
  readonly position: number;
  readonly leaf: string;
  readonly fields?: LeafFields;
  readonly salt?: string;
  readonly content?: string;
}
