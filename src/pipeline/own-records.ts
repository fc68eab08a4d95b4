import type { Config } from "../config/config.ts";
import type { Checkpoint } from "../ledger/checkpoint.ts";
import type { Batch, SourceRecord } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { instant } from "../util/clock.ts";
import { stamped } from "./checkpoint-time.ts";
import { ownEndpoint } from "./configuration-record.ts";
import type { PipelineContext } from "./types.ts";

/** Records that flowproof itself writes: of which stream, by which command. */
export interface OwnRecords {
  /** What follows `flowproof/<slug>/configuration/`. */
  readonly stream: string;
  readonly command: string;
  readonly records: readonly SourceRecord[];
}

/** The id of a stream of flowproof's own records. */
export const ownStream = ({ organisation }: Pick<Config, "organisation">, name: string): string =>
  `flowproof/${organisation.slug}/configuration/${name}`;

/** Puts records into the ledger, in a run of its own that ends with a checkpoint, signed and timestamped where that is configured. */
export async function recordOwn(ctx: PipelineContext, store: Store, own: OwnRecords): Promise<Checkpoint> {
  const run = await store.beginRun(own.command);
  await store.append(run, ownRecordsBatch(ctx, own));
  const checkpoint = await store.endRun(run, "done");
  if (checkpoint.note !== undefined) await stamped(ctx, store, checkpoint);
  return checkpoint;
}

/** Records as a batch of an exchange with nobody. */
export function ownRecordsBatch(
  { config, clock }: Pick<PipelineContext, "config" | "clock">,
  { stream, command, records }: OwnRecords,
): Batch {
  const at = instant(clock());
  const { slug, name } = config.organisation;
  return {
    exchange: {
      endpoint: ownEndpoint,
      operation: command,
      query: "",
      variables: "{}",
      status: 200,
      startedAt: at,
      serverTime: at,
    },
    parts: [
      {
        stream: {
          id: ownStream(config, stream),
          source: "flowproof",
          kind: "configuration",
          scopeId: slug,
          scopeName: name,
          since: config.since,
        },
        records,
      },
    ],
  };
}
