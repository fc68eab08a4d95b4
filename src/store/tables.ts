import type { Generated } from "kysely";
import type { StreamKind } from "../model/stream.ts";

/** The store's tables as their rows are read; the newest migration's shape. */
export interface Tables {
  migration: { version: number; name: string; at: string; tool: string };
  /** `hmacKey`: recognises equal bodies; whoever has it can try whether an erased body had a content. */
  meta: { key: string; value: Uint8Array };
  run: {
    /** The order in which runs began, whatever the clock said. */
    ordinal: Generated<number>;
    id: string;
    command: string;
    tool: string;
    started_at: string;
    ended_at: string | null;
    outcome: RunOutcome | null;
  };
  stream: { id: string; source: string; scope_id: string; kind: StreamKind; first_seen: string };
  query_text: { digest: string; operation: string; text: string };
  exchange: {
    id: number;
    run: string;
    endpoint: string;
    query: string;
    variables: string;
    status: number;
    started_at: string;
    server_time: string;
    request_id: string | null;
    cost: number | null;
    /** How many records it gave that were not stored before. */
    added: number;
  };
  body: {
    id: number;
    /** 32 random bytes; null once erased. */
    salt: Uint8Array | null;
    /** RFC 8785 JSON; null once erased. */
    content: string | null;
    /** SHA-256(salt || content). */
    digest: Uint8Array;
    /** HMAC-SHA-256 of the content under the store's key. */
    dedupe: Uint8Array;
    erased_at: string | null;
  };
  record: {
    id: number;
    stream: string;
    kind: string;
    external_id: string;
    fetched_at: string;
    run: string;
    body_id: number;
    exchange_id: number;
    leaf: Uint8Array;
  };
  leaf: { position: number; record_id: number };
  checkpoint: { id: Generated<number>; run: string; size: number; root: Uint8Array; frontier: Uint8Array; at: string };
  /** The C2SP note over a checkpoint. */
  signed_note: { checkpoint: number; note: string };
  /** RFC 3161 tokens (DER) over SHA-256 of the checkpoint's note. */
  timestamp_token: { id: Generated<number>; checkpoint: number; token: Uint8Array; authority: string };
  coverage: {
    id: Generated<number>;
    stream: string;
    run: string;
    /** The source's time at which it was said. */
    at: string;
    from: string;
    to: string;
    status: "complete" | "partial" | "unobserved";
    reason: string | null;
  };
  /** The source's own count each time it was another. */
  source_total: { id: Generated<number>; stream: string; at: string; total: number };
  stream_state: { stream: string; cursor: string; run: string };
  entity: {
    id: Generated<number>;
    type: string;
    key: string;
    repository: string;
    parent: string | null;
    at: string | null;
    record_id: number;
    data: string;
  };
}

export type RunOutcome = "done" | "interrupted" | "failed";
/** A projection as it is written; its row number is the database's own. */
export type EntityRow = Omit<Tables["entity"], "id">;
