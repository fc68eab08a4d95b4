import type { KeyObject } from "node:crypto";
import type { Batch, SourceRecord, Stream } from "../model/stream.ts";
import { canonicalForm, canonicalJson } from "../util/canonical-json.ts";
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
  /** What will be read from the content again, so that rebuilding sees the same keys in the same order. */
  readonly body: unknown;
  readonly dedupe: Uint8Array;
}

const saltLength = 32;

interface Additions {
  readonly bodies: Tables["body"][];
  readonly records: Tables["record"][];
  readonly projections: Projection[];
}

/** Stores batches in one transaction, as if one after the other; gives how many records were new. */
export async function appendBatches(context: AppendContext, run: string, batches: readonly Batch[]): Promise<number> {
  const prepared = batches.map((batch) => ({
    batch,
    candidates: batch.parts.flatMap(({ stream, records }) =>
      records.map((record) => candidate(stream, record, context.hmacKey)),
    ),
  }));
  return context.dialect.write(async (hot) => {
    let added = 0;
    for (const { batch, candidates } of prepared) added += await appendBatch(context, hot, run, batch, candidates);
    return added;
  });
}

async function appendBatch(
  context: AppendContext,
  hot: HotPath,
  run: string,
  batch: Batch,
  candidates: readonly Candidate[],
): Promise<number> {
  const exchange = (await hot.lastId("exchange")) + 1;
  const fetchedAt = batch.exchange.serverTime;
  await insertStreams(
    hot,
    batch.parts.map((part) => part.stream),
    fetchedAt,
  );
  const query = await insertQuery(hot, batch.exchange.operation, batch.exchange.query);
  const additions = await additionsOf(context, hot, candidates, { run, exchange, fetchedAt });
  await hot.insert("exchange", [exchangeRow(exchange, run, query, batch, additions.records.length)]);
  await hot.insert("body", additions.bodies);
  await hot.insert("record", additions.records);
  await hot.project(additions.projections);
  await insertStates(hot, run, batch);
  return additions.records.length;
}

function candidate(stream: Stream, { kind, externalId, body }: SourceRecord, hmacKey: KeyObject): Candidate {
  const { text: content, value } = canonicalForm(body);
  const id = storable(externalId);
  const object = `${stream.id}\n${kind}\n${id}`;
  return { object, stream, kind, externalId: id, content, body: value, dedupe: hmacSha256(hmacKey, content) };
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

  for (const [index, { object, stream, kind, externalId, content, body: value, dedupe }] of candidates.entries()) {
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
    const record = { ...fields, id: recordId, source, scopeId, streamKind, body: value };
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

async function insertStreams(hot: HotPath, streams: readonly Stream[], seenAt: string): Promise<void> {
  const rows = streams.map(({ id, source, scopeId, kind }) => {
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

async function insertStates(hot: HotPath, run: string, { exchange, parts }: Batch): Promise<void> {
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
