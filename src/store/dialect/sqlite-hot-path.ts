import type { Database, Statement } from "better-sqlite3";
import type { EntityRow } from "../tables.ts";
import type { HotPath, StoredBody } from "./dialect.ts";

/** The hot path on one connection: each statement is prepared at its first use and kept. */
export function sqliteHotPath(file: Database): HotPath {
  const statements = new Map<string, Statement<unknown[]>>();
  const prepared = (sql: string): Statement<unknown[]> => {
    let statement = statements.get(sql);
    if (!statement) {
      statement = file.prepare(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
  const insertAll = (table: string, rows: readonly object[], otherwise: string): void => {
    const [first] = rows;
    if (!first) return;
    const columns = Object.keys(first).map((column) => `"${column}"`);
    const values = `(${columns.map(() => "?").join(", ")})`;
    const inserting = (count: number) =>
      prepared(
        `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${Array(count).fill(values).join(", ")}${otherwise}`,
      );
    // A statement for ten rows costs much less than ten for one.
    const ten = inserting(10);
    const inTens = rows.length - (rows.length % 10);
    for (let at = 0; at < inTens; at += 10) ten.run(rows.slice(at, at + 10).flatMap(Object.values));
    const one = inserting(1);
    for (const row of rows.slice(inTens)) one.run(Object.values(row));
  };
  return {
    async lastId(table) {
      return (prepared(`SELECT coalesce(max(id), 0) AS id FROM ${table}`).get() as { id: number }).id;
    },
    async bodies(dedupes) {
      const statement = prepared("SELECT id, digest, erased_at IS NOT NULL AS erased FROM body WHERE dedupe = ?");
      return dedupes.map((dedupe) => statement.get(dedupe) as StoredBody | undefined);
    },
    async latestBodies(objects) {
      const statement = prepared(
        "SELECT body_id FROM record WHERE stream = ? AND external_id = ? AND kind = ? ORDER BY id DESC LIMIT 1",
      );
      return objects.map(
        ({ stream, kind, externalId }) =>
          (statement.get(stream, externalId, kind) as { body_id: number } | undefined)?.body_id,
      );
    },
    async insert(table, rows) {
      insertAll(table, rows, "");
    },
    async insertMissing(table, rows) {
      insertAll(table, rows, " ON CONFLICT DO NOTHING");
    },
    async setCursor({ stream, cursor, run }) {
      prepared(
        `INSERT INTO stream_state (stream, cursor, run) VALUES (?, ?, ?)
         ON CONFLICT (stream) DO UPDATE SET cursor = excluded.cursor, run = excluded.run`,
      ).run(stream, cursor, run);
    },
    async latestTotal(stream) {
      const latest = prepared("SELECT total FROM source_total WHERE stream = ? ORDER BY id DESC LIMIT 1");
      return (latest.get(stream) as { total: number } | undefined)?.total;
    },
    async project(projections) {
      const forget = prepared("DELETE FROM entity WHERE type = 'unreadable' AND key = ?");
      const put = (rows: readonly EntityRow[]) => {
        insertAll(
          "entity",
          rows,
          ` ON CONFLICT (type, key) DO UPDATE SET repository = excluded.repository, parent = excluded.parent,
             at = excluded.at, record_id = excluded.record_id, data = excluded.data
           WHERE excluded.record_id >= record_id`,
        );
      };
      // Nearly always there is none, and nothing to look for in every row.
      const unreadables =
        prepared("SELECT 1 FROM entity WHERE type = 'unreadable' LIMIT 1").get() !== undefined ||
        projections.some(({ rows }) => rows.some((row) => row.type === "unreadable"));
      if (!unreadables) return put(projections.flatMap(({ rows }) => rows));
      for (const { unreadable, rows } of projections) {
        forget.run(unreadable);
        put(rows);
      }
    },
  };
}
