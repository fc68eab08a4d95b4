import { z } from "zod";
import { instantSchema } from "../entity.ts";
import { streamKinds } from "../stream.ts";
import { count, recordRef } from "./base.ts";

export const toolSchema = z.object({
  name: z.literal("flowproof"),
  version: z.string(),
  /** The commit it was compiled from; `unbuilt` where its sources ran, `unknown` where nothing says. */
  build: z.string().optional(),
});

export const provenanceSchema = z.object({
  sources: z.array(
    z.object({
      id: z.string(),
      provider: z.string(),
      endpoint: z.string(),
      identity: z.string(),
      scopes: z.array(z.string()),
    }),
  ),
  runs: z.array(
    z.object({
      id: z.string(),
      startedAt: instantSchema,
      endedAt: instantSchema.nullable(),
      outcome: z.string(),
      requests: count,
      records: count,
      tool: z.string(),
    }),
  ),
  /** The queries verbatim, by name; the pack's appendix prints the digest, the JSON holds the text. */
  queries: z.array(
    z.object({
      operation: z.string(),
      digest: z.string(),
      text: z.string(),
      requests: count,
      /** Each set of variables it was sent with: their names, how often, and the values of the first request as JSON, long lists and texts cut. */
      variables: z.array(z.object({ names: z.array(z.string()), requests: count, example: z.string() })).optional(),
    }),
  ),
  /** Per kind of stream, where its records came from and what they are together; absent in packs made before this was kept. */
  listings: z
    .array(
      z.object({
        kind: z.enum(streamKinds),
        /** The requests that gave records not stored before, by query and endpoint. */
        requests: z.array(
          z.object({ operation: z.string(), digest: z.string(), endpoint: z.string(), requests: count }),
        ),
        first: instantSchema,
        last: instantSchema,
        records: count,
        /** SHA-256 over the records' leaves, in the order of their ids. */
        digest: z.string(),
      }),
    )
    .optional(),
  /** The record of the configuration whose identity map was applied; null where no run recorded it as it stands. */
  configuration: recordRef.nullable().optional(),
});

export const recordSchema = z.object({
  id: recordRef,
  leaf: z.string(),
  stream: z.string(),
  kind: z.string(),
  externalId: z.string(),
  fetchedAt: instantSchema,
});
