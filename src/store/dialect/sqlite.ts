import { chmodSync, existsSync, renameSync, rmSync } from "node:fs";
import Database from "better-sqlite3";
import type { SqliteDatabase } from "kysely";
import { Kysely, SqliteDialect } from "kysely";
import { ConfigError, FlowproofError, IntegrityError } from "../../util/errors.ts";
import type { Tables } from "../tables.ts";
import type { Dialect, LeafRead } from "./dialect.ts";
import { sqliteEntities } from "./sqlite-entities.ts";
import { sqliteHotPath } from "./sqlite-hot-path.ts";

type SqliteError = InstanceType<typeof Database.SqliteError>;

interface SqliteOptions {
  readonly readonly: boolean;
  /** Only one that is there is opened, never a new one made. */
  readonly existing?: boolean;
  /** The most pages the database may have: how tests fill a disk. */
  readonly maxPages?: number;
}

/** How long a statement waits for a reader or for a backup, in milliseconds. */
const patience = 10_000;

/** Opens a database file, created where it is missing unless `readonly`. Throws ConfigError where it cannot be opened, IntegrityError where it is no database. */
export function openSqlite(path: string, options: SqliteOptions): Dialect {
  const file = openFile(path, options);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: forKysely(file) }) });
  const hot = sqliteHotPath(file);
  const readEntities = sqliteEntities(file);
  let fault: FlowproofError | undefined;
  return {
    db,
    async write(work) {
      if (fault) throw fault;
      try {
        return await db.transaction().execute((tx) => work(hot, tx));
      } catch (error) {
        if (!isDiskFault(error)) throw error;
        fault = isRefusal(error) ? refusal(path, error, mayWrite) : diskFault(path, error);
        throw fault;
      }
    },
    async entities(question, take) {
      // In turn with the transactions of this connection.
      await db.connection().execute(async () => {
        for (const rows of readEntities(question)) take(rows);
      });
    },
    async leaves(after, until) {
      // As text: a buffer of its own for each costs more than reading all the rest.
      const some = file.prepare(
        `SELECT id, stream, exchange_id, fetched_at, hex(leaf) FROM record
         WHERE id > ? AND fetched_at <= ? ORDER BY id LIMIT 20000`,
      );
      return db.connection().execute(async () => some.raw().all(after, until) as LeafRead[]);
    },
    refuse(error) {
      fault ??= error;
      return fault;
    },
    async hideEntities() {
      // A name without a schema is looked up in temp first: https://www.sqlite.org/lang_naming.html
      file.exec(`CREATE TEMP TABLE entity AS SELECT * FROM main.entity WHERE false;
        CREATE UNIQUE INDEX temp.entity_by_key ON entity (type, key);
        CREATE INDEX temp.entity_by_repository ON entity (repository, type, at);
        CREATE INDEX temp.entity_by_parent ON entity (parent, type) WHERE parent IS NOT NULL`);
    },
    ...lockOf(path),
    async backup(target) {
      const partial = `${target}.partial`;
      rmSync(partial, { force: true });
      await file.backup(partial);
      chmodSync(partial, 0o600);
      renameSync(partial, target);
    },
    async vacuumInto(target) {
      // A connection of its own: one opened for reading is in its transaction, in which VACUUM may not run.
      const own = new Database(path, { readonly: true, timeout: patience });
      try {
        own.prepare("VACUUM INTO ?").run(target);
      } catch (error) {
        if (!isDiskFault(error)) throw error;
        throw isRefusal(error) ? refusal(target, error, "Name another file.") : diskFault(target, error);
      } finally {
        own.close();
      }
    },
    async check() {
      const lines = file.pragma("integrity_check") as { integrity_check: string }[];
      return lines.map((line) => line.integrity_check).filter((line) => line !== "ok");
    },
    async close() {
      await db.destroy();
      file.close();
    },
  };
}

function diskFault(path: string, cause: SqliteError): IntegrityError {
  return new IntegrityError(`${path}: the disk refused a write (${cause.code}: ${cause.message})`, {
    cause,
    hint: "Free space or repair the disk, then run again: it goes on from what was stored.",
  });
}

const mayWrite = "Let this user write to the file and its folder.";

function refusal(path: string, cause: SqliteError, hint: string): ConfigError {
  return new ConfigError(`${path} cannot be written to (${cause.code}: ${cause.message})`, { cause, hint });
}

/** The writer's lock of the store at this path, which need not be there. */
export const lockOf = (path: string): Pick<Dialect, "lock"> => ({ lock: () => lockFile(`${path}.lock`) });

