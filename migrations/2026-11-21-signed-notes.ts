import type { Kysely } from "kysely";
import { sql } from "kysely";

const tables = [
  `signed_note (checkpoint INTEGER PRIMARY KEY REFERENCES checkpoint, note TEXT NOT NULL)`,
  `timestamp_token (id INTEGER PRIMARY KEY, checkpoint INTEGER NOT NULL REFERENCES signed_note, token BLOB NOT NULL,
    authority TEXT NOT NULL)`,
];

const refuse = (what: string): string => `BEGIN SELECT RAISE(ABORT, '${what}'); END`;

const triggers = ["signed_note", "timestamp_token"].flatMap((table) => [
  `${table}_is_not_changed BEFORE UPDATE ON ${table} ${refuse(`evidence is not changed (${table})`)}`,
  `${table}_is_not_removed BEFORE DELETE ON ${table} ${refuse(`evidence is not removed (${table})`)}`,
]);

/** The notes that sign checkpoints, and the tokens of authorities that say when a note existed; both are only added to. */
export async function up(db: Kysely<never>): Promise<void> {
  const statements = [
    ...tables.map((table) => `CREATE TABLE ${table} STRICT`),
    ...triggers.map((trigger) => `CREATE TRIGGER ${trigger}`),
  ];
  for (const statement of statements) await sql.raw(statement).execute(db);
}
