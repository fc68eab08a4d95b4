import type { Entity } from "../model/entity.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import type { Dialect } from "./dialect/dialect.ts";
import { evidenceRecord, recordsInOrder } from "./evidence.ts";
import { entityRow } from "./projection.ts";

type Normalize = (record: EvidenceRecord) => readonly Entity[];

/** Drops all projections and makes them again from the records in their order, in one transaction. */
export async function rebuildEntities(
  dialect: Dialect,
  normalize: Normalize,
): Promise<{ records: number; entities: number }> {
  return dialect.write(async (hot, tx) => {
    await tx.deleteFrom("entity").execute();
    let records = 0;
    for await (const rows of recordsInOrder(tx)) {
      const readable = rows.map(evidenceRecord).filter((record) => record !== undefined);
      await hot.upsertEntities(
        readable.flatMap((record) => normalize(record).map((entity) => entityRow(entity, record.id))),
      );
      records += rows.length;
    }
    const { entities } = await tx
      .selectFrom("entity")
      .select(({ fn }) => fn.countAll<number>().as("entities"))
      .executeTakeFirstOrThrow();
    return { records, entities };
  });
}
