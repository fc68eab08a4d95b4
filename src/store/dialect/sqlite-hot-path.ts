import type { Database, Statement } from "better-sqlite3";
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
    const statement = prepared(
      `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})${otherwise}`,
    );
    for (const row of rows) statement.run(Object.values(row));
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
          (statement.get(stream.id, externalId, kind) as { body_id: number } | undefined)?.body_id,
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
      const statement = prepared(
        `INSERT INTO entity (type, key, repository, parent, at, record_id, data) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (type, key) DO UPDATE SET repository = excluded.repository, parent = excluded.parent,
           at = excluded.at, record_id = excluded.record_id, data = excluded.data
         WHERE excluded.record_id >= record_id`,
      );
      // Nearly always there is none, and nothing to look for in every row.
      let unreadables = prepared("SELECT 1 FROM entity WHERE type = 'unreadable' LIMIT 1").get() !== undefined;
      for (const { unreadable, rows } of projections) {
        if (unreadables) forget.run(unreadable);
        unreadables ||= rows.some((row) => row.type === "unreadable");
        for (const row of rows) {
          statement.run(row.type, row.key, row.repository, row.parent, row.at, row.record_id, row.data);
        }
      }
    },
  };
}
