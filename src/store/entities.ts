import type { Kysely } from "kysely";
import type { EntityOf, EntityType, Seen } from "../model/entity.ts";
import type { StreamKind } from "../model/stream.ts";
import type { Dialect } from "./dialect/dialect.ts";
import { hasLaterRecords } from "./evidence.ts";
import type { EntityFilter } from "./store.ts";
import type { Tables } from "./tables.ts";

type Db = Kysely<Tables>;

/** The entities of a type that the filter names, ordered by time (none first), then key, as code units sort. */
export async function entitiesOf<T extends EntityType>(
  dialect: Pick<Dialect, "entities">,
  type: T,
  filter: EntityFilter,
): Promise<readonly Seen<EntityOf<T>>[]> {
  // The narrowest list goes to the database; the others are held against what it gives.
  const lists = { key: filter.keys, parent: filter.parents, repository: filter.repositories };
  const wanted = columns.flatMap((column) => {
    const values = lists[column];
    return values ? [{ column, values: new Set(values.map((value) => value.toWellFormed())) }] : [];
  });
  const [list, ...others] = wanted;
  const { from, to } = filter;
  const found: { readonly at: string; readonly entity: Seen<EntityOf<T>> }[] = [];
  await dialect.entities(
    { type, ...(list ? { list } : {}), from, to, held: others.map(({ column }) => column) },
    (rows) => {
      for (const [at, record, data, ...held] of rows)
        if (others.every(({ values }, index) => values.has(held[index] ?? "")))
          found.push({ at: at ?? "", entity: seen(data, record) });
    },
  );
  return found.sort((a, b) => compare(a.at, b.at) || compare(a.entity.key, b.entity.key)).map(({ entity }) => entity);
}

const columns = ["key", "parent", "repository"] as const;

function seen<T extends EntityType>(data: string, record: number): Seen<EntityOf<T>> {
  const entity = JSON.parse(data) as EntityOf<T> & { record: number };
  entity.record = record;
  return entity;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Every entity of a type, in no order, some at a time. */
export async function eachEntity<T extends EntityType>(
  dialect: Pick<Dialect, "entities">,
  type: T,
  visit: (entity: Seen<EntityOf<T>>) => void,
): Promise<void> {
  await dialect.entities({ type, held: [] }, (rows) => {
    for (const [, record, data] of rows) visit(seen(data, record));
  });
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
  const streams = await db.selectFrom("stream").select(["id", "kind", "first_seen"]).orderBy("id").execute();
  const kinds = new Map(streams.map(({ id, kind }) => [id, kind]));
  const stored = await storedObjects(db, until, (stream) => kinds.get(stream));
  const said = await sourceTotals(db, until);
  const seenThen = streams.filter(({ first_seen: first }) => first <= until);
  return new Map(seenThen.map(({ id }) => [id, { stored: stored.get(id) ?? 0, sourceTotal: said.get(id) ?? null }]));
}

/** Counted by record, not by entity: two streams may hold the same commit, whose entity rests on one record only. */
async function storedObjects(
  db: Db,
  until: string,
  kindOf: (stream: string) => StreamKind | undefined,
): Promise<ReadonlyMap<string, number>> {
  const kinds = await db
    .selectFrom("entity")
    .innerJoin("record", "record.id", "entity.record_id")
    .select(["entity.type", "record.kind", "record.stream"])
    .distinct()
    .where("entity.type", "in", [...new Set(Object.values(counted))])
    .execute();
  const isCounted = new Set(
    kinds.flatMap(({ type, kind, stream }) => {
      const streamKind = kindOf(stream);
      return streamKind !== undefined && counted[streamKind] === type ? [`${streamKind} ${kind}`] : [];
    }),
  );
  // Without a condition on what no index holds, counting reads the index alone.
  const some = await hasLaterRecords(db, until);
  const objects = await db
    .selectFrom("record")
    .select(["record.stream", "record.kind"])
    .select(({ fn }) => fn.count<number>("record.external_id").distinct().as("stored"))
    .$if(some, (query) => query.where("record.fetched_at", "<=", until))
    .groupBy(["record.stream", "record.kind"])
    .execute();
  const stored = new Map<string, number>();
  for (const { stream, kind, stored: found } of objects) {
    if (isCounted.has(`${kindOf(stream)} ${kind}`)) stored.set(stream, (stored.get(stream) ?? 0) + found);
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
