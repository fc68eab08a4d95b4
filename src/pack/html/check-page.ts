import { readNote, signatureFor } from "../../ledger/checkpoint-note.ts";
import { preAuthEncoding, readEnvelope } from "../../ledger/dsse.ts";
import { hashAsync } from "../../ledger/hashing.ts";
import { multiProofRoot } from "../../ledger/verify-multi-proof.ts";
import { fromBase64 } from "../../util/base64.ts";
import { fromHex, toHex } from "../../util/hex.ts";
import { type ContentPredicate, htmlSubject, payloadType, type StatedCheckpoint, type Statement } from "../formats.ts";
import { contentStatement } from "../verify/shapes.ts";
import { type PageProof, readPageProof } from "./page-proof.ts";

/** A sealed document as a browser has it. */
export interface PageParts {
  /** The document without the sealed elements, as the browser writes it. */
  readonly content: string;
  /** The texts of the two blocks of data. */
  readonly proof: string;
  readonly envelope: string;
  /** The appendix of records: `r12` and the beginning of its leaf. */
  readonly rows: readonly { readonly id: string; readonly leaf: string }[];
}

/** What of WebCrypto is used; `verify` gives undefined where Ed25519 is not known. */
export interface PageCrypto {
  digest(input: Uint8Array): Promise<Uint8Array>;
  verify(key: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean | undefined>;
}

/** What came of it. `broken` names each thing that is not as signed; `unchecked` says why nothing can be said. */
export type Verdict =
  | {
      readonly outcome: "holds";
      /** SHA-256 of the public key. */
      readonly fingerprint: string;
      readonly organisation: string;
      readonly records: number;
      readonly checkpoint: StatedCheckpoint;
    }
  | { readonly outcome: "broken"; readonly problems: readonly string[] }
  | { readonly outcome: "unchecked"; readonly reason: string };

type Problems = readonly string[];

const encoder = new TextEncoder();

/** Verifies a sealed document: signature, content, proof, checkpoint, and every record that it lists. Never throws for what the document holds. */
export async function checkPage(parts: PageParts, crypto: PageCrypto): Promise<Verdict> {
  const proof = readPageProof(parts.proof);
  const key = proof && fromBase64(proof.key);
  if (!proof || key?.length !== 32) return brokenBy("the proof in it is not one of a pack");
  const envelope = readEnvelope(parts.envelope);
  const statement = envelope && readStatement(envelope);
  if (!statement) return brokenBy("the signature in it is not over the content of a pack");
  const fingerprint = toHex(await crypto.digest(key));

  const message = preAuthEncoding(envelope.payloadType, envelope.payload);
  const signatures = envelope.signatures.filter(({ keyid }) => keyid === fingerprint);
  const signed = await Promise.all(signatures.map(({ sig }) => crypto.verify(key, sig, message)));
  const problems = [
    ...(signed.includes(true) || signed.includes(undefined)
      ? []
      : ["the signature is not one of this key over this content"]),
    ...(await digestProblems(parts, statement, crypto)),
    ...(await checkpointProblems(proof, key, statement.predicate.checkpoint, crypto)),
    ...rowProblems(parts.rows, proof),
    ...(await recordProblems(proof, crypto)),
  ];
  if (problems.length > 0) return { outcome: "broken", problems };
  if (signed.includes(undefined)) return { outcome: "unchecked", reason: "this browser knows no Ed25519 signatures" };
  const { organisation } = statement.predicate.pack;
  return { outcome: "holds", fingerprint, organisation, records: parts.rows.length, checkpoint: proof.checkpoint };
}

const brokenBy = (...problems: readonly string[]): Verdict => ({ outcome: "broken", problems });

function readStatement(
  envelope: NonNullable<ReturnType<typeof readEnvelope>>,
): Statement<ContentPredicate> | undefined {
  if (envelope.payloadType !== payloadType) return undefined;
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(envelope.payload));
    return contentStatement(value) === undefined ? (value as Statement<ContentPredicate>) : undefined;
  } catch {
    return undefined;
  }
}

async function digestProblems(
  { content, proof }: PageParts,
  { subject }: Statement<ContentPredicate>,
  { digest }: PageCrypto,
): Promise<Problems> {
  const isSigned = async (name: string, text: string): Promise<boolean> => {
    const found = subject.filter((one) => one.name === name);
    return found.length === 1 && found[0]?.digest.sha256 === toHex(await digest(encoder.encode(text)));
  };
  return [
    ...((await isSigned(htmlSubject.content, content))
      ? []
      : ["the content is not what was signed (an extension of this browser that alters pages would do this too)"]),
    ...((await isSigned(htmlSubject.proof, proof)) ? [] : ["the proof of its records is not the one that was signed"]),
  ];
}

async function checkpointProblems(
  { checkpoint }: PageProof,
  key: Uint8Array,
  stated: StatedCheckpoint,
  crypto: PageCrypto,
): Promise<Problems> {
  const same = (["size", "root", "at", "note"] as const).every((field) => checkpoint[field] === stated[field]);
  if (!same) return ["the checkpoint beside its records is not the one that was signed"];
  const note = readNote(checkpoint.note);
  if (!note || note.size !== checkpoint.size || note.root !== checkpoint.root)
    return ["the checkpoint's signed note states another size or root"];
  const signature = await hashAsync(crypto.digest, signatureFor(note, { name: note.origin, publicKey: key }));
  // Undefined is not false: the signature of the content says already that the browser knows no Ed25519.
  const valid = signature && (await crypto.verify(key, signature, encoder.encode(note.text)));
  return signature && valid !== false ? [] : ["the checkpoint's note is not signed by this key"];
}

/** The appendix of records and the proof name the same records with the same leaves. */
function rowProblems(rows: PageParts["rows"], { records }: PageProof): Problems {
  const leaves = new Map(records.leaves.map(([id, , leaf]) => [`r${id}`, leaf]));
  const listed = new Set<string>();
  const problems: string[] = [];
  for (const { id, leaf } of rows) {
    const proven = leaves.get(id);
    if (listed.has(id)) problems.push(`record ${id} is listed twice`);
    else if (proven === undefined) problems.push(`record ${id} is not among those proven`);
    else if (leaf.length !== 16 || !proven.startsWith(leaf)) problems.push(`record ${id} is listed with another leaf`);
    listed.add(id);
  }
  for (const id of leaves.keys()) if (!listed.has(id)) problems.push(`record ${id} is proven but not listed`);
  if (leaves.size !== records.leaves.length) problems.push("the proof names a record twice");
  return problems;
}

async function recordProblems({ checkpoint, records }: PageProof, { digest }: PageCrypto): Promise<Problems> {
  const leaves = records.leaves.map(([, position, leaf]) => ({ position, leaf: fromHex(leaf) as Uint8Array }));
  const proof = records.proof.map((hash) => fromBase64(hash) ?? new Uint8Array());
  const root = await hashAsync(digest, multiProofRoot(checkpoint.size, leaves, proof));
  return root && toHex(root) === checkpoint.root ? [] : ["its records do not lead to the checkpoint's root"];
}
