import type { Checkpoint } from "../ledger/checkpoint.ts";
import type { NoteKey } from "../ledger/checkpoint-note.ts";
import type { LeafFields } from "../ledger/leaf.ts";
import type { SigningKey } from "../ledger/signing-key.ts";
import type { Entity, EntityOf, EntityType, Seen } from "../model/entity.ts";
import type { Batch, Coverage, Cursor, EvidenceRecord, StreamKind } from "../model/stream.ts";
import type { Clock } from "../util/clock.ts";
import type { RunOutcome } from "./tables.ts";

/** How a store is opened. */
export interface StoreOptions {
  readonly path: string;
  readonly clock: Clock;
  /** What a record says, in our words: pure, so that projections can be made again. */
  readonly normalize: (record: EvidenceRecord) => readonly Entity[];
  readonly toolVersion: string;
  /** Opens what is there, without lock or migration, and stays with the state of that moment: for reports beside a running collection. */
  readonly readonly?: boolean;
  /**
   * Only with `readonly`: the store as it stood at this instant, whatever was collected since. What was fetched or said
   * later does not exist, by the source's time; runs and checkpoints are cut by the collector's own. Cursors are not kept
   * and the ledger is verified as a whole, so neither can be asked for.
   */
  readonly asOf?: string;
  /** Only with `asOf`: entities are made from the records even where the stored ones would do, so that these need not be believed. */
  readonly anew?: boolean;
  /** Signs every checkpoint that a run ends with; absent: they are not signed. */
  readonly signer?: SigningKey;
  /** Where salts and run ids come from, the operating system's by default; given only so that a golden file repeats. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** One execution of collecting; `outcome` is null while it runs, or after it died until the next one begins. */
export interface RunRow {
  readonly id: string;
  readonly command: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly outcome: RunOutcome | null;
  readonly requests: number;
  readonly records: number;
  readonly toolVersion: string;
}

/** A query as it was sent, by the SHA-256 of its text, and how often. */
export interface QueryRow {
  readonly operation: string;
  readonly digest: string;
  readonly text: string;
  readonly endpoint: string;
  readonly requests: number;
}

/** One request as a run sent it: `variables` is JSON, `digest` that of the query's text. */
export interface RequestRow {
  readonly run: string;
  readonly operation: string;
  readonly digest: string;
  readonly endpoint: string;
  readonly variables: string;
}

/** One kind of evidence as it was listed: the requests that gave its records, the first of them begun and the last record given when, and SHA-256 over the records' leaves in their order. */
export interface ListingRow {
  readonly kind: StreamKind;
  readonly requests: readonly Pick<QueryRow, "operation" | "digest" | "endpoint" | "requests">[];
  readonly first: string;
  readonly last: string;
  readonly records: number;
  readonly digest: string;
}

/** A record as packs refer to it; `leaf` is its RFC 6962 leaf hash in hexadecimal. */
export interface RecordRow {
  readonly id: number;
  readonly leaf: string;
  readonly stream: string;
  readonly kind: string;
  readonly externalId: string;
  readonly fetchedAt: string;
  readonly run: string;
}

/** What an authority said of a checkpoint: an RFC 3161 token (DER) over SHA-256 of its note, and the authority's address. */
export interface TimestampToken {
  readonly token: Uint8Array;
  readonly authority: string;
}

/** That records are under a root: their leaves by place, one multi-proof for all of them, and by older size the RFC 6962 proof that the newer continues it. */
export interface RecordProof {
  readonly leaves: readonly { readonly id: number; readonly position: number; readonly leaf: Uint8Array }[];
  readonly proof: readonly Uint8Array[];
  readonly consistency: ReadonlyMap<number, readonly Uint8Array[]>;
}

/** A record with what its leaf (hexadecimal) commits to; salt (hexadecimal) and canonical body are absent once erased. */
export interface EvidenceRow {
  readonly id: number;
  readonly position: number;
  readonly leaf: string;
  readonly fields: LeafFields;
  readonly salt?: string;
  readonly content?: string;
}

/** Which entities are wanted: each list by its own column, all that are given must hold; [from, to) is about `at`. */
export interface EntityFilter {
  readonly repositories?: readonly string[];
  readonly parents?: readonly string[];
  readonly keys?: readonly string[];
  readonly from?: string;
  readonly to?: string;
}

/** Keeps evidence and answers questions about it. What it acknowledged survives the process and the power. */
export interface Store {
  /** Takes the writer's lock until {@link Store.close}; writing takes it where nobody did. Throws LockedError naming who holds it. */
  lock(holder: string): Promise<void>;
  /** Begins a run and marks those that died before as interrupted; gives its id. */
  beginRun(command: string): Promise<string>;
  /** Stores the batches in their order, all of them or nothing, durable once it resolves; an object equal to its latest record gives no new one. What `normalize` finds of unexpected shape is stored all the same and becomes `unreadable`; what else it throws rejects. Called again before it resolved, it stores the later batches after the earlier ones, or none where those fail. */
  append(run: string, ...batches: readonly Batch[]): Promise<{ added: number }>;
  /** Ends a run: every record without a place in the ledger gets one, and the root is stored, signed where a signer is given. Throws IntegrityError rather than sign what contradicts an earlier checkpoint. */
  endRun(run: string, outcome: RunOutcome): Promise<Checkpoint>;
  cursors(streams: readonly string[]): Promise<ReadonlyMap<string, Cursor>>;
  /** In the order in which it was said. */
  coverage(filter?: { readonly source?: string }): Promise<readonly (Coverage & { readonly run: string })[]>;
  /** Oldest first. */
  runs(): Promise<readonly RunRow[]>;
  /** By operation, then digest and endpoint; of all runs, or of those named. */
  queries(runs?: readonly string[]): Promise<readonly QueryRow[]>;
  /** Every request of the runs named, in the order in which they were answered. */
  requests(runs: readonly string[]): Promise<readonly RequestRow[]>;
  /** What these sources gave, by kind of stream. */
  listings(sources: readonly string[]): Promise<readonly ListingRow[]>;
  /** Per stream id: distinct objects stored of what the stream is named after, readable or not, and the source's own latest count where it gave one. */
  totals(): Promise<ReadonlyMap<string, { readonly stored: number; readonly sourceTotal: number | null }>>;
  /** Ordered by time (none first), then key, as code units sort. */
  entities<T extends EntityType>(type: T, filter?: EntityFilter): Promise<readonly Seen<EntityOf<T>>[]>;
  /** Every entity of a type, in no order: for what is kept of few of them, so that all need not be in memory. */
  eachEntity<T extends EntityType>(type: T, visit: (entity: Seen<EntityOf<T>>) => void): Promise<void>;
  /** What records before these said of the same objects, oldest first: where the source has forgotten since what it said then. */
  earlierEntities(records: readonly number[]): Promise<readonly Seen<Entity>[]>;
  /** By id; an id that is not stored is left out. */
  records(ids: readonly number[]): Promise<readonly RecordRow[]>;
  /** What the source gave, as plain JSON; undefined once erased. Throws RangeError for an unknown id. */
  recordBody(id: number): Promise<unknown>;
  /** Oldest first, without the erased. */
  recordsOfStream(stream: string): Promise<readonly EvidenceRecord[]>;
  /** The latest; undefined before the first run ended. */
  checkpoint(): Promise<Checkpoint | undefined>;
  /** Every one, oldest first. */
  checkpoints(): Promise<readonly Checkpoint[]>;
  /** Keeps an authority's token over the checkpoint's note. Throws RangeError where it is no signed checkpoint of this store. */
  addTimestamp(checkpoint: Checkpoint, timestamp: TimestampToken): Promise<void>;
  /** The first token kept for the checkpoint's note. */
  timestampOf(checkpoint: Checkpoint): Promise<TimestampToken | undefined>;
  /** Shows that the records named are among the first `size` of the ledger, and that these continue the first `from`. Throws RangeError where one is not. */
  proofOf(
    ids: readonly number[],
    under: { readonly size: number; readonly from?: readonly number[] },
  ): Promise<RecordProof>;
  /** The records named, by their place in the ledger. Throws RangeError for one that has none yet. */
  evidence(ids: readonly number[]): AsyncIterable<EvidenceRow>;
  /** Recomputes every digest, leaf, root, note and projection from the stored bytes; a sentence for each that differs, naming the record. Signatures are held against the key, the signer's where none is given; those of other keys are not checked ({@link signedStretches} tells them). `onProgress` hears now and then how many records were read. */
  verify(key?: NoteKey, onProgress?: (records: number) => void): Promise<readonly string[]>;
  /** Drops the projections and makes them again from the records, by what `normalize` can read today. */
  rebuild(): Promise<{ records: number; entities: number }>;
  /** Writes the store as it stands, whoever is writing, into a new file; unverified, and in parts where it throws: {@link backupStore} is for people. */
  copyTo(file: string): Promise<void>;
  close(): Promise<void>;
}
