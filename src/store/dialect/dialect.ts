import type { Insertable, Kysely, Transaction } from "kysely";
import type { FlowproofError } from "../../util/errors.ts";
import type { Projection } from "../projection.ts";
import type { Tables } from "../tables.ts";

/** The tables that a batch fills row by row. */
export type HotTable = "exchange" | "body" | "record" | "leaf" | "coverage" | "source_total";

/** A body as it is recognised again; `erased` is 0 or 1. */
export interface StoredBody {
  readonly id: number;
  readonly digest: Uint8Array;
  readonly erased: number;
}

/** The statements run once for every record: compiled once, valid only inside {@link Dialect.write}. */
export interface HotPath {
  /** The highest id in use, 0 in an empty table. */
  lastId(table: "exchange" | "body" | "record"): Promise<number>;
  /** The bodies with these dedupe digests, in their order; undefined for one not stored. */
  bodies(dedupes: readonly Uint8Array[]): Promise<readonly (StoredBody | undefined)[]>;
  /** The body of each object's latest record, in order; undefined for an object never seen. */
  latestBodies(
    objects: readonly {
      readonly stream: string;
      readonly kind: string;
      readonly externalId: string;
    }[],
  ): Promise<readonly (number | undefined)[]>;
  /** Every row has the same columns, in the same order. */
  insert<T extends HotTable>(table: T, rows: readonly Insertable<Tables[T]>[]): Promise<void>;
  /** Inserts the rows whose key is not there yet. */
  insertMissing<T extends "stream" | "query_text">(table: T, rows: readonly Tables[T][]): Promise<void>;
  setCursor(state: Tables["stream_state"]): Promise<void>;
  /** The source's latest count of a stream's objects; undefined where it never said. */
  latestTotal(stream: string): Promise<number | undefined>;
  /** Applies projections in their order; a row replaces that of the same type and key where its record is not later. */
  project(projections: readonly Projection[]): Promise<void>;
}

/** What entities are found by. */
export type EntityColumn = "key" | "parent" | "repository";

/** Entities of a type, all or those with one of the values in a column; [from, to) is about `at`. Values are well-formed. */
export interface EntityQuestion {
  readonly type: string;
  readonly list?: { readonly column: EntityColumn; readonly values: ReadonlySet<string> };
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Columns that are wanted besides. */
  readonly held: readonly EntityColumn[];
}

/** An entity as it is stored: its time, its record, its JSON, then the columns held. */
export type EntityRead = readonly [at: string | null, record: number, data: string, ...held: (string | null)[]];

/** A record without its body: `leaf` is hexadecimal. */
export type LeafRead = readonly [id: number, stream: string, exchange: number, fetchedAt: string, leaf: string];

/** One database and the little that differs between databases; everything else is SQL that kysely writes. */
export interface Dialect {
  /** Opened for reading, it sees one state of the database, the one of its opening. */
  readonly db: Kysely<Tables>;
  /** Runs the work in one transaction, durable once it resolves; nothing of it remains when it rejects. After an error of the disk it refuses all further work: only opening anew shows what was stored. */
  write<T>(work: (hot: HotPath, tx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Answers in portions, in no order, with nothing of a transaction that has not ended; `take` is given each as it is read. */
  entities(question: EntityQuestion, take: (rows: readonly EntityRead[]) => void): Promise<void>;
  /** Some of the records fetched until then whose id is higher, in the order of ids; none after the last. */
  leaves(after: number, until: string): Promise<readonly LeafRead[]>;
  /** Refuses all further work, as after an error of the disk; gives the error that it refuses with, the first of its kind. */
  refuse(fault: FlowproofError): FlowproofError;
  /** On this connection, an empty table stands before the stored entities, which are untouched; only where opened for reading. */
  hideEntities(): Promise<void>;
  /** Takes the writer's lock, which the operating system releases when this process ends; undefined when another holds it. */
  lock(): (() => void) | undefined;
  /** Writes the database as it stands, with nothing but what is in it, into a new file that needs no log beside it; in parts where it throws. */
  vacuumInto(file: string): Promise<void>;
  /** Copies the whole database into a file, complete under its name or not there. */
  backup(path: string): Promise<void>;
  /** What the database itself finds damaged, one line each. */
  check(): Promise<readonly string[]>;
  close(): Promise<void>;
}
