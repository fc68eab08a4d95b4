import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { ConfigError } from "../util/errors.ts";
import { makeFolder, requireMakeable } from "../util/make-folder.ts";
import { draftIn, issuedIn, type Origin } from "./manifest.ts";

/** A file that was written already, on the same disk: it is moved. */
export interface WrittenFile {
  readonly path: string;
}

/** A pack's files by name. */
export type PackFiles = ReadonlyMap<string, string | Uint8Array | WrittenFile>;

/** Writes one file so that it is on the disk when the promise resolves. */
export type WriteFile = (path: string, content: string | Uint8Array | WrittenFile) => Promise<void>;

/** A writer that dies leaves what it had begun under this name, beside the pack's own. */
export const besidePack = (target: string, what: string): string =>
  join(dirname(target), `.${basename(target)}.${randomBytes(4).toString("hex")}.${what}`);

/**
 * Puts a pack under its name whole or not at all: written and synced beside it, then renamed. A draft there is swapped
 * for it, and what had made that is returned; `readOnly` files nobody may write to afterwards. Throws ConfigError where something else stands under the name; any failure leaves what was there.
 */
export async function writePack(
  directory: string,
  files: PackFiles,
  { write = durably, readOnly = false }: { readonly write?: WriteFile; readonly readOnly?: boolean } = {},
): Promise<Origin | undefined> {
  const target = resolve(directory);
  const parent = dirname(target);
  makeFolder(parent);
  await recover(target);
  const exists = await checkReplaceable(target);
  const replaced = exists ? await draftIn(target) : undefined;
  const staging = besidePack(target, "new");
  await mkdir(staging);
  try {
    for (const [name, content] of files) await write(join(staging, plainName(name)), content);
    if (readOnly) for (const name of files.keys()) await chmod(join(staging, name), 0o444);
    await sync(staging);
    if (exists) await swap(staging, target, besidePack(target, "old"));
    else await rename(staging, target);
    await sync(parent);
    return replaced;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** What writers that died left beside a pack, by what it was to be. */
async function leftBeside(target: string, what: readonly string[]): Promise<readonly string[]> {
  const parent = dirname(target);
  const start = `.${basename(target)}.`;
  return (await readdir(parent))
    .filter((name) => name.startsWith(start) && /^[0-9a-f]{8}\.[a-z]+$/.test(name.slice(start.length)))
    .filter((name) => what.includes(name.slice(start.length + 9)))
    .map((name) => join(parent, name));
}

/** Removes what writers that died had begun of a pack; only where no other can be writing it. */
export async function clearBegun(target: string): Promise<void> {
  const parent = dirname(target);
  makeFolder(parent);
  for (const path of await leftBeside(target, ["new", "parts"])) await rm(path, { recursive: true, force: true });
}

/** A writer that died between its two renames left the pack that was there set aside: it goes back under its name; after them, it goes. */
async function recover(target: string): Promise<void> {
  const aside = await leftBeside(target, ["old"]);
  const there = (await readdir(dirname(target))).includes(basename(target));
  const [first] = aside;
  if (there) for (const path of aside) await rm(path, { recursive: true, force: true });
  else if (first !== undefined) await rename(first, target);
}

async function swap(staging: string, target: string, old: string): Promise<void> {
  await rename(target, old);
  try {
    await rename(staging, target);
  } catch (error) {
    await rename(old, target);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}

/** Whether something is there that may be replaced: a draft, or an empty folder. Throws ConfigError for anything else, and where no folder can be made beside it. */
export async function checkReplaceable(target: string): Promise<boolean> {
  const found = await readdir(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new ConfigError(`${target} cannot be a pack's folder: ${error.message}`, {
      cause: error,
      hint: "Name another folder.",
    });
  });
  if (found !== undefined && found.length > 0 && !(await draftIn(target))) {
    if (await issuedIn(target)) {
      throw new ConfigError(`${target} holds an issued pack, which nothing may replace`, {
        hint: "Name another folder; `flowproof issue` makes the next revision.",
      });
    }
    throw new ConfigError(`${target} holds something that is not a draft pack`, {
      hint: "Nothing in it was touched. Move it away, or name another folder.",
    });
  }
  // What is there is swapped for what is made beside it.
  requireMakeable(dirname(resolve(target)));
  return found !== undefined;
}

function plainName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) throw new Error(`not a file name of a pack: ${name}`);
  return name;
}

async function durably(path: string, content: string | Uint8Array | WrittenFile): Promise<void> {
  if (typeof content === "object" && "path" in content) return rename(content.path, path);
  const file = await open(path, "wx");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function sync(folder: string): Promise<void> {
  // Windows does not open folders; there the rename is as durable as the file system makes it.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
