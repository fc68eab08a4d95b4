import type { Kysely } from "kysely";
import type { EntityOf, EntityType, Seen } from "../model/entity.ts";
import type { StreamKind } from "../model/stream.ts";
import { chunks } from "./chunks.ts";
import type { EntityFilter } from "./store.ts";
import type { Tables } from "./tables.ts";

type Db = Kysely<Tables>;

/** The entities of a type that the filter names, ordered by time (none first), then key, as code units sort. */
export async function entitiesOf<T extends EntityType>(
  db: Db,
  type: T,
  filter: EntityFilter,
): Promise<readonly Seen<EntityOf<T>>[]> {
  // The narrowest list goes to the database, in portions; the others are held against what it gives.
  const lists = { key: filter.keys, parent: filter.parents, repository: filter.repositories };
  const wanted = columns.flatMap((column) => {
    const values = lists[column];
    return values ? [{ column, values: new Set(values) }] : [];
  });
  const [narrowest, ...others] = wanted;
  const portions = narrowest ? chunks([...narrowest.values]) : [undefined];

  const rows: { key: string; at: string | null; record_id: number; data: string }[] = [];
  for (const portion of portions) {
    let query = db
      .selectFrom("entity")
      .select(["key", "parent", "repository", "at", "record_id", "data"])
      .where("type", "=", type);
    if (narrowest && portion) query = query.where(narrowest.column, "in", portion);
    if (filter.from !== undefined) query = query.where("at", ">=", filter.from);
    if (filter.to !== undefined) query = query.where("at", "<", filter.to);
    for (const row of await query.execute()) {
      if (others.every(({ column, values }) => values.has(row[column] ?? ""))) rows.push(row);
    }
  }
  return rows
    .sort((a, b) => compare(a.at ?? "", b.at ?? "") || compare(a.key, b.key))
    .map(({ record_id, data }) => Object.assign(JSON.parse(data) as EntityOf<T>, { record: record_id }));
}

const columns = ["key", "parent", "repository"] as const;

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What a stream is counted in, so that the number stands against the source's own; kinds without one are not counted. */
const counted: Readonly<Partial<Record<StreamKind, EntityType>>> = {
  repositories: "listedRepository",
  repository: "repository",
  commits: "graphCommit",
  changes: "change",
  reviews: "review",
  checks: "check",
  workItems: "workItemLink",
  files: "changeFiles",
  deployments: "deployment",
  protection: "protection",
};

/** Per stream, how many objects are stored and how many the source counts. */
export async function totalsOf(
  db: Db,
): Promise<ReadonlyMap<string, { readonly stored: number; readonly sourceTotal: number | null }>> {
  const streams = await db
    .selectFrom("stream")
    .leftJoin("stream_state", "stream_state.stream", "stream.id")
    .select(["stream.id", "stream.kind", "source_total"])
    .orderBy("stream.id")
    .execute();
  const counts = await db
    .selectFrom("entity")
    .innerJoin("record", "record.id", "entity.record_id")
    .select(["record.stream", "entity.type"])
    .select(({ fn }) => fn.countAll<number>().as("stored"))
    .where("entity.type", "in", Object.values(counted))
    .groupBy(["record.stream", "entity.type"])
    .execute();
  const stored = new Map(counts.map((row) => [`${row.type} ${row.stream}`, row.stored]));
  return new Map(
    streams.map(({ id, kind, source_total }) => [
      id,
      { stored: stored.get(`${counted[kind]} ${id}`) ?? 0, sourceTotal: source_total },
    ]),
  );
}
