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
      .select(["key", "at", "record_id", "data"])
      // Only what is held against: a column more of every row costs as much as reading its JSON.
      .$if(others.length > 0, (all) => all.select(["parent", "repository"]))
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
  branchActivity: "branchActivity",
  ruleSuites: "ruleSuite",
  ruleVersions: "ruleVersion",
  environments: "environment",
  pipelineRuns: "pipelineRun",
  access: "access",
  auditLog: "auditEvent",
  releases: "release",
  alerts: "securityAlert",
};

/** Per stream seen until then, how many objects are stored and how many the source counts. */
export async function totalsOf(
  db: Db,
  until: string,
): Promise<ReadonlyMap<string, { readonly stored: number; readonly sourceTotal: number | null }>> {
  const streams = await db
    .selectFrom("stream")
    .select(["id", "kind"])
    .where("first_seen", "<=", until)
    .orderBy("id")
    .execute();
  const stored = await storedObjects(db, until);
  const said = await sourceTotals(db, until);
  return new Map(streams.map(({ id }) => [id, { stored: stored.get(id) ?? 0, sourceTotal: said.get(id) ?? null }]));
}

/** Counted by record, not by entity: two streams may hold the same commit, whose entity rests on one record only. */
async function storedObjects(db: Db, until: string): Promise<ReadonlyMap<string, number>> {
  const kinds = await db
    .selectFrom("entity")
    .innerJoin("record", "record.id", "entity.record_id")
    .innerJoin("stream", "stream.id", "record.stream")
    .select(["entity.type", "record.kind", "stream.kind as streamKind"])
    .distinct()
    .where("entity.type", "in", [...new Set(Object.values(counted))])
    .execute();
  const isCounted = new Set(
    kinds
      .filter(({ type, streamKind }) => counted[streamKind] === type)
      .map(({ kind, streamKind }) => `${streamKind} ${kind}`),
  );
  const objects = await db
    .selectFrom("record")
    .innerJoin("stream", "stream.id", "record.stream")
    .select(["record.stream", "record.kind", "stream.kind as streamKind"])
    .select(({ fn }) => fn.count<number>("record.external_id").distinct().as("stored"))
    .where("record.fetched_at", "<=", until)
    .groupBy(["record.stream", "record.kind"])
    .execute();
  const stored = new Map<string, number>();
  for (const { stream, kind, streamKind, stored: some } of objects) {
    if (isCounted.has(`${streamKind} ${kind}`)) stored.set(stream, (stored.get(stream) ?? 0) + some);
  }
  return stored;
}

async function sourceTotals(db: Db, until: string): Promise<ReadonlyMap<string, number>> {
  const latest = db
    .selectFrom("source_total")
    .select(({ fn }) => fn.max("id").as("id"))
    .where("at", "<=", until)
    .groupBy("stream");
  const rows = await db.selectFrom("source_total").select(["stream", "total"]).where("id", "in", latest).execute();
  return new Map(rows.map(({ stream, total }) => [stream, total]));
}
