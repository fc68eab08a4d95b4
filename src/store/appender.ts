import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Batch } from "../model/stream.ts";
import { ConfigError, FlowproofError, IntegrityError } from "../util/errors.ts";
import { appendBatches } from "./append.ts";
import type { AppendAnswer, AppendRequest, AppendThreadData } from "./append-thread.ts";
import type { Dialect } from "./dialect/dialect.ts";
import { type PrepareContext, type PreparedBatch, prepare } from "./prepare.ts";

/** Prepares batches here and stores them, in the order of the calls. */
export interface Appender {
  /** Stores the batches in one transaction and gives how many records were new. Where an earlier call is under way and fails, so does this one, with its error. */
  append(run: string, batches: readonly Batch[]): Promise<number>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** From this many records at once on a thread is worth its start: only a source that answers faster than is stored gives them. */
const many = 1_000;

/** An appender that leaves many records at once to a thread with a connection of its own, so that the next ones are prepared meanwhile. */
export function appender(dialect: Dialect, context: PrepareContext, aside: AppendThreadData): Appender {
  let thread: Thread | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const write = (run: string, batches: readonly PreparedBatch[]): Promise<number> => {
    const records = batches.flatMap(({ parts }) => parts).reduce((sum, part) => sum + part.records.length, 0);
    if (records >= many) thread ??= startThread(aside);
    return thread
      ? thread.append(run, batches).catch((error: unknown) => {
          throw error instanceof FlowproofError ? dialect.refuse(error) : error;
        })
      : appendBatches(dialect, run, batches);
  };
  const inTurn = async (earlier: Promise<unknown>, run: string, batches: readonly Batch[]): Promise<number> => {
    let prepared: readonly PreparedBatch[];
    try {
      prepared = batches.map((batch) => prepare(context, run, batch));
    } finally {
      await earlier;
    }
    return write(run, prepared);
  };
  return {
    append(run, batches) {
      const stored = inTurn(last, run, batches);
      last = stored;
      const over = () => {
        if (last === stored) last = Promise.resolve();
      };
      stored.then(over, over);
      return stored;
    },
    async close() {
      await last.catch(() => undefined);
      await thread?.close();
    },
  };
}

interface Thread {
  /** One call at a time. */
  append(run: string, batches: readonly PreparedBatch[]): Promise<number>;
  close(): Promise<void>;
}

function startThread(workerData: AppendThreadData): Thread {
  const file = new URL(`append-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { workerData });
  // It rejects where the thread dies of an error.
  const ended = once(worker, "exit").then(() => Promise.reject(new Error("the thread that stores has ended")));
  ended.catch(() => undefined);
  const tell = (request: AppendRequest) => worker.postMessage(request);
  return {
    async append(run, batches) {
      tell({ run, batches });
      const [answer] = (await Promise.race([once(worker, "message"), ended])) as [AppendAnswer];
      if ("added" in answer) return answer.added;
      if ("error" in answer) throw answer.error;
      const Fault = answer.code === "config" ? ConfigError : IntegrityError;
      throw new Fault(answer.fault, answer.hint === undefined ? {} : { hint: answer.hint });
    },
    async close() {
      tell("close");
      await ended.catch(() => undefined);
    },
  };
}
