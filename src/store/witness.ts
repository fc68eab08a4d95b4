import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Kysely } from "kysely";
import type { Checkpoint } from "../ledger/checkpoint.ts";
import { type NoteKey, readNote } from "../ledger/checkpoint-note.ts";
import { IntegrityError } from "../util/errors.ts";
import { signatureUnder } from "./notes.ts";
import type { Tables } from "./tables.ts";

/** Where the latest checkpoint of the store at this path is noted. */
export const witnessFile = (path: string): string => `${path}.checkpoint.json`;

/** Notes a checkpoint beside the store at this path. */
export function noteCheckpoint(path: string, { size, root, at, note }: Checkpoint): void {
  const file = witnessFile(path);
  writeFileSync(`${file}.partial`, `${JSON.stringify({ size, root, at, note })}\n`, { flush: true });
  renameSync(`${file}.partial`, file);
}

/** Notes the latest checkpoint beside the store, so that a store put back to an earlier state shows. */
export function writeWitness(path: string, checkpoint: Checkpoint): void {
  try {
    noteCheckpoint(path, checkpoint);
  } catch {
    // The checkpoint is stored; the note of an earlier one holds as well.
  }
}

/** The checkpoint noted last; to be read before the store is opened, which may gain one meanwhile. */
export function readWitness(path: string): Checkpoint | undefined {
  try {
    const { size, root, at, note } = JSON.parse(readFileSync(witnessFile(path), "utf8")) as Checkpoint;
    if (typeof size !== "number" || typeof root !== "string" || typeof at !== "string") return undefined;
    const signed = typeof note === "string" ? readNote(note) : undefined;
    // What was signed counts, whatever was written beside it.
    return signed ? { size: signed.size, root: signed.root, at, note: note as string } : { size, root, at };
  } catch {
    return undefined;
  }
}

interface Witnessed {
  readonly path: string;
  readonly noted: Checkpoint | undefined;
  /** The key that may have signed what is noted. */
  readonly key: NoteKey | undefined;
}

/** What is wrong where the store does not hold the checkpoint noted beside it; undefined where it does, or none is noted. */
export async function rollback(db: Kysely<Tables>, { path, noted, key }: Witnessed): Promise<string | undefined> {
  if (!noted) return undefined;
  const { size, root, at } = noted;
  const ofSize = await db.selectFrom("checkpoint").select(["run", "root"]).where("size", "=", size).execute();
  const roots = ofSize.map((row) => ({ run: row.run, root: Buffer.from(row.root).toString("hex") }));
  if (roots.some((row) => row.root === root)) return undefined;
  const which = `its checkpoint of ${at} over ${size} records with the root ${root}, ${signedHow(noted, key)}noted in ${witnessFile(path)}`;
  const [other] = roots;
  if (other)
    return `fork: ${path} does not hold ${which}: its own over ${size} records, of run ${other.run}, has the root ${other.root}, and only one of the two can be what was collected`;
  const { records } = await db
    .selectFrom("record")
    .select(({ fn }) => fn.countAll<number>().as("records"))
    .executeTakeFirstOrThrow();
  return `${path} does not hold ${which}: it holds ${records} records, and was put back to an earlier state or exchanged`;
}

function signedHow({ note }: Checkpoint, key: NoteKey | undefined): string {
  const read = readNote(note ?? "");
  if (!read) return "";
  const name = read.signatures.map((signature) => signature.name).join(", ");
  const how = { holds: `signed by ${name}, `, broken: `with a false signature of ${name}, `, absent: undefined };
  return (key && how[signatureUnder(read, key)]) ?? `signed in the name of ${name}, `;
}

/** Throws IntegrityError where {@link rollback} finds something. */
export async function refuseRollback(db: Kysely<Tables>, witnessed: Witnessed): Promise<void> {
  const problem = await rollback(db, witnessed);
  if (problem === undefined) return;
  throw new IntegrityError(problem, {
    hint: `Restore a copy together with its -wal file. Where what is missing is given up, remove ${witnessFile(witnessed.path)}: the next collecting reads again what the source still has.`,
  });
}
