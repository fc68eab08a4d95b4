import { readNote, signatureFor } from "../../ledger/checkpoint-note.ts";
import { hashSync } from "../../ledger/hashing.ts";
import { verifyEd25519 } from "../../ledger/signing-key.ts";
import type { StatedCheckpoint } from "../formats.ts";
import type { Check } from "./check.ts";
import { broken, counted, holds } from "./findings.ts";
import { sha256 } from "./sha256.ts";

/** A state of a ledger, wherever it is stated. */
export type LedgerState = Pick<StatedCheckpoint, "size" | "root">;

/** Whether a signed note says what is stated beside it, and who signed it. */
export type NoteState = "good" | "malformed" | "differs" | "unsigned" | "forged";

/** Reads a checkpoint's note strictly, and compares it with what is stated beside it. */
export function noteState(stated: StatedCheckpoint, key: Uint8Array): NoteState {
  const note = readNote(stated.note);
  if (!note) return "malformed";
  if (note.size !== stated.size || note.root !== stated.root) return "differs";
  const signature = hashSync(sha256, signatureFor(note, { name: note.origin, publicKey: key }));
  if (!signature) return "unsigned";
  return verifyEd25519(key, new TextEncoder().encode(note.text), signature) ? "good" : "forged";
}

/** The ledger's name, as the note's first line has it. */
export const originOf = (stated: StatedCheckpoint): string | undefined => readNote(stated.note)?.origin;

/** Checks the checkpoint that a file states: its note, its size and root, its signature. */
export function checkpointChecks(file: string, stated: StatedCheckpoint, key: Uint8Array): readonly Check[] {
  const state = noteState(stated, key);
  if (state !== "good") return [broken("checkpoint", `${file}: ${noteProblem[state]}`)];
  return [
    holds(
      "checkpoint",
      `of ${originOf(stated)}, ${counted(stated.size, "record")}, root ${stated.root}: its note is signed with the key`,
    ),
  ];
}

/** What is wrong with a note, in words. */
export const noteProblem: Readonly<Record<Exclude<NoteState, "good">, string>> = {
  malformed: "its checkpoint's note is not a signed note (C2SP tlog-checkpoint)",
  differs: "its checkpoint's note states another size or root",
  unsigned: "its checkpoint's note is not signed with the key of the pack",
  forged: "the signature of its checkpoint's note is not good: the note was altered",
};

/** Compares what a file states with the checkpoint of the content manifest. */
export function sameCheckpoint(file: string, stated: LedgerState, expected: LedgerState): Check {
  return stated.size === expected.size && stated.root === expected.root
    ? holds(file, "is under the same checkpoint")
    : broken(
        file,
        `is under another checkpoint: ${stated.size} records, root ${stated.root}, where the content manifest has ${expected.size}, ${expected.root}`,
      );
}
