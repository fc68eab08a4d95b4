import type { KeyObject } from "node:crypto";
import { createSecretKey, randomBytes } from "node:crypto";
import type { Migration } from "../../migrations/index.ts";
import { migrations as allMigrations } from "../../migrations/index.ts";
import type { Checkpoint } from "../ledger/checkpoint.ts";
import { instant } from "../util/clock.ts";
import { IntegrityError } from "../util/errors.ts";
import { appender } from "./appender.ts";
import { addTimestamp, checkpointsUntil, latestCheckpoint, timestampOf } from "./checkpoints.ts";
import type { Dialect } from "./dialect/dialect.ts";
import { openSqlite } from "./dialect/sqlite.ts";
import { earlierEntities } from "./earlier.ts";
import { eachEntity, entitiesOf, totalsOf } from "./entities.ts";
import { coverageOf, cursorsOf, forever, recordBody, recordRows, recordsOfStream } from "./evidence.ts";
import { listingsOf } from "./listings.ts";
import { takeLock } from "./lock.ts";
import { migrate, needsMigration, refuseOld } from "./migrate.ts";
import { evidenceRows, proofOf } from "./proofs.ts";
import { projectUntil, rebuildEntities } from "./rebuild.ts";
import { beginRun, endRun, listQueries, listRequests, listRuns } from "./runs.ts";
import { lastSigned } from "./sign-checkpoint.ts";
import type { Store, StoreOptions } from "./store.ts";
import { verifyStore } from "./verify.ts";
import { readWitness, refuseRollback, rollback, writeWitness } from "./witness.ts";

/** What a test of faults puts in place of the real thing. */
interface Seams {
  readonly migrations?: readonly Migration[];
  /** The most pages the database may have: a full disk. */
  readonly maxPages?: number;
}

/** Opens the store, made or migrated where it must be (under the lock, after a backup). Throws ConfigError where it cannot be opened, IntegrityError where it is no store or a newer one, LockedError where another is migrating it. */
export async function openStore(options: StoreOptions, seams: Seams = {}): Promise<Store> {
  const { path, clock, toolVersion, readonly = false, asOf } = options;
  if (asOf !== undefined && !readonly) throw new TypeError(`${path}: only a reader sees the store as of ${asOf}`);
  const { migrations = allMigrations, ...rest } = seams;
  const noted = readWitness(path);
  const dialect = openSqlite(path, { readonly, ...rest });
  try {
    const schema = { path, migrations, toolVersion, clock };
    if (await needsMigration(dialect, schema)) {
      if (readonly) refuseOld(path);
      const release = takeLock(dialect, path, "migrating the store", instant(clock()));
      try {
        await migrate(dialect, schema);
      } finally {
        release();
      }
    }
    const hmacKey = await readKey(dialect, path);
    if (asOf !== undefined) await projectUntil(dialect, options.normalize, asOf, options.anew);
    return storeOver(dialect, hmacKey, options, noted, seams.maxPages);
  } catch (error) {
    await dialect.close();
    throw error;
  }
}

async function readKey({ db }: Dialect, path: string): Promise<KeyObject> {
  const row = await db.selectFrom("meta").select("value").where("key", "=", "hmacKey").executeTakeFirst();
  if (row?.value.length !== 32) throw new IntegrityError(`${path}: the key that recognises equal bodies is gone`);
  return createSecretKey(row.value);
}

function storeOver(
  dialect: Dialect,
  hmacKey: KeyObject,
  options: StoreOptions,
  noted: Checkpoint | undefined,
  maxPages: number | undefined,
): Store {
  const { path, clock, normalize, toolVersion, readonly = false, asOf, random = randomBytes, signer } = options;
  const until = asOf ?? forever;
  const { db } = dialect;
  const aside = { path, ...(maxPages === undefined ? {} : { maxPages }) };
  const { append, close } = appender(dialect, { hmacKey, random, normalize }, aside);
  let release: (() => void) | undefined;

  const lock = (holder: string): void => {
    if (readonly) throw new Error(`${path} was opened for reading`);
    release ??= takeLock(dialect, path, holder, instant(clock()));
  };

  const present = (what: string): void => {
    if (asOf !== undefined) throw new Error(`${path} was opened as of ${asOf}: ${what}`);
  };

  return {
    async lock(holder) {
      lock(holder);
    },
    async beginRun(command) {
      lock(command);
      await refuseRollback(db, { path, noted: readWitness(path), key: signer });
      if (signer) await lastSigned(db, signer);
      return beginRun({ dialect, clock, random }, command, toolVersion);
    },
    async append(run, ...batches) {
      lock("append");
      return { added: await append(run, batches) };
    },
    async endRun(run, outcome) {
      lock("end of a run");
      if (signer) await refuseRollback(db, { path, noted: readWitness(path), key: signer });
      const checkpoint = await endRun({ dialect, clock, signer }, run, outcome);
      writeWitness(path, checkpoint);
      return checkpoint;
    },
    async cursors(streams) {
      present("earlier cursors are not kept");
      return cursorsOf(db, streams);
    },
    coverage: (filter) => coverageOf(db, until, filter?.source),
    runs: () => listRuns(db, until),
    queries: (runs) => listQueries(db, until, runs),
    requests: (runs) => listRequests(db, until, runs),
    listings: (sources) => listingsOf(dialect, until, sources),
    totals: () => totalsOf(db, until),
    entities: (type, filter = {}) => entitiesOf(dialect, type, filter),
    eachEntity: (type, visit) => eachEntity(dialect, type, visit),
    earlierEntities: (records) => earlierEntities(db, normalize, records),
    records: (ids) => recordRows(db, ids, until),
    recordBody: (id) => recordBody(db, id, until),
    recordsOfStream: (stream) => recordsOfStream(db, stream, until),
    async checkpoint() {
      await refuseRollback(db, { path, noted, key: signer });
      return latestCheckpoint(db, until);
    },
    checkpoints: () => checkpointsUntil(db, until),
    async addTimestamp(checkpoint, timestamp) {
      lock("keeping a timestamp");
      await addTimestamp(dialect, checkpoint, timestamp);
    },
    timestampOf: (checkpoint) => timestampOf(db, checkpoint),
    proofOf: (ids, under) => proofOf(db, ids, under),
    evidence: (ids) => evidenceRows(db, ids),
    async verify(key = signer, onProgress = () => undefined) {
      present("the ledger is verified as a whole");
      const problems = await verifyStore({ dialect, hmacKey, normalize, key, onProgress });
      return [...problems, ...[await rollback(db, { path, noted, key })].filter((problem) => problem !== undefined)];
    },
    copyTo: (file) => dialect.vacuumInto(file),
    async rebuild() {
      lock("rebuild");
      return rebuildEntities(dialect, normalize);
    },
    async close() {
      await close();
      await dialect.close();
      release?.();
      release = undefined;
    },
  };
}
