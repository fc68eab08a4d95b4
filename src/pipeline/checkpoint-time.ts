import type { Checkpoint } from "../ledger/checkpoint.ts";
import { readTimestamp } from "../ledger/timestamp.ts";
import type { Proofs } from "../pack/formats.ts";
import type { Store } from "../store/index.ts";
import { toBase64 } from "../util/base64.ts";
import { sha256 } from "../util/hash.ts";
import { requestTimestamp, type TimestampOutcome } from "./timestamp.ts";
import type { PipelineContext } from "./types.ts";

/** By when a signed checkpoint existed, as an authority says, or why nobody says so: the word that is kept, or one asked for now, which is kept. */
export async function stamped(ctx: PipelineContext, store: Store, checkpoint: Checkpoint): Promise<TimestampOutcome> {
  const digest = sha256(checkpoint.note ?? "");
  const kept = await store.timestampOf(checkpoint);
  if (kept) {
    const { at, authority, problems } = await readTimestamp(kept.token, digest);
    if (problems.length === 0) return { token: kept.token, at, authority };
    return { reason: `The token of ${kept.authority} that is kept does not hold: ${problems.join("; ")}.` };
  }
  const given = await requestTimestamp(ctx, digest);
  if ("token" in given) await store.addTimestamp(checkpoint, given);
  return given;
}

/** What `proofs.json` says of it. */
export function statedTime(time: TimestampOutcome): Proofs["timestamp"] {
  return "token" in time
    ? { token: toBase64(time.token), authority: time.authority }
    : { token: null, reason: time.reason };
}
