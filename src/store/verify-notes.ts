import type { Kysely } from "kysely";
import { type NoteKey, readNote } from "../ledger/checkpoint-note.ts";
import { type CheckpointRow, checkpointRows, orphanedNotes } from "./checkpoints.ts";
import { signatureUnder } from "./notes.ts";
import type { Tables } from "./tables.ts";

/** What is wrong with the notes of checkpoints, and where two checkpoints contradict each other; another key's signature is no fault, but is not checked. */
export async function notesCheck(db: Kysely<Tables>, key: NoteKey | undefined): Promise<readonly string[]> {
  const rows = await checkpointRows(db).execute();
  const origin = key?.name ?? rows.map(({ note }) => readNote(note ?? "")?.origin).find((name) => name !== undefined);
  return [...(await orphanedNotes(db)), ...forks(rows), ...rows.flatMap((row) => noteProblems(row, origin, key))];
}

/** Two states of one size: only one of them can be what was collected. */
function forks(rows: readonly CheckpointRow[]): readonly string[] {
  const first = new Map<number, CheckpointRow>();
  return rows.flatMap((row) => {
    const other = first.get(row.size);
    if (!other) first.set(row.size, row);
    if (!other || Buffer.compare(other.root, row.root) === 0) return [];
    return `fork: two checkpoints over ${row.size} records have different roots, ${rootOf(other)} of run ${other.run} and ${rootOf(row)} of run ${row.run}`;
  });
}

function noteProblems(row: CheckpointRow, origin: string | undefined, key: NoteKey | undefined): readonly string[] {
  if (row.note === null) return [];
  const name = `the note of the checkpoint of run ${row.run} over ${row.size} records`;
  const note = readNote(row.note);
  if (!note) return [`${name} cannot be read`];
  const problems: string[] = [];
  if (note.size !== row.size || note.root !== rootOf(row))
    problems.push(
      `${name} is over ${note.size} records with the root ${note.root}, the checkpoint's is ${rootOf(row)}`,
    );
  if (note.origin !== origin) problems.push(`${name} is of the ledger ${note.origin}, not of ${origin}`);
  if (key && signatureUnder(note, key) === "broken") problems.push(`${name} is not signed by the key that it names`);
  return problems;
}

const rootOf = ({ root }: CheckpointRow): string => Buffer.from(root).toString("hex");
