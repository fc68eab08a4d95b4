import { parentPort, workerData } from "node:worker_threads";
import { FlowproofError } from "../util/errors.ts";
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

/** How many records were new, or why nothing was stored: a class does not cross threads, so `fault` is a FlowproofError's message, and `code` its kind. */
export type AppendAnswer =
  | { readonly added: number }
  | { readonly fault: string; readonly code: string; readonly hint: string | undefined }
  | { readonly error: unknown };

const { path, ...options } = workerData as AppendThreadData;
let opened: ReturnType<typeof openSqlite> | undefined;

parentPort?.on("message", async (request: AppendRequest) => {
  if (request === "close") {
    await opened?.close();
    parentPort?.close();
  } else parentPort?.postMessage(await answerTo(request));
});

async function answerTo({ run, batches }: Exclude<AppendRequest, "close">): Promise<AppendAnswer> {
  try {
    // Never a new one: where the file has gone, an empty one in its place would take what lies beside it.
    opened ??= openSqlite(path, { readonly: false, existing: true, ...options });
    return { added: await appendBatches(opened, run, batches) };
  } catch (error) {
    return error instanceof FlowproofError ? { fault: error.message, code: error.code, hint: error.hint } : { error };
  }
}
