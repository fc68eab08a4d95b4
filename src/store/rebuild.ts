import type { Kysely } from "kysely";
import type { Dialect, HotPath } from "./dialect/dialect.ts";
import { evidenceRecord, hasLaterRecords, recordsInOrder } from "./evidence.ts";
import type { Normalize } from "./projection.ts";
import { project } from "./projection.ts";
import type { Tables } from "./tables.ts";

/** Drops all projections and makes them again from the records in their order, in one transaction. */
export async function rebuildEntities(
  dialect: Dialect,
  normalize: Normalize,
): Promise<{ records: number; entities: number }> {
  return dialect.write(async (hot, tx) => {
    await tx.deleteFrom("entity").execute();
    const records = await projectRecords(hot, tx, normalize);
    const { entities } = await tx
      .selectFrom("entity")
      .select(({ fn }) => fn.countAll<number>().as("entities"))
      .executeTakeFirstOrThrow();
    return { records, entities };
  });
}

/** On this connection, entities are from here on what the records fetched until then say; nothing stored is changed. */
export async function projectUntil(
  dialect: Dialect,
  normalize: Normalize,
  until: string,
  always = false,
): Promise<void> {
  if (!always && !(await hasLaterRecords(dialect.db, until))) return;
  await dialect.hideEntities();
  await dialect.write((hot, tx) => projectRecords(hot, tx, normalize, until));
}

async function projectRecords(hot: HotPath, db: Kysely<Tables>, normalize: Normalize, until?: string): Promise<number> {
  let records = 0;
  for await (const rows of recordsInOrder(db, until)) {
    const readable = rows.map(evidenceRecord).filter((record) => record !== undefined);
    await hot.project(readable.map((record) => project(record, normalize)));
    records += rows.length;
  }
  return records;
}
