import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError, IntegrityError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import { flushFile } from "./store-files.ts";

/** A file by what it must be. */
export interface KeptFile {
  readonly sha256: string;
  readonly size: number;
}

/** The folder beside the store at this path in which files are kept, each once, under its SHA-256. */
export const filesFolder = (store: string): string => `${store}.files`;

/** Where the file of this digest is kept. */
export const keptFile = (store: string, { sha256 }: Pick<KeptFile, "sha256">): string =>
  join(filesFolder(store), sha256);

/** The bytes of a plain file that is not empty and at most `most` bytes long. Throws ConfigError for anything else, links above all. */
export function readPlainFile(path: string, most: number): Buffer {
  const refuse = (why: string, hint: string, cause?: unknown): ConfigError =>
    new ConfigError(`${path} ${why}`, { hint, cause });
  const bytes = bytesOf(path, most);
  if (bytes === "missing") throw refuse("is not there", "Check the path.");
  if (bytes === "link") throw refuse("is a symbolic link", "Name the file itself: what a link leads to can change.");
  if (bytes === "other") throw refuse("is no plain file", "Name a file.");
  if (bytes === "long")
    throw refuse(
      `is longer than ${most / 1024 ** 2} MB`,
      "Keep it elsewhere and attest a file that names it, with its SHA-256.",
    );
  if (bytes instanceof Error) throw refuse(`cannot be read: ${bytes.message}`, "Check its permissions.", bytes);
  if (bytes.length === 0) throw refuse("is empty", "Name a file that says something.");
  return bytes;
}

/** Keeps bytes beside the store, on the disk when it returns; gives what they are. Throws IntegrityError where something else lies under their digest. */
export function keepFile(store: string, bytes: Uint8Array): KeptFile {
  const file = { sha256: sha256Hex(bytes), size: bytes.length };
  const target = keptFile(store, file);
  prepareFolder(store);
  if (existsSync(target)) {
    const problem = keptFileProblem(store, file);
    if (problem === undefined) return file;
    throw new IntegrityError(`${target}: ${problem}`, { hint: "`flowproof restore` puts the one of a backup back." });
  }
  place(target, bytes);
  return file;
}

/** What is wrong with a kept file: missing, or not what it was; undefined where nothing is. */
export function keptFileProblem(store: string, file: KeptFile): string | undefined {
  const bytes = bytesOf(keptFile(store, file), file.size);
  if (bytes === "missing") return "is missing";
  if (bytes === "link" || bytes === "other") return "was replaced by something that is no plain file";
  if (bytes instanceof Error) return `cannot be read: ${bytes.message}`;
  return bytes === "long" || sha256Hex(bytes) !== file.sha256
    ? "was altered: its SHA-256 is not the one recorded"
    : undefined;
}

/** Copies a kept file from beside one store to beside another, where a good one is not there yet; a damaged one gives way. Throws IntegrityError where neither has it whole. */
export function copyKeptFile(from: string, to: string, file: KeptFile): void {
  if (keptFileProblem(to, file) === undefined) return;
  const problem = keptFileProblem(from, file);
  if (problem !== undefined)
    throw new IntegrityError(`${keptFile(from, file)} ${problem}`, {
      hint: "Put the file back from another backup under that name, then run the command again.",
    });
  prepareFolder(to);
  const target = keptFile(to, file);
  rmSync(target, { recursive: true, force: true });
  place(target, readFileSync(keptFile(from, file)));
}

function prepareFolder(store: string): void {
  const folder = filesFolder(store);
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found)
    throw new ConfigError(`${folder} is no folder`, { hint: "Files of attestations are kept there: move it away." });
  mkdirSync(folder, { mode: 0o700 });
  flushFile(dirname(folder));
}

/** Whole under its name, or not there at all. */
function place(target: string, bytes: Uint8Array): void {
  const partial = `${target}.${randomBytes(4).toString("hex")}.partial`;
  try {
    writeFileSync(partial, bytes, { mode: 0o600, flag: "wx", flush: true });
    renameSync(partial, target);
  } finally {
    rmSync(partial, { force: true });
  }
  flushFile(dirname(target));
}

type Unread = "missing" | "link" | "other" | "long" | Error;

/** What is read is what was looked at: between the two nobody can put a link or a pipe there. */
function bytesOf(path: string, most: number): Buffer | Unread {
  let file: number | undefined;
  try {
    if (lstatSync(path).isSymbolicLink()) return "link";
    file = openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const found = fstatSync(file);
    if (!found.isFile()) return "other";
    if (found.size > most) return "long";
    const bytes = readFileSync(file);
    return bytes.length > most ? "long" : bytes;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return "missing";
    return code === "ELOOP" ? "link" : (error as Error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
