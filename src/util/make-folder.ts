import { mkdirSync, mkdtempSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ConfigError } from "./errors.ts";

/** Makes a folder that somebody named, and those above it that are missing. Throws ConfigError that says which cannot be made and why. */
export function makeFolder(folder: string): void {
  refusing(resolve(folder), makeMissing);
}

/** Throws the ConfigError of `makeFolder` before work that takes minutes: tries the nearest folder that is there, and leaves nothing in it. */
export function requireMakeable(folder: string): void {
  refusing(resolve(folder), (path) => {
    let there = path;
    while (!exists(there)) there = dirname(there);
    if (!isFolder(there)) throw new Error(`${there} is no folder`);
    // Rights do not tell: root has them all, and a file system may take nothing all the same.
    rmdirSync(mkdtempSync(join(there, ".flowproof-")));
  });
}

function refusing(path: string, task: (path: string) => void): void {
  try {
    task(path);
  } catch (cause) {
    throw new ConfigError(`the folder ${path} cannot be made or written to: ${(cause as Error).message}`, {
      cause,
      hint: "Name another folder, or let this user write there.",
    });
  }
}

// Folder by folder: Node's recursive mkdir never ends where a file system such as /proc takes none.
function makeMissing(path: string): void {
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeMissing(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw error;
  }
}

const exists = (path: string): boolean => {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    // What lies below a file is not there.
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") return false;
    throw error;
  }
};
const isFolder = (path: string): boolean => exists(path) && statSync(path).isDirectory();
