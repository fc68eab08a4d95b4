import type { Kysely } from "kysely";
import type { Checkpoint } from "../ledger/checkpoint.ts";
import { readNote } from "../ledger/checkpoint-note.ts";
import type { Dialect } from "./dialect/dialect.ts";
import type { TimestampToken } from "./store.ts";
import type { Tables } from "./tables.ts";

type Db = Kysely<Tables>;

/** A checkpoint as it is stored, with its note and the run that ended with it. */
export interface CheckpointRow {
  readonly id: number;
  readonly run: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly at: string;
  readonly note: string | null;
}

/** Every checkpoint with its note, oldest first. */
export const checkpointRows = (db: Db) =>
  db
    .selectFrom("checkpoint")
    .leftJoin("signed_note", "signed_note.checkpoint", "checkpoint.id")
    .select([
      "checkpoint.id",
      "checkpoint.run",
      "checkpoint.size",
      "checkpoint.root",
      "checkpoint.at",
      "signed_note.note",
    ])
    .orderBy("checkpoint.id");

/** A sentence for each note whose checkpoint was taken away. */
export async function orphanedNotes(db: Db): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("signed_note")
    .leftJoin("checkpoint", "checkpoint.id", "signed_note.checkpoint")
    .select("note")
    .where("checkpoint.id", "is", null)
    .execute();
  return rows.map(({ note }) => {
    const read = readNote(note);
    const what = read ? `over ${read.size} records with the root ${read.root}` : "that cannot be read";
    return `a note ${what} is of a checkpoint that is not there`;
  });
}

/** Every checkpoint made until then, oldest first. */
export async function checkpointsUntil(db: Db, until: string): Promise<readonly Checkpoint[]> {
  const rows = await checkpointRows(db).where("checkpoint.at", "<=", until).execute();
  return rows.map(checkpointOf);
}

/** The latest checkpoint made until then; undefined before the first run ended. */
export async function latestCheckpoint(db: Db, until: string): Promise<Checkpoint | undefined> {
  const row = await checkpointRows(db)
    .where("checkpoint.at", "<=", until)
    .clearOrderBy()
    .orderBy("checkpoint.id", "desc")
    .executeTakeFirst();
  return row && checkpointOf(row);
}

/** Keeps what an authority said of the checkpoint's note. Throws RangeError where it is no signed checkpoint of this store. */
export async function addTimestamp(
  dialect: Dialect,
  { note = "" }: Checkpoint,
  { token, authority }: TimestampToken,
): Promise<void> {
  await dialect.write(async (_, tx) => {
    const row = await tx
      .selectFrom("signed_note")
      .select("checkpoint")
      .where("note", "=", note)
      .orderBy("checkpoint", "desc")
      .executeTakeFirst();
    if (!row) throw new RangeError("only a signed checkpoint of this store can be timestamped");
    await tx
      .insertInto("timestamp_token")
      .values({ checkpoint: row.checkpoint, token: Buffer.from(token), authority })
      .execute();
  });
}

/** The first token over the checkpoint's note; two checkpoints over the same records have the same note. */
export async function timestampOf(db: Db, { note = "" }: Checkpoint): Promise<TimestampToken | undefined> {
  const row = await db
    .selectFrom("timestamp_token")
    .innerJoin("signed_note", "signed_note.checkpoint", "timestamp_token.checkpoint")
    .select(["token", "authority"])
    .where("note", "=", note)
    .orderBy("timestamp_token.id")
    .executeTakeFirst();
  return row && { token: new Uint8Array(row.token), authority: row.authority };
}

function checkpointOf({ size, root, at, note }: CheckpointRow): Checkpoint {
  return { size, root: Buffer.from(root).toString("hex"), at, ...(note === null ? {} : { note }) };
}
