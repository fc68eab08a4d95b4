import { join } from "node:path";
import Database from "better-sqlite3";
import type { Batch, Stream, StreamKind } from "../src/model/stream.ts";
import { providers } from "../src/providers/registry.ts";
import { openStore } from "../src/store/index.ts";
import { systemClock } from "../src/util/clock.ts";
import type { Figure } from "./figure.ts";
import { timed, type Workbench } from "./workbench.ts";

/**
 * Raw prepared inserts over the store's own append and checkpoint of the same batches: the same rows in the same tables
 * and indexes, as many transactions, the same settings; without canonical form, hashes, lookups, triggers, foreign keys
 * or projecting.
 */
export async function store(bench: Workbench): Promise<readonly Figure[]> {
  const { first } = await bench.collected(bench.changes);
  const batches = batchesOf(first.path);
  const path = join(bench.folder, "appended.db");
  const ours = await append(path, batches);
  const raw = rawInserts(path, join(bench.folder, "raw.db"));
  return [
    {
      name: "raw inserts / store, hashing included",
      value: raw.seconds / ours,
      goal: { atLeast: 0.5 },
      note: `${raw.seconds.toFixed(1)} s / ${ours.toFixed(1)} s, ${raw.rows} rows in ${batches.length} transactions`,
    },
  ];
}

async function append(path: string, batches: readonly Batch[]): Promise<number> {
  const github = providers.find(({ id }) => id === "github");
  const opened = await openStore({
    path,
    clock: systemClock,
    toolVersion: "bench",
    normalize: (record) => (record.streamKind === "configuration" ? [] : (github?.normalize(record) ?? [])),
  });
  const run = await opened.beginRun("bench");
  const { seconds } = await timed(async () => {
    for (const batch of batches) await opened.append(run, batch);
    await opened.endRun(run, "done");
  });
  await opened.close();
  return seconds;
}

interface ExchangeRow {
  id: number;
  endpoint: string;
  operation: string;
  text: string;
  variables: string;
  status: number;
  started_at: string;
  server_time: string;
}

interface RecordedRow {
  exchange_id: number;
  stream: string;
  kind: string;
  external_id: string;
  content: string;
}

/** What the collecting was given, batch by batch; every stream of a batch moves its cursor, as it did then. */
function batchesOf(path: string): readonly Batch[] {
  const db = new Database(path, { readonly: true });
  const streams = new Map(
    (
      db.prepare("select * from stream").all() as { id: string; source: string; kind: StreamKind; scope_id: string }[]
    ).map(({ id, source, kind, scope_id }): [string, Stream] => [
      id,
      { id, source, kind, scopeId: scope_id, scopeName: "", since: "2026-01-01T00:00:00Z" },
    ]),
  );
  const records = db
    .prepare(
      "select exchange_id, stream, kind, external_id, content from record join body on body.id = body_id order by record.id",
    )
    .all() as RecordedRow[];
  const byExchange = Map.groupBy(records, (record) => record.exchange_id);
  const exchanges = db
    .prepare("select exchange.*, operation, text from exchange join query_text on digest = query order by id")
    .all() as ExchangeRow[];
  db.close();
  return exchanges.map(({ id, endpoint, operation, text, variables, status, started_at, server_time }) => ({
    exchange: { endpoint, operation, query: text, variables, status, startedAt: started_at, serverTime: server_time },
    parts: [...Map.groupBy(byExchange.get(id) ?? [], (record) => record.stream)].map(([stream, own]) => ({
      stream: streams.get(stream) as Stream,
      cursor: `{"after":${id}}`,
      records: own.map(({ kind, external_id, content }) => ({
        kind,
        externalId: external_id,
        body: JSON.parse(content) as unknown,
      })),
    })),
  }));
}

const tables = ["exchange", "body", "record", "entity", "leaf"] as const;

/** Copies the rows into an empty copy of the schema, in one transaction for each exchange and one for the leaves. */
function rawInserts(from: string, to: string): { seconds: number; rows: number } {
  const source = new Database(from, { readonly: true });
  const target = new Database(to);
  for (const pragma of [
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = OFF",
    "cache_size = -65536",
    "wal_autocheckpoint = 8192",
  ])
    target.pragma(pragma);
  const schema = source
    .prepare(
      `select sql from sqlite_master where sql is not null and type in ('table', 'index') and tbl_name in (${tables.map((table) => `'${table}'`).join(", ")})`,
    )
    .pluck()
    .all() as string[];
  for (const sql of schema) target.exec(sql);
  const rowsOf = (sql: string) => source.prepare(sql).raw().all() as unknown[][];
  const exchangeOfBody = new Map(
    rowsOf("select body_id, exchange_id from record order by id desc") as [number, number][],
  );
  const exchangeOfRecord = new Map(rowsOf("select id, exchange_id from record") as [number, number][]);
  const last = Number.POSITIVE_INFINITY;
  const placed: Record<(typeof tables)[number], (row: unknown[]) => number> = {
    exchange: ([id]) => id as number,
    body: ([id]) => exchangeOfBody.get(id as number) ?? last,
    record: ([id]) => exchangeOfRecord.get(id as number) ?? last,
    entity: (row) => exchangeOfRecord.get(row[6] as number) ?? last,
    leaf: () => last,
  };
  const all = tables.flatMap((table) =>
    rowsOf(`select * from ${table} order by 1`).map((row) => ({ table, row, exchange: placed[table](row) })),
  );
  const transactions = [...Map.groupBy(all, ({ exchange }) => exchange)].sort(([a], [b]) => (a < b ? -1 : 1));
  const inserts = Object.fromEntries(
    tables.map((table) => {
      const columns = source.prepare(`select * from ${table}`).columns();
      return [table, target.prepare(`insert into ${table} values (${columns.map(() => "?").join(", ")})`)];
    }),
  );
  const started = performance.now();
  for (const [, rows] of transactions)
    target.transaction(() => {
      for (const { table, row } of rows) inserts[table]?.run(row);
    })();
  const seconds = (performance.now() - started) / 1000;
  source.close();
  target.close();
  return { seconds, rows: all.length };
}
