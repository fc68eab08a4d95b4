import { chmodSync, existsSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Checkpoint } from "../ledger/checkpoint.ts";
import type { NoteKey } from "../ledger/checkpoint-note.ts";
import { ConfigError, IntegrityError } from "../util/errors.ts";
import { openStore } from "./open-store.ts";
import type { Store, StoreOptions } from "./store.ts";
import { flushFile, removeStore } from "./store-files.ts";
import { noteCheckpoint } from "./witness.ts";

/** A verified copy of a store, and what it holds. */
export interface StoreCopy {
  readonly file: string;
  readonly bytes: number;
  readonly checkpoint: Checkpoint | undefined;
}

/** How a copy is made. */
export interface CopyOptions {
  readonly key?: NoteKey | undefined;
  /** Puts what belongs beside the store in its place, given the verified copy before it has its name; what it throws keeps it from that. */
  readonly beside?: (copy: string) => Promise<void>;
}

/** Copies the store as it stands, whoever is writing, into a new file; it has its name only once it is verified, with its checkpoint noted beside it. Throws ConfigError where the file is there, IntegrityError where store or copy does not verify. */
export async function backupStore(
  options: StoreOptions,
  file: string,
  { key, beside = async () => undefined }: CopyOptions = {},
): Promise<StoreCopy> {
  if (existsSync(file))
    throw new ConfigError(`${file} is already there`, { hint: "Name a new file: a backup overwrites nothing." });
  if (!existsSync(dirname(file)))
    throw new ConfigError(`${file} cannot be written: its folder is not there`, { hint: "Make the folder first." });
  const partial = `${file}.partial`;
  removeStore(partial);
  try {
    await using(options, async (store) => {
      // Throws where the store was put back to an earlier state: that is nothing to keep.
      await store.checkpoint();
      await store.copyTo(partial);
    });
    const checkpoint = await using({ ...options, path: partial }, async (copy) => {
      refuseProblems(await copy.verify(key), "the copy does not verify, and was removed");
      return copy.checkpoint();
    });
    await beside(partial);
    chmodSync(partial, 0o600);
    flushFile(partial);
    if (checkpoint) noteCheckpoint(file, checkpoint);
    renameSync(partial, file);
    flushFile(dirname(file));
    return { file, bytes: statSync(file).size, checkpoint };
  } finally {
    removeStore(partial);
  }
}

/** Throws IntegrityError that lists the problems, where there are any. */
export function refuseProblems(problems: readonly string[], what: string): void {
  if (problems.length === 0) return;
  const more = problems.length > 20 ? [`and ${problems.length - 20} more`] : [];
  throw new IntegrityError([`${what}:`, ...problems.slice(0, 20), ...more].join("\n"), {
    hint: "Use an earlier backup, and keep this state for whoever finds out what happened.",
  });
}

async function using<T>(options: StoreOptions, task: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ ...options, readonly: true });
  try {
    return await task(store);
  } finally {
    await store.close();
  }
}
