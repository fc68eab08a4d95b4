import { fromBase64, toBase64 } from "../util/base64.ts";
import { fromHex, toHex } from "../util/hex.ts";
import { joinBytes } from "../util/join-bytes.ts";
import type { Hashing } from "./hashing.ts";

/** What a checkpoint says: whose ledger, how many leaves, their root in hexadecimal. */
export interface CheckpointStatement {
  readonly origin: string;
  readonly size: number;
  readonly root: string;
}

/** One signature under a note: the key's name, its {@link keyHash}, and what it signed the text to. */
export interface NoteSignature {
  readonly name: string;
  readonly keyHash: string;
  readonly signature: Uint8Array;
}

/** A checkpoint as its note carries it; `text` is what the signatures are over, extension lines included. */
export interface CheckpointNote extends CheckpointStatement {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** An Ed25519 key as a note names it; the public key is its 32 bytes. */
export interface NoteKey {
  readonly name: string;
  readonly publicKey: Uint8Array;
}

const ed25519 = 1;
const dash = "—";
/** Twice the words that the specification asks a reader to take, and still nothing to work through. */
const mostSignatures = 32;
/** What is not UTF-8, and control characters other than the newline. */
const unwritable = /\p{Surrogate}|[\0-\x09\x0b-\x1f]/u;
const encoder = new TextEncoder();

/** The text of a C2SP checkpoint (https://c2sp.org/tlog-checkpoint) without extension lines; throws RangeError for what no reader would take. */
export function checkpointText({ origin, size, root }: CheckpointStatement): string {
  const text = `${origin}\n${size}\n${toBase64(fromHex(root) ?? new Uint8Array())}\n`;
  const read = statementOf(text);
  if (read?.origin !== origin || unwritable.test(text))
    throw new RangeError(`not a checkpoint: ${JSON.stringify({ origin, size, root })}`);
  return text;
}

/** The first four bytes, in hexadecimal, of SHA-256(name || 0x0A || 0x01 || public key), by which a note names an Ed25519 key. */
export function* keyHash({ name, publicKey }: NoteKey): Hashing<string> {
  const [hash] = yield [joinBytes(encoder.encode(`${name}\n`), Uint8Array.of(ed25519), publicKey)];
  return toHex((hash as Uint8Array).subarray(0, 4));
}

/** The text as a C2SP signed note (https://c2sp.org/signed-note) under one Ed25519 key; throws RangeError where the text or the key's name cannot be in one. */
export function* noteOf(text: string, key: NoteKey & { sign(message: Uint8Array): Uint8Array }): Hashing<string> {
  const id = fromHex(yield* keyHash(key)) as Uint8Array;
  const note = `${text}\n${dash} ${key.name} ${toBase64(joinBytes(id, key.sign(encoder.encode(text))))}\n`;
  if (signedText(note)?.text !== text)
    throw new RangeError(`not a text and a key for a note: ${JSON.stringify({ text, key: key.name })}`);
  return note;
}

/** What a checkpoint's note says and who signed it, by whatever keys, unverified; undefined for anything malformed. */
export function readNote(note: string): CheckpointNote | undefined {
  const signed = signedText(note);
  const statement = signed && statementOf(signed.text);
  return statement && { ...signed, ...statement };
}

/** The signature under the note that says it is of this key; undefined where there is none, or more than one, of which one must be wrong. */
export function* signatureFor(note: CheckpointNote, key: NoteKey): Hashing<Uint8Array | undefined> {
  const id = yield* keyHash(key);
  const [own, ...more] = note.signatures.filter(({ name, keyHash }) => name === key.name && keyHash === id);
  return more.length === 0 ? own?.signature : undefined;
}

function signedText(note: string): { text: string; signatures: readonly NoteSignature[] } | undefined {
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n") || unwritable.test(note)) return undefined;
  const lines = note.slice(end + 2, -1).split("\n");
  if (lines.length > mostSignatures) return undefined;
  const signatures = lines.map(signatureOf).filter((signature) => signature !== undefined);
  return signatures.length === lines.length ? { text: note.slice(0, end + 1), signatures } : undefined;
}

function signatureOf(line: string): NoteSignature | undefined {
  const [, name, encoded] = /^— ([^\p{White_Space}+]+) (\S+)$/u.exec(line) ?? [];
  const bytes = fromBase64(encoded ?? "");
  if (name === undefined || bytes === undefined || bytes.length < 5) return undefined;
  return { name, keyHash: toHex(bytes.subarray(0, 4)), signature: bytes.slice(4) };
}

function statementOf(text: string): CheckpointStatement | undefined {
  const [origin = "", size = "", encoded = "", ...rest] = text.split("\n");
  const root = fromBase64(encoded);
  // Every line is ended and none is empty.
  if (rest.indexOf("") !== rest.length - 1 || origin === "") return undefined;
  if (!/^(?:0|[1-9]\d*)$/.test(size) || !Number.isSafeInteger(Number(size)) || root?.length !== 32) return undefined;
  return { origin, size: Number(size), root: toHex(root) };
}
