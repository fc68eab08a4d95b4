import { copyFileSync, existsSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { NoteKey } from "../ledger/checkpoint-note.ts";
import { instant } from "../util/clock.ts";
import { ConfigError, LockedError } from "../util/errors.ts";
import { type CopyOptions, refuseProblems, type StoreCopy } from "./backup-store.ts";
import { lockOf, openSqlite, settle } from "./dialect/sqlite.ts";
import { takeLock } from "./lock.ts";
import { openStore } from "./open-store.ts";
import type { StoreOptions } from "./store.ts";
import { flushFile, removeStore } from "./store-files.ts";
import { noteCheckpoint, readWitness, witnessFile } from "./witness.ts";

/** What was put in place, and what went with the store that was there. */
export interface RestoredStore extends StoreCopy {
  /** One sentence for each thing that the store present held and the backup does not. */
  readonly discarded: readonly string[];
  /** Whether the backup's last checkpoint was noted beside it; else a cut tail cannot show. */
  readonly noted: boolean;
}

/**
 * Puts a verified copy of the backup, migrated and with its projections made anew, in the store's place; killed at any
 * moment, it leaves the store as it was or as the backup has it. Throws LockedError while the store is written or read,
 * IntegrityError where the backup does not verify, ConfigError where the store holds what the backup does not, unless
 * that may be discarded.
 */
export async function restoreStore(
  options: StoreOptions,
  backup: string,
  { discardLater, key, beside = async () => undefined }: CopyOptions & { readonly discardLater: boolean },
): Promise<RestoredStore> {
  const { path, clock } = options;
  if (!existsSync(backup))
    throw new ConfigError(`${backup}: there is no backup`, { hint: "Name a file that `flowproof backup` wrote." });
  if (resolve(backup) === resolve(path)) throw new ConfigError(`${backup} is the store itself`);
  const incoming = `${path}.restoring`;
  const release = takeLock(lockOf(path), path, "flowproof restore", instant(clock()));
  try {
    removeStore(incoming);
    const noted = copyWithNote(backup, incoming);
    const checkpoint = await prepare({ ...options, path: incoming }, backup, key);
    const discarded = await heldBeyond(path, incoming);
    if (discarded.length > 0 && !discardLater) {
      throw new ConfigError(discarded.join("\n"), {
        hint: "Restore a later backup; or give up what is named with --discard-later, and the next collecting reads again what the source still has.",
      });
    }
    if (existsSync(path) && settle(path) === "busy")
      throw new LockedError(`${path} is being read`, { hint: "Wait until the report is done, then restore." });
    await beside(incoming);
    // Between the two an older note would tell of a store that is not there any more.
    rmSync(witnessFile(path), { force: true });
    renameSync(incoming, path);
    if (checkpoint) noteCheckpoint(path, checkpoint);
    flushFile(dirname(path));
    return { file: path, bytes: statSync(path).size, checkpoint, discarded, noted };
  } finally {
    removeStore(incoming);
    release();
  }
}

/** A copy made by hand may have its log beside it, and is not whole without. */
function copyWithNote(backup: string, incoming: string): boolean {
  copyFileSync(backup, incoming);
  for (const [from, to] of [
    [`${backup}-wal`, `${incoming}-wal`],
    [witnessFile(backup), witnessFile(incoming)],
  ] as const)
    if (existsSync(from)) copyFileSync(from, to);
  return existsSync(witnessFile(backup));
}

async function prepare(options: StoreOptions, backup: string, key: NoteKey | undefined) {
  const store = await openStore(options);
  try {
    // Projections are what this version reads in the records, not what the one that made the backup did.
    const failure = await store.rebuild().then(
      () => undefined,
      (error: unknown) => error,
    );
    const problems = (await store.verify(key)).map((line) => line.replaceAll(options.path, backup));
    refuseProblems(problems, `${backup} does not verify; the store was left as it is`);
    // What cannot be read was just named, where that was the reason.
    if (failure !== undefined) throw failure;
    return await store.checkpoint();
  } finally {
    await store.close();
    flushFile(options.path);
  }
}

interface Held {
  readonly checkpoints: readonly { readonly name: string; readonly state: string; readonly text: string }[];
  readonly records: number;
}

/** What the store present holds and the incoming one does not; nothing where there is no store. */
async function heldBeyond(path: string, incoming: string): Promise<readonly string[]> {
  const kept = await heldBy(incoming);
  const noted = readWitness(path);
  const beyond: string[] = [];
  if (noted && !kept.checkpoints.some(({ state }) => state === stateOf(noted)))
    beyond.push(`${witnessFile(path)} notes a ${textOf(noted)} that the backup does not hold`);
  if (!existsSync(path)) return beyond;
  try {
    const present = await heldBy(path);
    const names = new Set(kept.checkpoints.map(({ name }) => name));
    const later = present.checkpoints.filter(({ name }) => !names.has(name));
    const last = later.at(-1);
    const runs =
      later.length === 1
        ? "a run that the backup does not, with"
        : `${later.length} runs that the backup does not, the last with`;
    if (last) beyond.push(`${path} holds ${runs} a ${last.text}`);
    else if (present.records > kept.records)
      beyond.push(`${path} holds ${present.records - kept.records} records that the backup does not`);
  } catch (error) {
    beyond.push(`what ${path} holds cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  return beyond;
}

async function heldBy(path: string): Promise<Held> {
  const dialect = openSqlite(path, { readonly: true });
  try {
    const rows = await dialect.db.selectFrom("checkpoint").selectAll().orderBy("id").execute();
    const { records } = await dialect.db
      .selectFrom("record")
      .select(({ fn }) => fn.countAll<number>().as("records"))
      .executeTakeFirstOrThrow();
    const checkpoints = rows.map(({ run, size, root, at }) => {
      const checkpoint = { size, root: Buffer.from(root).toString("hex"), at };
      return { name: `${run} ${stateOf(checkpoint)}`, state: stateOf(checkpoint), text: textOf(checkpoint) };
    });
    return { checkpoints, records };
  } finally {
    await dialect.close();
  }
}

const stateOf = ({ size, root }: { readonly size: number; readonly root: string }): string => `${size} ${root}`;
const textOf = ({ size, at }: { readonly size: number; readonly at: string }): string =>
  `checkpoint of ${at} over ${size} records`;
