import type { Kysely } from "kysely";
import type { Coverage, Cursor, EvidenceRecord, StreamKind } from "../model/stream.ts";
import { parseCanonicalJson } from "../util/canonical-json.ts";
import { chunks } from "./chunks.ts";
import type { RecordRow } from "./store.ts";
import type { Tables } from "./tables.ts";

type Db = Kysely<Tables>;

/** A record with its body as they are stored; content and salt are null once erased. */
export interface StoredRecord extends Omit<Tables["record"], "exchange_id"> {
  readonly source: string;
  readonly scope_id: string;
  readonly stream_kind: StreamKind;
  readonly content: string | null;
  readonly salt: Uint8Array | null;
  readonly digest: Uint8Array;
  readonly dedupe: Uint8Array;
  /** Its place in the ledger; null until the next checkpoint. */
  readonly position: number | null;
}

/** Records with their bodies, in the order of ids. */
export const storedRecords = (db: Db) =>
  db
    .selectFrom("record")
    .innerJoin("stream", "stream.id", "record.stream")
    .innerJoin("body", "body.id", "record.body_id")
    .leftJoin("leaf", "leaf.record_id", "record.id")
    .select([
      "record.id",
      "record.stream",
      "record.kind",
      "record.external_id",
      "record.fetched_at",
      "record.run",
      "record.body_id",
      "record.leaf",
      "stream.source",
      "stream.scope_id",
      "stream.kind as stream_kind",
      "body.content",
      "body.salt",
      "body.digest",
      "body.dedupe",
      "leaf.position",
    ])
    .orderBy("record.id");

const portion = 1_000;

/** After every instant there is: the cut-off of a store that is read as it stands. */
export const forever = "9999-12-31T23:59:59Z";

/** Whether any record was fetched after an instant. */
export async function hasLaterRecords(db: Db, until: string): Promise<boolean> {
  const later = db.selectFrom("exchange").select("id").where("server_time", ">", until).where("added", ">", 0).limit(1);
  return (await later.executeTakeFirst()) !== undefined;
}

/** Every record fetched until then, in the order of ids, some at a time: a ledger need not fit in memory. */
export async function* recordsInOrder(db: Db, until = forever): AsyncGenerator<readonly StoredRecord[]> {
  for (let after = 0; ; ) {
    const rows = await storedRecords(db)
      .where("record.id", ">", after)
      .where("record.fetched_at", "<=", until)
      .limit(portion)
      .execute();
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last.id;
  }
}

/** The record with its body, as `normalize` reads it; undefined once erased. */
export function evidenceRecord(row: StoredRecord): EvidenceRecord | undefined {
  if (row.content === null) return undefined;
  return {
    stream: row.stream,
    kind: row.kind,
    externalId: row.external_id,
    fetchedAt: row.fetched_at,
    run: row.run,
    id: row.id,
    source: row.source,
    scopeId: row.scope_id,
    streamKind: row.stream_kind,
    body: parseCanonicalJson(row.content),
  };
}

/** A stream's records fetched until then, oldest first, without the erased. */
export async function recordsOfStream(db: Db, stream: string, until: string): Promise<readonly EvidenceRecord[]> {
  const rows = await storedRecords(db)
    .where("record.stream", "=", stream)
    .where("record.fetched_at", "<=", until)
    .execute();
  return rows.map(evidenceRecord).filter((record) => record !== undefined);
}

/** What the records fetched until then are, without bodies, by id. */
export async function recordRows(db: Db, ids: readonly number[], until: string): Promise<readonly RecordRow[]> {
  const found: RecordRow[] = [];
  for (const some of chunks([...new Set(ids)].sort((a, b) => a - b))) {
    const rows = await db
      .selectFrom("record")
      .selectAll()
      .where("id", "in", some)
      .where("fetched_at", "<=", until)
      .orderBy("id")
      .execute();
    for (const { id, leaf, stream, kind, external_id, fetched_at, run } of rows) {
      const hex = Buffer.from(leaf).toString("hex");
      found.push({ id, leaf: hex, stream, kind, externalId: external_id, fetchedAt: fetched_at, run });
    }
  }
  return found;
}

/** What the source gave; undefined once erased. Throws RangeError for an id unknown until then. */
export async function recordBody(db: Db, id: number, until: string): Promise<unknown> {
  const row = await db
    .selectFrom("record")
    .innerJoin("body", "body.id", "record.body_id")
    .select("content")
    .where("record.id", "=", id)
    .where("record.fetched_at", "<=", until)
    .executeTakeFirst();
  if (!row) throw new RangeError(`there is no record r${id}`);
  return row.content === null ? undefined : parseCanonicalJson(row.content);
}

/** Where each of these streams goes on; one without a cursor has no entry. */
export async function cursorsOf(db: Db, streams: readonly string[]): Promise<ReadonlyMap<string, Cursor>> {
  const cursors = new Map<string, Cursor>();
  for (const some of chunks(streams)) {
    const rows = await db.selectFrom("stream_state").select(["stream", "cursor"]).where("stream", "in", some).execute();
    for (const { stream, cursor } of rows) cursors.set(stream, cursor);
  }
  return cursors;
}

/** What was said of each stream until then, and of the time until then, in the order it was said. */
export async function coverageOf(
  db: Db,
  until: string,
  source?: string,
): Promise<readonly (Coverage & { readonly run: string })[]> {
  let query = db
    .selectFrom("coverage")
    .innerJoin("stream", "stream.id", "coverage.stream")
    .selectAll("coverage")
    .where("coverage.at", "<=", until)
    .where("coverage.from", "<=", until)
    .orderBy("coverage.id");
  if (source !== undefined) query = query.where("stream.source", "=", source);
  const rows = await query.execute();
  return rows.map(({ stream, run, status, from, to, reason }) => ({
    stream,
    run,
    status,
    from,
    to: to < until ? to : until,
    ...(reason === null ? {} : { reason }),
  }));
}
