import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { attachmentFolder } from "../formats.ts";
import type { Check } from "./check.ts";
import { broken, reasonOf } from "./findings.ts";
import { streamDigest } from "./sha256.ts";

/** Files by name, wherever they lie: a folder, a bundle, a PDF's attachments. */
export interface PackFiles {
  readonly names: readonly string[];
  /** The bytes of a name, in pieces; throws for a name that is not there or cannot be read. */
  open(name: string): AsyncIterable<Uint8Array>;
  /** What is wrong with the names themselves. */
  readonly problems: readonly Check[];
  close(): Promise<void>;
}

/** Files whose digests are made once. */
export interface Digests {
  /** SHA-256 in hexadecimal; undefined where there is no such file; an error's text where it cannot be read. */
  of(name: string): Promise<{ readonly sha256: string } | { readonly problem: string } | undefined>;
}

/** Files together with their digests. */
export interface DigestedFiles {
  readonly files: PackFiles;
  readonly digests: Digests;
}

/** A file that is read whole is at most this long: what is longer is not one of a pack's. */
const mostBytes = 512 * 1024 * 1024;

/** The files of a folder, and of the one that a bundle has in it. Anything that is not a plain file is a problem; throws what reading the folder throws. */
export async function folderFiles(directory: string): Promise<PackFiles> {
  const top = await readdir(directory, { withFileTypes: true });
  const folder = top.find((entry) => entry.isDirectory() && `${entry.name}/` === attachmentFolder);
  const within = folder ? await readdir(join(directory, folder.name), { withFileTypes: true }) : [];
  const entries = [
    ...top.filter((entry) => entry !== folder).map((entry) => ({ entry, name: entry.name })),
    ...within.map((entry) => ({ entry, name: `${attachmentFolder}${entry.name}` })),
  ];
  const files = entries.filter(({ entry }) => entry.isFile()).map(({ name }) => name);
  return {
    names: files.sort(),
    open: (name) => createReadStream(join(directory, name)),
    problems: entries
      .filter(({ entry }) => !entry.isFile())
      .map(({ entry, name }) =>
        broken(
          name,
          `was added: it is a ${entry.isDirectory() ? "folder" : "link or device"}, and no part of the pack`,
        ),
      ),
    close: async () => {},
  };
}

/** Files that are in memory already. */
export function filesInMemory(files: ReadonlyMap<string, Uint8Array>): PackFiles {
  return {
    names: [...files.keys()].sort(),
    async *open(name) {
      const file = files.get(name);
      if (!file) throw new Error(`there is no ${name}`);
      yield file;
    },
    problems: [],
    close: async () => {},
  };
}

/** The bytes of a file, or why they could not be had; never throws. */
export async function readWhole(
  files: PackFiles,
  name: string,
): Promise<{ readonly bytes: Uint8Array; readonly problem?: never } | { readonly problem: string }> {
  if (!files.names.includes(name)) return { problem: "it is missing" };
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of files.open(name)) {
      length += chunk.length;
      if (length > mostBytes) return { problem: "it is too long to be what it is called" };
      chunks.push(chunk);
    }
  } catch (error) {
    return { problem: `it cannot be read: ${reasonOf(error)}` };
  }
  return { bytes: chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks) };
}

/** The digests of files, each made once; never throws. */
export function digestsOf(files: PackFiles): Digests {
  const made = new Map<string, ReturnType<Digests["of"]>>();
  const names = new Set(files.names);
  const make = async (name: string): ReturnType<Digests["of"]> => {
    if (!names.has(name)) return undefined;
    try {
      return { sha256: await streamDigest(files.open(name)) };
    } catch (error) {
      return { problem: `it cannot be read: ${reasonOf(error)}` };
    }
  };
  return {
    of(name) {
      const digest = made.get(name) ?? make(name);
      made.set(name, digest);
      return digest;
    },
  };
}

/** Looks a name up in several places, one after the other. */
export const firstOf = (...places: readonly Digests[]): Digests => ({
  async of(name) {
    for (const place of places) {
      const found = await place.of(name);
      if (found) return found;
    }
    return undefined;
  },
});
