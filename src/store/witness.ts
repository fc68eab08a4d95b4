import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Kysely } from "kysely";
import type { Checkpoint } from "../ledger/checkpoint.ts";
import { IntegrityError } from "../util/errors.ts";
import type { Tables } from "./tables.ts";

const fileOf = (path: string): string => `${path}.checkpoint.json`;

/** Notes the latest checkpoint beside the store, so that a store put back to an earlier state shows. */
export function writeWitness(path: string, { size, root, at }: Checkpoint): void {
  const file = fileOf(path);
  try {
    writeFileSync(`${file}.partial`, `${JSON.stringify({ size, root, at })}\n`, { flush: true });
    renameSync(`${file}.partial`, file);
  } catch {
    // The checkpoint is stored; the note of an earlier one holds as well.
  }
}

/** The checkpoint noted last; to be read before the store is opened, which may gain one meanwhile. */
export function readWitness(path: string): Checkpoint | undefined {
  try {
    const { size, root, at } = JSON.parse(readFileSync(fileOf(path), "utf8")) as Checkpoint;
    return typeof size === "number" && typeof root === "string" ? { size, root, at } : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong where the store does not hold the checkpoint noted beside it; undefined where it does, or none is noted. */
export async function rollback(
  db: Kysely<Tables>,
  path: string,
  noted: Checkpoint | undefined,
): Promise<string | undefined> {
  if (!noted) return undefined;
  const same = await db
    .selectFrom("checkpoint")
    .select("id")
    .where("size", "=", noted.size)
    .where("root", "=", Buffer.from(noted.root, "hex"))
    .executeTakeFirst();
  if (same) return undefined;
  const { records } = await db
    .selectFrom("record")
    .select(({ fn }) => fn.countAll<number>().as("records"))
    .executeTakeFirstOrThrow();
  return `${path} does not hold its checkpoint of ${noted.at} over ${noted.size} records with the root ${noted.root}, noted in ${fileOf(path)}: it holds ${records} records, and was put back to an earlier state or exchanged`;
}

/** Throws IntegrityError where {@link rollback} finds something. */
export async function refuseRollback(db: Kysely<Tables>, path: string, noted: Checkpoint | undefined): Promise<void> {
  const problem = await rollback(db, path, noted);
  if (problem === undefined) return;
  throw new IntegrityError(problem, {
    hint: `Restore a copy together with its -wal file. Where what is missing is given up, remove ${fileOf(path)}: the next collecting reads again what the source still has.`,
  });
}
