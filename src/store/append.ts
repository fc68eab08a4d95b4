import type { KeyObject } from "node:crypto";
import type { Transaction } from "kysely";
import type { Batch, SourceRecord, Stream } from "../model/stream.ts";
import { canonicalJson, parseCanonicalJson } from "../util/canonical-json.ts";
import { hmacSha256, sha256, sha256Hex } from "../util/hash.ts";
import type { Dialect, HotPath, StoredBody } from "./dialect/dialect.ts";
import type { Normalize, Projection } from "./projection.ts";
import { project } from "./projection.ts";
import { recordLeaf } from "./record-leaf.ts";
import type { Tables } from "./tables.ts";

interface AppendContext {
  readonly dialect: Dialect;
  readonly hmacKey: KeyObject;
  readonly random: (bytes: number) => Uint8Array;
  readonly normalize: Normalize;
}

interface Candidate {
  /** The same for the same object. */
  readonly object: string;
  readonly stream: Stream;
  readonly kind: string;
  readonly externalId: string;
  readonly content: string;
  readonly dedupe: Uint8Array;
}

const saltLength = 32;

interface Additions {
  readonly bodies: Tables["body"][];
  readonly records: Tables["record"][];
  readonly projections: Projection[];
}

/** Stores a batch in one transaction; gives how many records were new. */
export async function appendBatch(context: AppendContext, run: string, batch: Batch): Promise<number> {
  const candidates = batch.parts.flatMap(({ stream, records }) =>
    records.map((record) => candidate(stream, record, context.hmacKey)),
  );
  return context.dialect.write(async (hot, tx) => {
    const exchange = (await hot.lastId("exchange")) + 1;
    const fetchedAt = batch.exchange.serverTime;
    await insertStreams(
      tx,
      batch.parts.map((part) => part.stream),
      fetchedAt,
    );
    const query = await insertQuery(tx, batch.exchange.operation, batch.exchange.query);
    const additions = await additionsOf(context, hot, candidates, { run, exchange, fetchedAt });
    await hot.insert("exchange", [exchangeRow(exchange, run, query, batch, additions.records.length)]);
    await hot.insert("body", additions.bodies);
    await hot.insert("record", additions.records);
    await hot.project(additions.projections);
    await insertStates(tx, run, batch);
    return additions.records.length;
  });
}

function candidate(stream: Stream, { kind, externalId, body }: SourceRecord, hmacKey: KeyObject): Candidate {
  const content = canonicalJson(body);
  const id = storable(externalId);
  const object = `${stream.id}\n${kind}\n${id}`;
  return { object, stream, kind, externalId: id, content, dedupe: hmacSha256(hmacKey, content) };
}

/** A database takes no lone surrogate: it is escaped as in bodies. */
function storable(text: string): string {
  return text.isWellFormed() ? text : (JSON.parse(canonicalJson(text)) as string);
}

async function additionsOf(
  context: AppendContext,
  hot: HotPath,
  candidates: readonly Candidate[],
  { run, exchange, fetchedAt }: { run: string; exchange: number; fetchedAt: string },
): Promise<Additions> {
  const stored = await hot.bodies(candidates.map(({ dedupe }) => dedupe));
  // An object whose body is new has changed, whatever its latest record says.
  const recognised = candidates.filter((_, index) => stored[index]);
  const latest = await hot.latestBodies(recognised);
  const latestBody = new Map(recognised.map(({ object }, index) => [object, latest[index]]));
  const salts = context.random(saltLength * (candidates.length - recognised.length));
  let bodyId = await hot.lastId("body");
  let recordId = await hot.lastId("record");
  const additions: Additions = { bodies: [], records: [], projections: [] };
  // What this batch itself adds, by content, so that a repetition within it is seen too.
  const addedBodies = new Map<string, StoredBody>();

  for (const [index, { object, stream, kind, externalId, content, dedupe }] of candidates.entries()) {
    let body = stored[index] ?? addedBodies.get(content);
    if (body && latestBody.get(object) === body.id) continue;
    if (!body) {
      const salt = salts.subarray(saltLength * additions.bodies.length, saltLength * (additions.bodies.length + 1));
      bodyId += 1;
      body = { id: bodyId, digest: sha256(salt, content), erased: 0 };
      addedBodies.set(content, body);
      additions.bodies.push({ id: bodyId, salt, content, digest: body.digest, dedupe, erased_at: null });
    }
    latestBody.set(object, body.id);
    recordId += 1;
    const fields = { stream: stream.id, kind, externalId, fetchedAt, run };
    additions.records.push({
      id: recordId,
      stream: stream.id,
      kind,
      external_id: externalId,
      fetched_at: fetchedAt,
      run,
      body_id: body.id,
      exchange_id: exchange,
      leaf: recordLeaf(fields, body.digest),
    });
    if (body.erased) continue;
    const { source, scopeId, kind: streamKind } = stream;
    // The body as it will be read again, so that rebuilding sees the same keys in the same order.
    const record = { ...fields, id: recordId, source, scopeId, streamKind, body: parseCanonicalJson(content) };
    additions.projections.push(project(record, context.normalize));
  }
  return additions;
}

function exchangeRow(id: number, run: string, query: string, { exchange }: Batch, added: number): Tables["exchange"] {
  return {
    id,
    run,
    endpoint: exchange.endpoint,
    query,
    variables: exchange.variables,
    status: exchange.status,
    started_at: exchange.startedAt,
    server_time: exchange.serverTime,
    request_id: exchange.requestId ?? null,
    cost: exchange.cost ?? null,
    added,
  };
}

async function insertStreams(tx: Transaction<Tables>, streams: readonly Stream[], seenAt: string): Promise<void> {
  for (const { id, source, scopeId, kind } of new Map(streams.map((stream) => [stream.id, stream])).values()) {
    // The leaf holds the id alone, so the id must say the rest.
    const name = `${source}/${scopeId}/${kind}`;
    if (id !== name && !id.startsWith(`${name}/`)) {
      throw new TypeError(`stream ${id} is not named <source>/<scope>/<kind> after ${source}, ${scopeId}, ${kind}`);
    }
    await tx
      .insertInto("stream")
      .values({ id, source, scope_id: scopeId, kind, first_seen: seenAt })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

async function insertQuery(tx: Transaction<Tables>, operation: string, text: string): Promise<string> {
  const digest = sha256Hex(text);
  await tx
    .insertInto("query_text")
    .values({ digest, operation, text })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return digest;
}

async function insertStates(tx: Transaction<Tables>, run: string, { exchange, parts }: Batch): Promise<void> {
  const at = exchange.serverTime;
  for (const { stream, cursor, total, coverage } of parts) {
    if (cursor !== undefined) {
      await tx
        .insertInto("stream_state")
        .values({ stream: stream.id, cursor, run })
        .onConflict((conflict) => conflict.column("stream").doUpdateSet({ cursor, run }))
        .execute();
    }
    if (total !== undefined) await insertTotal(tx, { stream: stream.id, at, total });
    if (coverage) {
      const { status, from, to, reason = null } = coverage;
      await tx.insertInto("coverage").values({ stream: stream.id, run, at, from, to, status, reason }).execute();
    }
  }
}

async function insertTotal(
  tx: Transaction<Tables>,
  said: { stream: string; at: string; total: number },
): Promise<void> {
  const latest = await tx
    .selectFrom("source_total")
    .select("total")
    .where("stream", "=", said.stream)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (latest?.total !== said.total) await tx.insertInto("source_total").values(said).execute();
}
