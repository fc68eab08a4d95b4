import type { Migration } from "../../migrations/index.ts";
import type { Clock } from "../util/clock.ts";
import { instant } from "../util/clock.ts";
import { ConfigError, IntegrityError } from "../util/errors.ts";
import type { Dialect } from "./dialect/dialect.ts";

interface MigrateOptions {
  readonly path: string;
  readonly migrations: readonly Migration[];
  readonly toolVersion: string;
  readonly clock: Clock;
}

/** Whether the store has yet to see a migration. Throws IntegrityError where its schema is newer than this tool knows. */
export async function needsMigration(dialect: Dialect, options: MigrateOptions): Promise<boolean> {
  return (await versionOf(dialect, options)) < options.migrations.length;
}

/** Brings the store's schema up to date: a copy of an existing store first, then each migration in a transaction of its own. Only under the lock. */
export async function migrate(dialect: Dialect, options: MigrateOptions): Promise<void> {
  const { path, migrations, toolVersion, clock } = options;
  const from = await versionOf(dialect, options);
  const backup = `${path}.backup-${from}`;
  if (from > 0) await dialect.backup(backup);
  for (const [index, { name, up }] of migrations.entries()) {
    const version = index + 1;
    if (version <= from) continue;
    try {
      await dialect.write(async (_, tx) => {
        await up(tx.withTables<never>() as never);
        await tx
          .insertInto("migration")
          .values({ version, name, at: instant(clock()), tool: toolVersion })
          .execute();
      });
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw new IntegrityError(`${path}: migration ${version} (${name}) failed and was undone: ${message}`, {
        cause,
        hint: from > 0 ? `The store as it was before is kept in ${backup}.` : "Nothing was stored yet.",
      });
    }
  }
}

/** Throws ConfigError where a store opened for reading is older than this tool. */
export function refuseOld(path: string): never {
  throw new ConfigError(`${path}: the store was written by an older flowproof and must be migrated first`, {
    hint: "Run `flowproof collect`: it copies the store, then migrates it.",
  });
}

async function versionOf(dialect: Dialect, { path, migrations, toolVersion }: MigrateOptions): Promise<number> {
  if ((await dialect.db.introspection.getTables()).length === 0) return 0;
  const last = await dialect.db.selectFrom("migration").selectAll().orderBy("version", "desc").executeTakeFirst();
  const version = last?.version ?? 0;
  if (last && version > migrations.length) {
    const known = migrations.at(-1)?.name ?? "none";
    throw new IntegrityError(
      `${path}: the store has schema ${version} (${last.name}, by flowproof ${last.tool}), ` +
        `this flowproof ${toolVersion} knows up to ${migrations.length} (${known}); it was left untouched`,
      { hint: `Use flowproof ${last.tool} or newer.` },
    );
  }
  return version;
}
