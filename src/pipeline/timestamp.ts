import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { timestampRequest, tokenOf, verifyTimestamp } from "../ledger/timestamp.ts";
import { FlowproofError, SourceError } from "../util/errors.ts";
import { requestBytes } from "../util/http.ts";
import type { PipelineContext } from "./types.ts";

/** What a request for a timestamp needs to know. */
export interface TimestampContext {
  readonly config: Pick<PipelineContext["config"], "signing">;
  readonly signal?: AbortSignal;
}

/** A checked token (DER) with its authority's name and time, or why there is none, in one sentence. */
export type TimestampOutcome =
  | { readonly token: Uint8Array; readonly authority: string; readonly at: string }
  | { readonly reason: string };

/** Asks the configured authority for a timestamp over a SHA-256 digest and checks it against the configured roots; throws only when aborted. */
export async function requestTimestamp(
  { config, signal }: TimestampContext,
  digest: Uint8Array,
): Promise<TimestampOutcome> {
  const timestamp = config.signing?.timestamp;
  if (!timestamp) return { reason: "No timestamp authority is configured." };
  try {
    const token = await fetchToken(timestamp.url, digest, signal);
    const { at, authority, problems } = await verifyTimestamp(token, digest, [readRoots(timestamp.trust)]);
    if (problems.length === 0) return { token, authority, at };
    return { reason: `The timestamp of ${timestamp.url} does not hold: ${problems.join("; ")}.` };
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof FlowproofError)) throw error;
    return { reason: `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.` };
  }
}

/** An authority answers at once or not at all: a pack does not wait for one. */
const limits = { timeout: 20_000, maxBytes: 256 * 2 ** 10 };

const queryType = "application/timestamp-query";
const replyType = "application/timestamp-reply";

/** RFC 3161, 3.4. */
async function fetchToken(url: string, digest: Uint8Array, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const nonce = randomBytes(16);
  const { status, headers, bytes } = await requestBytes(
    { baseUrl: url, plain: true, ...limits },
    {
      method: "POST",
      url,
      headers: { "content-type": queryType },
      accept: replyType,
      body: timestampRequest(digest, nonce),
      ...(signal && { signal }),
    },
  );
  const type = headers["content-type"] ?? "no content type";
  if (status !== 200 || !type.toLowerCase().startsWith(replyType)) {
    throw new SourceError(
      "unavailable",
      `${new URL(url).origin} answered ${status} with ${type} instead of a timestamp`,
    );
  }
  return tokenOf(bytes, { digest, nonce });
}

function readRoots(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // biome-ignore lint/style/useErrorCause: a SourceError takes it third.
    throw new SourceError("notFound", `the timestamp authority's roots in ${path} cannot be read`, { cause: error });
  }
}
