import type { KeyObject } from "node:crypto";
import type { Batch, Coverage, Cursor, EvidenceRecord, Exchange, SourceRecord, Stream } from "../model/stream.ts";
import { canonicalForm, canonicalJson } from "../util/canonical-json.ts";
import { hmacSha256, sha256 } from "../util/hash.ts";
import type { Normalize, Projection } from "./projection.ts";
import { project } from "./projection.ts";
import { recordLeaf } from "./record-leaf.ts";

/** A batch as it is stored, all but what rests on what the store holds already: plain values, which a thread can be given. */
export interface PreparedBatch {
  readonly exchange: Exchange;
  readonly parts: readonly PreparedPart[];
}

/** What one exchange gave to one stream. */
interface PreparedPart {
  readonly stream: Pick<Stream, "id" | "source" | "scopeId" | "kind">;
  readonly records: readonly PreparedRecord[];
  readonly cursor: Cursor | undefined;
  readonly total: number | undefined;
  readonly coverage: Omit<Coverage, "stream"> | undefined;
}

/** A record's canonical bytes and what it says; its rows wait for the record's number. Bytes are in hexadecimal, which crosses threads fastest. */
export interface PreparedRecord {
  readonly kind: string;
  readonly externalId: string;
  readonly content: string;
  /** The keyed digest by which the body is recognised. */
  readonly dedupe: string;
  /** Of the body, where it is not stored yet. */
  readonly salt: string;
  /** SHA-256(salt || content). */
  readonly digest: string;
  /** The leaf over this digest. */
  readonly leaf: string;
  readonly projection: Projection;
}

/** What preparing needs beside the batch. */
export interface PrepareContext {
  readonly hmacKey: KeyObject;
  readonly random: (bytes: number) => Uint8Array;
  readonly normalize: Normalize;
}

const saltLength = 32;

/** Makes a batch ready to be stored. Throws whatever `normalize` throws but a SourceError of unexpected shape. */
export function prepare(context: PrepareContext, run: string, { exchange, parts }: Batch): PreparedBatch {
  return {
    exchange,
    parts: parts.map(({ stream, records, cursor, total, coverage }) => {
      const { id, source, scopeId, kind } = stream;
      const fields = { stream: id, source, scopeId, streamKind: kind, fetchedAt: exchange.serverTime, run };
      const salts = context.random(saltLength * records.length);
      const saltOf = (index: number) => salts.subarray(saltLength * index, saltLength * (index + 1));
      return {
        stream: { id, source, scopeId, kind },
        records: records.map((record, index) => prepareRecord(context, fields, record, saltOf(index))),
        cursor,
        total,
        coverage,
      };
    }),
  };
}

function prepareRecord(
  { hmacKey, normalize }: PrepareContext,
  fields: Omit<EvidenceRecord, "id" | keyof SourceRecord>,
  { kind, externalId: given, body }: SourceRecord,
  salt: Uint8Array,
): PreparedRecord {
  // What will be read from the content again is projected, so that rebuilding sees the same keys in the same order.
  const { text: content, value } = canonicalForm(body);
  const externalId = storable(given);
  const digest = sha256(salt, content);
  return {
    kind,
    externalId,
    content,
    dedupe: hmacSha256(hmacKey, content).toString("hex"),
    salt: Buffer.from(salt).toString("hex"),
    digest: digest.toString("hex"),
    leaf: Buffer.from(recordLeaf({ ...fields, kind, externalId }, digest)).toString("hex"),
    projection: project({ ...fields, id: 0, kind, externalId, body: value }, normalize),
  };
}

/** A database takes no lone surrogate: it is escaped as in bodies. */
function storable(text: string): string {
  return text.isWellFormed() ? text : (JSON.parse(canonicalJson(text)) as string);
}
