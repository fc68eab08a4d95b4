import { sha256Hex } from "../util/hash.ts";
import type { Dialect, HotPath, StoredBody } from "./dialect/dialect.ts";
import type { PreparedBatch, PreparedRecord } from "./prepare.ts";
import type { Projection } from "./projection.ts";
import { recordLeaf } from "./record-leaf.ts";
import type { Tables } from "./tables.ts";

interface Candidate extends PreparedRecord {
  readonly stream: string;
  /** The same for the same object. */
  readonly object: string;
}

interface Additions {
  readonly bodies: Tables["body"][];
  readonly records: Tables["record"][];
  readonly projections: Projection[];
}

/** Stores batches in one transaction, as if one after the other; gives how many records were new. */
export async function appendBatches(dialect: Dialect, run: string, batches: readonly PreparedBatch[]): Promise<number> {
  return dialect.write(async (hot) => {
    let added = 0;
    for (const batch of batches) added += await appendBatch(hot, run, batch);
    return added;
  });
}

async function appendBatch(hot: HotPath, run: string, batch: PreparedBatch): Promise<number> {
  const exchange = (await hot.lastId("exchange")) + 1;
  const fetchedAt = batch.exchange.serverTime;
  await insertStreams(hot, batch, fetchedAt);
  const query = await insertQuery(hot, batch.exchange.operation, batch.exchange.query);
  const candidates = batch.parts.flatMap(({ stream: { id: stream }, records }) =>
    records.map((record) => ({ ...record, stream, object: `${stream}\n${record.kind}\n${record.externalId}` })),
  );
  const additions = await additionsOf(hot, candidates, { run, exchange, fetchedAt });
  await hot.insert("exchange", [exchangeRow(exchange, run, query, batch, additions.records.length)]);
  await hot.insert("body", additions.bodies);
  await hot.insert("record", additions.records);
  await hot.project(additions.projections);
  await insertStates(hot, run, batch);
  return additions.records.length;
}

const bytes = (hex: string): Uint8Array => Buffer.from(hex, "hex");

async function additionsOf(
  hot: HotPath,
  candidates: readonly Candidate[],
  { run, exchange, fetchedAt }: { run: string; exchange: number; fetchedAt: string },
): Promise<Additions> {
  const dedupes = candidates.map(({ dedupe }) => bytes(dedupe));
  const stored = await hot.bodies(dedupes);
  // An object whose body is new has changed, whatever its latest record says.
  const recognised = candidates.filter((_, index) => stored[index]);
  const latest = await hot.latestBodies(recognised);
  const latestBody = new Map(recognised.map(({ object }, index) => [object, latest[index]]));
  let bodyId = await hot.lastId("body");
  let recordId = await hot.lastId("record");
  const additions: Additions = { bodies: [], records: [], projections: [] };
  // What this batch itself adds, by content, so that a repetition within it is seen too.
  const addedBodies = new Map<string, StoredBody>();

  for (const [index, candidate] of candidates.entries()) {
    const { object, stream, kind, externalId, content } = candidate;
    const known = stored[index] ?? addedBodies.get(content);
    if (known && latestBody.get(object) === known.id) continue;
    const body = known ?? { id: bodyId + 1, digest: bytes(candidate.digest), erased: 0 };
    if (!known) {
      bodyId += 1;
      addedBodies.set(content, body);
      const { id, digest } = body;
      const dedupe = dedupes[index] as Uint8Array;
      additions.bodies.push({ id, salt: bytes(candidate.salt), content, digest, dedupe, erased_at: null });
    }
    latestBody.set(object, body.id);
    recordId += 1;
    additions.records.push({
      id: recordId,
      stream,
      kind,
      external_id: externalId,
      fetched_at: fetchedAt,
      run,
      body_id: body.id,
      exchange_id: exchange,
      leaf: known ? recordLeaf({ stream, kind, externalId, fetchedAt, run }, known.digest) : bytes(candidate.leaf),
    });
    if (body.erased) continue;
    const rows = candidate.projection.rows.map((row) => ({ ...row, record_id: recordId }));
    additions.projections.push({ ...candidate.projection, rows });
  }
  return additions;
}

function exchangeRow(
  id: number,
  run: string,
  query: string,
  { exchange }: PreparedBatch,
  added: number,
): Tables["exchange"] {
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

async function insertStreams(hot: HotPath, { parts }: PreparedBatch, seenAt: string): Promise<void> {
  const rows = parts.map(({ stream: { id, source, scopeId, kind } }) => {
    // The leaf holds the id alone, so the id must say the rest.
    const name = `${source}/${scopeId}/${kind}`;
    if (id !== name && !id.startsWith(`${name}/`)) {
      throw new TypeError(`stream ${id} is not named <source>/<scope>/<kind> after ${source}, ${scopeId}, ${kind}`);
    }
    return { id, source, scope_id: scopeId, kind, first_seen: seenAt };
  });
  await hot.insertMissing("stream", rows);
}

async function insertQuery(hot: HotPath, operation: string, text: string): Promise<string> {
  const digest = sha256Hex(text);
  await hot.insertMissing("query_text", [{ digest, operation, text }]);
  return digest;
}

async function insertStates(hot: HotPath, run: string, { exchange, parts }: PreparedBatch): Promise<void> {
  const at = exchange.serverTime;
  for (const { stream, cursor, total, coverage } of parts) {
    if (cursor !== undefined) await hot.setCursor({ stream: stream.id, cursor, run });
    if (total !== undefined && (await hot.latestTotal(stream.id)) !== total) {
      await hot.insert("source_total", [{ stream: stream.id, at, total }]);
    }
    if (coverage) {
      const { status, from, to, reason = null } = coverage;
      await hot.insert("coverage", [{ stream: stream.id, run, at, from, to, status, reason }]);
    }
  }
}
