import { randomBytes } from "node:crypto";
import type { Kysely } from "kysely";
import { sql } from "kysely";

const at = (column: string): string => `${column} TEXT NOT NULL CHECK (length(${column}) = 20)`;

const tables = [
  `migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL, ${at("at")}, tool TEXT NOT NULL)`,
  `meta (key TEXT PRIMARY KEY, value BLOB NOT NULL)`,
  `run (ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, command TEXT NOT NULL, tool TEXT NOT NULL, ${at("started_at")}, ended_at TEXT,
    outcome TEXT CHECK (outcome IN ('done', 'interrupted', 'failed')),
    CHECK ((ended_at IS NULL) = (outcome IS NULL)))`,
  `stream (id TEXT PRIMARY KEY, source TEXT NOT NULL, scope_id TEXT NOT NULL, kind TEXT NOT NULL,
    ${at("first_seen")},
    CHECK (instr(id || '/', source || '/' || scope_id || '/' || kind || '/') = 1))`,
  `query_text (digest TEXT PRIMARY KEY, operation TEXT NOT NULL, text TEXT NOT NULL)`,
  `exchange (id INTEGER PRIMARY KEY, run TEXT NOT NULL REFERENCES run (id), endpoint TEXT NOT NULL,
    query TEXT NOT NULL REFERENCES query_text, variables TEXT NOT NULL, status INTEGER NOT NULL,
    started_at TEXT NOT NULL, ${at("server_time")}, request_id TEXT, cost INTEGER, added INTEGER NOT NULL)`,
  `body (id INTEGER PRIMARY KEY, salt BLOB CHECK (length(salt) = 32), content TEXT,
    digest BLOB NOT NULL CHECK (length(digest) = 32), dedupe BLOB NOT NULL UNIQUE CHECK (length(dedupe) = 32),
    erased_at TEXT, CHECK ((content IS NULL) = (erased_at IS NOT NULL) AND (salt IS NULL) = (erased_at IS NOT NULL)))`,
  `record (id INTEGER PRIMARY KEY, stream TEXT NOT NULL REFERENCES stream, kind TEXT NOT NULL,
    external_id TEXT NOT NULL, fetched_at TEXT NOT NULL, run TEXT NOT NULL REFERENCES run (id),
    body_id INTEGER NOT NULL REFERENCES body, exchange_id INTEGER NOT NULL REFERENCES exchange,
    leaf BLOB NOT NULL CHECK (length(leaf) = 32))`,
  `leaf (position INTEGER PRIMARY KEY, record_id INTEGER NOT NULL UNIQUE REFERENCES record)`,
  `checkpoint (id INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE REFERENCES run (id), size INTEGER NOT NULL,
    root BLOB NOT NULL CHECK (length(root) = 32), frontier BLOB NOT NULL, ${at("at")})`,
  `coverage (id INTEGER PRIMARY KEY, stream TEXT NOT NULL REFERENCES stream, run TEXT NOT NULL REFERENCES run (id), ${at("at")},
    "from" TEXT NOT NULL, "to" TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('complete', 'partial', 'unobserved')), reason TEXT)`,
  `source_total (id INTEGER PRIMARY KEY, stream TEXT NOT NULL REFERENCES stream, ${at("at")}, total INTEGER NOT NULL)`,
  `stream_state (stream TEXT PRIMARY KEY REFERENCES stream, cursor TEXT NOT NULL, run TEXT NOT NULL REFERENCES run (id))`,
  `entity (id INTEGER PRIMARY KEY, type TEXT NOT NULL, key TEXT NOT NULL, repository TEXT NOT NULL, parent TEXT,
    at TEXT, record_id INTEGER NOT NULL REFERENCES record, data TEXT NOT NULL, UNIQUE (type, key))`,
];

const indexes = [
  `record_of_object ON record (stream, external_id, kind)`,
  `source_total_of_stream ON source_total (stream)`,
  `entity_by_repository ON entity (repository, type, at)`,
  `entity_by_parent ON entity (parent, type) WHERE parent IS NOT NULL`,
];

const refuse = (what: string): string => `BEGIN SELECT RAISE(ABORT, '${what}'); END`;

const appendOnly = [
  "migration",
  "stream",
  "query_text",
  "exchange",
  "record",
  "leaf",
  "checkpoint",
  "coverage",
  "source_total",
];

const triggers = [
  ...appendOnly.flatMap((table) => [
    `${table}_is_not_changed BEFORE UPDATE ON ${table} ${refuse(`evidence is not changed (${table})`)}`,
    `${table}_is_not_removed BEFORE DELETE ON ${table} ${refuse(`evidence is not removed (${table})`)}`,
  ]),
  `body_is_not_removed BEFORE DELETE ON body ${refuse("evidence is not removed (body)")}`,
  `body_is_only_erased BEFORE UPDATE ON body
    WHEN OLD.erased_at IS NOT NULL OR NEW.erased_at IS NULL OR NEW.id <> OLD.id OR NEW.digest <> OLD.digest
      OR NEW.dedupe <> OLD.dedupe
    ${refuse("a body is only erased, never changed")}`,
  `run_is_not_removed BEFORE DELETE ON run ${refuse("evidence is not removed (run)")}`,
  `run_is_only_ended BEFORE UPDATE ON run
    WHEN OLD.ended_at IS NOT NULL OR NEW.ended_at IS NULL OR NEW.ordinal <> OLD.ordinal OR NEW.id <> OLD.id
      OR NEW.command <> OLD.command
      OR NEW.tool <> OLD.tool OR NEW.started_at <> OLD.started_at
    ${refuse("a run is only ended, never changed")}`,
  `run_takes_exchanges_until_its_end BEFORE INSERT ON exchange
    WHEN (SELECT ended_at FROM run WHERE id = NEW.run) IS NOT NULL
    ${refuse("the run has ended")}`,
];

/** The evidence store as it first was: evidence that is only added to, what was last known of each stream, and the projections. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    ...tables.map((table) => `CREATE TABLE ${table} STRICT`),
    ...indexes.map((index) => `CREATE INDEX ${index}`),
    ...triggers.map((trigger) => `CREATE TRIGGER ${trigger}`),
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
  await sql`INSERT INTO meta VALUES ('hmacKey', ${randomBytes(32)})`.execute(db);
}
