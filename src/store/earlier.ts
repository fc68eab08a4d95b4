import type { Kysely } from "kysely";
import type { Entity, Seen } from "../model/entity.ts";
import { SourceError } from "../util/errors.ts";
import { chunks } from "./chunks.ts";
import { evidenceRecord, storedRecords } from "./evidence.ts";
import type { Normalize } from "./projection.ts";
import type { Tables } from "./tables.ts";

/** What earlier records of the same objects said, oldest first; those that are erased or cannot be read are left out. */
export async function earlierEntities(
  db: Kysely<Tables>,
  normalize: Normalize,
  records: readonly number[],
): Promise<readonly Seen<Entity>[]> {
  const found: Seen<Entity>[] = [];
  for (const portion of chunks([...new Set(records)].sort((a, b) => a - b))) {
    const rows = await storedRecords(db)
      .innerJoin("record as later", (join) =>
        join
          .onRef("later.stream", "=", "record.stream")
          .onRef("later.kind", "=", "record.kind")
          .onRef("later.external_id", "=", "record.external_id"),
      )
      .whereRef("record.id", "<", "later.id")
      .where("later.id", "in", portion)
      .execute();
    for (const row of rows) found.push(...entitiesOf(row, normalize));
  }
  return found;
}

function entitiesOf(row: Parameters<typeof evidenceRecord>[0], normalize: Normalize): Seen<Entity>[] {
  const record = evidenceRecord(row);
  if (!record) return [];
  try {
    return normalize(record).map((entity) => ({ ...entity, record: record.id }));
  } catch (error) {
    if (error instanceof SourceError) return [];
    throw error;
  }
}
