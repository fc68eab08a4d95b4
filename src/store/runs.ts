import type { Kysely, Transaction } from "kysely";
import type { Checkpoint } from "../ledger/checkpoint.ts";
import type { Frontier } from "../ledger/frontier.ts";
import { frontier } from "../ledger/frontier.ts";
import type { SigningKey } from "../ledger/signing-key.ts";
import type { Clock } from "../util/clock.ts";
import { instant } from "../util/clock.ts";
import { IntegrityError } from "../util/errors.ts";
import { sha256 } from "../util/hash.ts";
import type { Dialect, HotPath } from "./dialect/dialect.ts";
import { signCheckpoint } from "./sign-checkpoint.ts";
import type { QueryRow, RequestRow, RunRow } from "./store.ts";
import type { RunOutcome, Tables } from "./tables.ts";

/** Begins a run and ends those that died without a word; gives its id, which sorts by time. */
export async function beginRun(
  { dialect, clock, random }: { dialect: Dialect; clock: Clock; random: (bytes: number) => Uint8Array },
  command: string,
  tool: string,
): Promise<string> {
  const now = instant(clock());
  const id = `${now.replace(/[-:]/g, "")}-${Buffer.from(random(4)).toString("hex")}`;
  await dialect.write(async (_, tx) => {
    await tx.updateTable("run").set({ ended_at: now, outcome: "interrupted" }).where("ended_at", "is", null).execute();
    await tx.insertInto("run").values({ id, command, tool, started_at: now, ended_at: null, outcome: null }).execute();
  });
  return id;
}

/** Ends a run: gives every record that has none its place in the ledger, and stores the root, signed where there is a signer; reads only what is new, as long as one key signs. */
export async function endRun(
  { dialect, clock, signer }: { dialect: Dialect; clock: Clock; signer: SigningKey | undefined },
  run: string,
  outcome: RunOutcome,
): Promise<Checkpoint> {
  return dialect.write(async (hot, tx) => {
    // Never before what it holds: the source's clock may be ahead of this machine's.
    const { newest } = await tx
      .selectFrom("record")
      .select(({ fn, val }) => fn.coalesce(fn.max("fetched_at"), val("")).as("newest"))
      .where("run", "=", run)
      .executeTakeFirstOrThrow();
    const now = instant(clock());
    const at = newest > now ? newest : now;
    const base = await tx.selectFrom("checkpoint").selectAll().orderBy("id", "desc").executeTakeFirst();
    const edge = frontierOf(base);
    await sequence(hot, tx, edge);
    const size = edge.size();
    const root = edge.root();
    const checkpoint = { size, root: Buffer.from(root).toString("hex"), at };
    const note = signer && (await signCheckpoint(tx, signer, base, checkpoint));
    const { id } = await tx
      .insertInto("checkpoint")
      .values({ run, size, root, frontier: edge.bytes(), at })
      .returning("id")
      .executeTakeFirstOrThrow();
    if (note !== undefined) await tx.insertInto("signed_note").values({ checkpoint: id, note }).execute();
    const ended = await tx
      .updateTable("run")
      .set({ ended_at: at, outcome })
      .where("id", "=", run)
      .where("ended_at", "is", null)
      .executeTakeFirst();
    if (ended.numUpdatedRows !== 1n) throw new Error(`run ${run} is not one that can be ended`);
    return { ...checkpoint, ...(note === undefined ? {} : { note }) };
  });
}

function frontierOf(last: Pick<Tables["checkpoint"], "run" | "size" | "root" | "frontier"> | undefined): Frontier {
  if (!last) return frontier(sha256);
  const edge = frontier(sha256, last.size, last.frontier);
  if (!Buffer.from(edge.root()).equals(last.root)) {
    throw new IntegrityError(`the checkpoint of run ${last.run} does not match its own frontier`, {
      hint: "Run `flowproof verify` to see what was changed.",
    });
  }
  return edge;
}

const portion = 5_000;

async function sequence(hot: HotPath, tx: Transaction<Tables>, edge: Frontier): Promise<void> {
  const { last, place } = await tx
    .selectFrom("leaf")
    .select(({ fn, val }) => [
      fn.coalesce(fn.max("record_id"), val(0)).as("last"),
      fn.coalesce(fn.max("position"), val(-1)).as("place"),
    ])
    .executeTakeFirstOrThrow();
  if (place + 1 !== edge.size()) {
    throw new IntegrityError(
      `${place + 1} records have a place in the ledger, but its last checkpoint is over ${edge.size()}`,
      { hint: "Run `flowproof verify` to see what was changed." },
    );
  }
  for (let after = last; ; ) {
    const rows = await tx
      .selectFrom("record")
      .select(["id", "leaf"])
      .where("id", ">", after)
      .orderBy("id")
      .limit(portion)
      .execute();
    const first = edge.size();
    for (const { leaf } of rows) edge.append(leaf);
    await hot.insert(
      "leaf",
      rows.map(({ id }, index) => ({ position: first + index, record_id: id })),
    );
    const end = rows.at(-1);
    if (!end) return;
    after = end.id;
  }
}

/** Every run begun until then, with what it asked and found and whether it ended until then, oldest first. */
export async function listRuns(db: Kysely<Tables>, until: string): Promise<readonly RunRow[]> {
  const rows = await db
    .selectFrom("run")
    .leftJoin("exchange", (join) => join.onRef("exchange.run", "=", "run.id").on("exchange.server_time", "<=", until))
    .selectAll("run")
    .select(({ fn, val }) => [
      fn.count<number>("exchange.id").as("requests"),
      fn.coalesce(fn.sum<number>("exchange.added"), val(0)).as("records"),
    ])
    .where("run.started_at", "<=", until)
    .groupBy("run.ordinal")
    .orderBy("run.ordinal")
    .execute();
  return rows.map((row) => {
    const ended = row.ended_at !== null && row.ended_at <= until;
    return {
      id: row.id,
      command: row.command,
      startedAt: row.started_at,
      endedAt: ended ? row.ended_at : null,
      outcome: ended ? row.outcome : null,
      requests: row.requests,
      records: row.records,
      toolVersion: row.tool,
    };
  });
}

/** Every query that the runs sent until then, with how often and where to. */
export async function listQueries(
  db: Kysely<Tables>,
  until: string,
  runs?: readonly string[],
): Promise<readonly QueryRow[]> {
  let query = db
    .selectFrom("exchange")
    .innerJoin("query_text", "query_text.digest", "exchange.query")
    .select(["operation", "digest", "text", "endpoint"])
    .select(({ fn }) => fn.countAll<number>().as("requests"))
    .where("exchange.server_time", "<=", until)
    .groupBy(["digest", "endpoint"])
    .orderBy("operation")
    .orderBy("digest")
    .orderBy("endpoint");
  if (runs) query = query.where("exchange.run", "in", runs);
  return query.execute();
}

/** Every request of the runs named that was answered until then, in that order. */
export async function listRequests(
  db: Kysely<Tables>,
  until: string,
  runs: readonly string[],
): Promise<readonly RequestRow[]> {
  return db
    .selectFrom("exchange")
    .innerJoin("query_text", "query_text.digest", "exchange.query")
    .select(["run", "operation", "digest", "endpoint", "variables"])
    .where("exchange.server_time", "<=", until)
    .where("exchange.run", "in", runs)
    .orderBy("exchange.id")
    .execute();
}
