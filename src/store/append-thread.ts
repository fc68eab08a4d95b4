import { parentPort, workerData } from "node:worker_threads";
import { IntegrityError } from "../util/errors.ts";
import { appendBatches } from "./append.ts";
import { openSqlite } from "./dialect/sqlite.ts";
import type { PreparedBatch } from "./prepare.ts";

/** The store that the thread appends to, on a connection of its own. */
export interface AppendThreadData {
  readonly path: string;
  readonly maxPages?: number;
}

/** What is to be stored in one transaction, or the last that the thread is told. */
export type AppendRequest = { readonly run: string; readonly batches: readonly PreparedBatch[] } | "close";

/** How many records were new, or why nothing was stored: a class does not cross threads, so `fault` is an IntegrityError's message. */
export type AppendAnswer =
  | { readonly added: number }
  | { readonly fault: string; readonly hint: string | undefined }
  | { readonly error: unknown };

const { path, ...options } = workerData as AppendThreadData;
const dialect = openSqlite(path, { readonly: false, ...options });

parentPort?.on("message", async (request: AppendRequest) => {
  if (request === "close") {
    await dialect.close();
    parentPort?.close();
  } else parentPort?.postMessage(await answerTo(request));
});

async function answerTo({ run, batches }: Exclude<AppendRequest, "close">): Promise<AppendAnswer> {
  try {
    return { added: await appendBatches(dialect, run, batches) };
  } catch (error) {
    return error instanceof IntegrityError ? { fault: error.message, hint: error.hint } : { error };
  }
}
