import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { Entity } from "../../../src/model/entity.ts";
import type { Batch, EvidenceRecord, Part, SourceRecord, Stream, StreamKind } from "../../../src/model/stream.ts";
import type { Store, StoreOptions } from "../../../src/store/index.ts";
import { openStore } from "../../../src/store/index.ts";

/** A folder of the test's own, and the path of the store in it. */
export function freshFolder(): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "flowproof-store-"));
  return { path: join(folder, "evidence.db"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Each body lists the entities it stands for: the store must not care what they mean. */
function normalize(record: EvidenceRecord): readonly Entity[] {
  const { heads = [] } = record.body as { heads?: readonly { name: string; oid: string; at?: string }[] };
  return heads.map(({ name, oid, at = record.fetchedAt }) => ({
    type: "branchHead",
    key: `${record.source}/${record.scopeId}/heads/${name}`,
    repository: `${record.source}/${record.scopeId}`,
    branch: name,
    oid,
    observedAt: at,
  }));
}

export const optionsFor = (path: string, more: Partial<StoreOptions> = {}): StoreOptions => ({
  path,
  clock: () => new Date("2026-11-02T03:00:00Z"),
  normalize,
  toolVersion: "0.1.0",
  ...more,
});

export const open = (path: string, more: Partial<StoreOptions> = {}): Promise<Store> =>
  openStore(optionsFor(path, more));

export function stream(kind: StreamKind = "commits", scopeId = "4711", source = "github"): Stream {
  return {
    id: `${source}/${scopeId}/${kind}`,
    source,
    kind,
    scopeId,
    scopeName: "riverbank/payments",
    since: "2026-01-01T00:00:00Z",
  };
}

/** An object whose body says where one branch stood. */
export const head = (name: string, oid: string, at?: string): SourceRecord => ({
  kind: "head",
  externalId: name,
  body: { heads: [{ name, oid, ...(at === undefined ? {} : { at }) }] },
});

export function batch(
  records: readonly SourceRecord[],
  more: Partial<Part> = {},
  serverTime = "2026-11-02T03:00:01Z",
): Batch {
  return {
    exchange: {
      endpoint: "https://api.github.example/graphql",
      operation: "Heads",
      query: "query Heads { heads }",
      variables: "{}",
      status: 200,
      startedAt: "2026-11-02T03:00:00Z",
      serverTime,
    },
    parts: [{ stream: stream(), records, ...more }],
  };
}

/** What somebody with the file and a SQLite shell could do. */
export function withShell<T>(path: string, work: (file: Database.Database) => T): T {
  const file = new Database(path);
  try {
    return work(file);
  } finally {
    file.close();
  }
}

/** Removes the triggers on a table, as whoever owns the file can. */
export function dropTriggers(file: Database.Database, table: string): void {
  const triggers = file.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?").all(table);
  for (const { name } of triggers as { name: string }[]) file.exec(`DROP TRIGGER ${name}`);
}

/** The rows of a table as they are stored, without the projections' own row numbers. */
export function rowsOf(path: string, table: string, columns = "*", order = "1"): unknown[] {
  return withShell(path, (file) => file.prepare(`SELECT ${columns} FROM ${table} ORDER BY ${order}`).all());
}
