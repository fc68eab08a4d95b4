import type { Checkpoint } from "../ledger/checkpoint.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import type { Store } from "../store/index.ts";
import { stamped } from "./checkpoint-time.ts";
import { ownRecordsBatch } from "./own-records.ts";
import { type PackRecord, packRecords, packStream } from "./pack-records.ts";
import type { TimestampOutcome } from "./timestamp.ts";
import type { PipelineContext } from "./types.ts";

/** What recording a pack ended with. */
export interface RecordedPack {
  readonly run: string;
  readonly checkpoint: Checkpoint;
  readonly time: TimestampOutcome;
}

/** Puts an issued pack into the ledger, in a run of its own that ends with a signed checkpoint, timestamped where an authority is configured. */
export async function recordPack(
  ctx: PipelineContext,
  store: Store,
  pack: PackRecord,
  result: Pick<AssessmentResult, "population" | "attributes">,
): Promise<RecordedPack> {
  const run = await store.beginRun("issue");
  // Of the time that the pack itself states, whenever it is recorded.
  const at = { config: ctx.config, clock: () => new Date(pack.issued.at) };
  const records = packRecords(pack, result);
  await store.append(run, ownRecordsBatch(at, { stream: packStream, command: "issue", records }));
  const checkpoint = await store.endRun(run, "done");
  return { run, checkpoint, time: await stamped(ctx, store, checkpoint) };
}
