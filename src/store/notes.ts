import type { Checkpoint } from "../ledger/checkpoint.ts";
import type { CheckpointNote, CheckpointStatement, NoteKey } from "../ledger/checkpoint-note.ts";
import { checkpointText, keyHash, noteOf, readNote, signatureFor } from "../ledger/checkpoint-note.ts";
import { hashSync } from "../ledger/hashing.ts";
import type { SigningKey } from "../ledger/signing-key.ts";
import { verifyEd25519 } from "../ledger/signing-key.ts";
import { sha256 } from "../util/hash.ts";

/** The checkpoint's note, signed; throws RangeError where size, root or the key's name cannot be in one. */
export function signedNote({ size, root }: Omit<CheckpointStatement, "origin">, key: SigningKey): string {
  return hashSync(sha256, noteOf(checkpointText({ origin: key.name, size, root }), key));
}

/** Whether the key signed the note: `broken` where a signature says it is the key's and is not, `absent` where none says so. */
export function signatureUnder(note: CheckpointNote, key: NoteKey): "holds" | "broken" | "absent" {
  const id = hashSync(sha256, keyHash(key));
  if (!note.signatures.some((signature) => signature.name === key.name && signature.keyHash === id)) return "absent";
  const signature = hashSync(sha256, signatureFor(note, key));
  return signature && verifyEd25519(key.publicKey, Buffer.from(note.text), signature) ? "holds" : "broken";
}

/** Checkpoints in a row that say they are signed with one key. */
export interface SignedStretch {
  /** Name and hash of the key, as the notes name it; undefined where they are not signed. */
  readonly key: { readonly name: string; readonly hash: string } | undefined;
  readonly first: Checkpoint;
  readonly last: Checkpoint;
}

/** Which key signed from which checkpoint on, oldest first; what the notes say, unverified. */
export function signedStretches(checkpoints: readonly Checkpoint[]): readonly SignedStretch[] {
  const stretches: SignedStretch[] = [];
  for (const checkpoint of checkpoints) {
    const [signature] = readNote(checkpoint.note ?? "")?.signatures ?? [];
    const key = signature && { name: signature.name, hash: signature.keyHash };
    const open = stretches.at(-1);
    if (open && open.key?.name === key?.name && open.key?.hash === key?.hash)
      stretches[stretches.length - 1] = { ...open, last: checkpoint };
    else stretches.push({ key, first: checkpoint, last: checkpoint });
  }
  return stretches;
}