/** Carries the log into the database and drops it, so that another file may take its name: `busy` where somebody has it open, `unreadable` where it is damaged. */
export function settle(path: string): "settled" | "busy" | "unreadable" {
  let file: Database.Database | undefined;
  try {
    file = new Database(path, { timeout: 0 });
    // Alone, or refused: https://www.sqlite.org/wal.html#use_of_wal_without_shared_memory
    file.pragma("locking_mode = EXCLUSIVE");
    file.exec("BEGIN EXCLUSIVE; COMMIT");
    file.pragma("wal_checkpoint(TRUNCATE)");
    file.close();
    if (existsSync(`${path}-wal`)) return "busy";
    // Nobody else was there to whom the index of the log would matter.
    rmSync(`${path}-shm`, { force: true });
    return "settled";
  } catch (error) {
    file?.close();
    if (isSqliteError(error) && error.code.startsWith("SQLITE_BUSY")) return "busy";
    for (const log of ["-wal", "-shm"]) rmSync(`${path}${log}`, { force: true });
    return "unreadable";
  }
}

function openFile(path: string, { readonly, existing, maxPages }: SqliteOptions): Database.Database {
  const isNew = !existsSync(path);
  if (isNew && existing) throw new IntegrityError(`${path} has gone since it was opened: nothing more is stored`);
  if (isNew && readonly) {
    throw new ConfigError(`${path}: there is no store`, { hint: "Run `flowproof collect` first, or set `store:`." });
  }
  let file: Database.Database | undefined;
  try {
    file = new Database(path, { readonly, timeout: patience });
    if (isNew) chmodSync(path, 0o600);
    // Asked before anything is set, which could already change another program's file.
    const tables = file.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
    if (tables.length > 0 && !tables.includes("migration")) {
      throw new IntegrityError(`${path} is the database of another program`, {
        hint: "Name another file under `store` of the configuration.",
      });
    }
    if (!readonly) file.pragma("journal_mode = WAL");
    // SQLite opens a database in WAL mode with NORMAL, which loses acknowledged transactions with the power.
    file.pragma("synchronous = FULL");
    file.pragma("foreign_keys = ON");
    // Without it, INSERT OR REPLACE removes rows and no trigger sees it.
    file.pragma("recursive_triggers = ON");
    file.pragma("trusted_schema = OFF");
    file.pragma("cache_size = -65536");
    // A page that many transactions change is carried from the log into the file once, not every 4 MB of log.
    if (!readonly) file.pragma("wal_autocheckpoint = 8192");
    file.pragma("temp_store = MEMORY");
    if (maxPages !== undefined) file.pragma(`max_page_count = ${maxPages}`);
    if (readonly) file.exec("BEGIN; SELECT 1 FROM sqlite_master");
    return file;
  } catch (error) {
    file?.close();
    throw openError(path, error);
  }
}

function openError(path: string, error: unknown): FlowproofError {
  if (error instanceof FlowproofError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isSqliteError(error) && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code)) {
    return new IntegrityError(`${path} is no flowproof store (${message})`, {
      cause: error,
      hint: "Check `store` of the configuration, or put a backup in its place with `flowproof restore`.",
    });
  }
  return new ConfigError(`${path}: the store cannot be opened (${message})`, {
    cause: error,
    hint: existsSync(path) ? mayWrite : "The folder must exist, and this user must be able to write in it.",
  });
}

/** A reader has its one transaction already, and an error that already rolled back is not hidden by a second rollback. */
function forKysely(file: Database.Database): SqliteDatabase {
  const done = { changes: 0, lastInsertRowid: 0 };
  const nothing = { reader: false, all: () => [], run: () => done, iterate: () => [].values() };
  const isDone = (sql: string): boolean =>
    file.readonly ? ["begin", "commit", "rollback"].includes(sql) : sql === "rollback" && !file.inTransaction;
  return {
    prepare: (sql) => (isDone(sql) ? nothing : file.prepare(sql)),
    close: () => {
      file.close();
    },
  };
}

// Referred to from here, or garbage collection closes the file, and the lock is free while its holder waits for a source.
const held = new Set<Database.Database>();

function lockFile(path: string): (() => void) | undefined {
  let file: Database.Database | undefined;
  try {
    file = new Database(path, { timeout: 0 });
    file.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    file?.close();
    if (isSqliteError(error) && error.code.startsWith("SQLITE_BUSY")) return undefined;
    throw openError(path, error);
  }
  const holder = file;
  held.add(holder);
  return () => {
    held.delete(holder);
    holder.close();
  };
}

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Database.SqliteError;
}

function isDiskFault(error: unknown): error is SqliteError {
  return isSqliteError(error) && /^SQLITE_(FULL|IOERR|CORRUPT|NOTADB|READONLY|CANTOPEN)/.test(error.code);
}

/** Whether the disk is whole and only takes nothing here; a file that was moved away meanwhile is no matter of rights. */
const isRefusal = ({ code }: SqliteError): boolean => /^SQLITE_(READONLY(?!_DBMOVED)|CANTOPEN)/.test(code);
