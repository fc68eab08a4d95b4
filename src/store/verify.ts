import type { KeyObject } from "node:crypto";
import type { Transaction } from "kysely";
import type { NoteKey } from "../ledger/checkpoint-note.ts";
import { hmacSha256, sha256, sha256Hex } from "../util/hash.ts";
import type { Dialect } from "./dialect/dialect.ts";
import type { StoredRecord } from "./evidence.ts";
import { evidenceRecord, recordsInOrder } from "./evidence.ts";
import type { Normalize } from "./projection.ts";
import { project } from "./projection.ts";
import { recordLeaf } from "./record-leaf.ts";
import type { EntityRow, Tables } from "./tables.ts";
import { ledgerCheck } from "./verify-ledger.ts";
import { notesCheck } from "./verify-notes.ts";

interface VerifyContext {
  readonly dialect: Dialect;
  readonly hmacKey: KeyObject;
  readonly normalize: Normalize;
  /** The key that the notes are held against. */
  readonly key: NoteKey | undefined;
  readonly onProgress: (records: number) => void;
}

/** Recomputes everything from the stored bytes; a sentence for each record, checkpoint or projection that differs. */
export async function verifyStore(context: VerifyContext): Promise<readonly string[]> {
  const damage = (await context.dialect.check()).map((line) => `the database file is damaged: ${line}`);
  // One transaction sees one state, whatever a collector adds meanwhile.
  return [...damage, ...(await context.dialect.db.transaction().execute((tx) => contentCheck(tx, context)))];
}

async function contentCheck(
  db: Transaction<Tables>,
  { hmacKey, normalize, key, onProgress }: VerifyContext,
): Promise<readonly string[]> {
  const problems: string[] = [];
  const ledger = await ledgerCheck(db);
  const expected = new Map<string, Expected>();
  let read = 0;
  for await (const rows of recordsInOrder(db)) {
    read += rows.length;
    onProgress(read);
    for (const row of rows) {
      const { digest, differences } = bodyCheck(row, hmacKey);
      const leaf = recordLeaf({ ...row, externalId: row.external_id, fetchedAt: row.fetched_at }, digest);
      if (!same(leaf, row.leaf)) differences.push("what the ledger holds of it is something else");
      differences.push(...ledger.next(row, leaf), ...expect(row, normalize, expected));
      if (differences.length > 0) problems.push(`${nameOf(row)}: ${differences.join("; ")}`);
    }
  }
  return [...problems, ...ledger.end(), ...(await notesCheck(db, key)), ...(await projectionCheck(db, expected))];
}

function nameOf({ id, stream, kind, external_id }: StoredRecord): string {
  return `r${id} (${stream}, ${kind} ${external_id})`;
}

/** The digest that the stored bytes have; of an erased body, the one that was kept. */
function bodyCheck(row: StoredRecord, hmacKey: KeyObject): { digest: Uint8Array; differences: string[] } {
  const { content, salt } = row;
  if (content === null || salt === null) return { digest: row.digest, differences: [] };
  const digest = sha256(salt, content);
  const differences: string[] = [];
  if (!same(digest, row.digest)) differences.push("its body is not the one that was stored");
  if (!same(hmacSha256(hmacKey, content), row.dedupe)) differences.push("the key it is recognised by was changed");
  return { digest, differences };
}

interface Expected {
  readonly record: number;
  readonly digest: string;
}

const nameOfEntity = ({ type, key }: Pick<EntityRow, "type" | "key">): string => `${type} ${key}`;

/** Adds what the record says to what the projections must be; tells why nothing can be said of it. */
function expect(row: StoredRecord, normalize: Normalize, expected: Map<string, Expected>): readonly string[] {
  try {
    const record = evidenceRecord(row);
    if (!record) return [];
    const { unreadable, rows } = project(record, normalize);
    expected.delete(nameOfEntity({ type: "unreadable", key: unreadable }));
    for (const entity of rows) expected.set(nameOfEntity(entity), { record: row.id, digest: digestOf(entity) });
    return [];
  } catch (error) {
    return [`it cannot be read (${error instanceof Error ? error.message : String(error)})`];
  }
}

/** Projections are what packs are made from: one that says something else than its record is as grave as a changed record. */
async function projectionCheck(db: Transaction<Tables>, expected: Map<string, Expected>): Promise<readonly string[]> {
  const problems: string[] = [];
  for (let after = 0; ; ) {
    const rows = await db.selectFrom("entity").selectAll().where("id", ">", after).orderBy("id").limit(1_000).execute();
    for (const row of rows) {
      const name = nameOfEntity(row);
      const projection = expected.get(name);
      expected.delete(name);
      if (!projection) problems.push(`${name}: no readable record says so (it names r${row.record_id})`);
      else if (projection.digest !== digestOf(row))
        problems.push(`${name}: differs from its record r${projection.record}`);
    }
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
  }
  return [...problems, ...Array.from(expected, ([name, { record }]) => `${name}: missing, though r${record} says so`)];
}

function digestOf({ repository, parent, at, record_id, data }: EntityRow): string {
  return sha256Hex(JSON.stringify([repository, parent, at, record_id, data]));
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
