import { closeSync, fsyncSync, openSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { witnessFile } from "./witness.ts";

/** Removes a store with all that lies beside it: its log, its lock, its noted checkpoint, the copies that migrations made. */
export function removeStore(path: string): void {
  for (const beside of ["", "-wal", "-shm", "-journal", ".lock", ".lock-journal", ".lock.json"])
    rmSync(`${path}${beside}`, { force: true });
  rmSync(witnessFile(path), { force: true });
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith(`${basename(path)}.backup-`)) rmSync(join(dirname(path), name));
}

/** Waits until a file's bytes, or a folder's names, are on the disk. */
export function flushFile(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
