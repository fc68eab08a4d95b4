import type { Checkpoint } from "../ledger/checkpoint.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import type { Batch } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { stamped } from "./checkpoint-time.ts";
import { ownEndpoint } from "./configuration-record.ts";
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
  await store.append(run, packBatch(ctx, pack, result));
  const checkpoint = await store.endRun(run, "done");
  return { run, checkpoint, time: await stamped(ctx, store, checkpoint) };
}

function packBatch(
  { config }: Pick<PipelineContext, "config">,
  pack: PackRecord,
  result: Pick<AssessmentResult, "population" | "attributes">,
): Batch {
  const { slug, name } = config.organisation;
  const { at } = pack.issued;
  return {
    exchange: {
      endpoint: ownEndpoint,
      operation: "issue",
      query: "",
      variables: "{}",
      status: 200,
      startedAt: at,
      serverTime: at,
    },
    parts: [
      {
        stream: {
          id: packStream(config),
          source: "flowproof",
          kind: "configuration",
          scopeId: slug,
          scopeName: name,
          since: config.since,
        },
        records: packRecords(pack, result),
      },
    ],
  };
}
