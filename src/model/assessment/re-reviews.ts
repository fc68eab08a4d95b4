import { z } from "zod";
import { instantSchema } from "../entity.ts";
import { count, recordRef } from "./base.ts";

/** A sample that persons without a part in it looked at again, as the ledger has it by the cut-off. */
export const reReviewSchema = z.object({
  period: z.string(),
  drawnAt: instantSchema,
  seed: z.string(),
  population: count,
  /** SHA-256 of the population's sorted keys, each followed by a newline. */
  digest: z.string(),
  record: recordRef,
  /** In the order of the draw. */
  items: z.array(
    z.object({
      key: z.string(),
      system: z.string(),
      label: z.string(),
      title: z.string(),
      url: z.string().nullable(),
      /** Null where none is recorded. */
      review: z
        .object({
          reviewer: z.string(),
          /** A day, as the reviewer names it. */
          on: z.string(),
          agreed: z.boolean(),
          note: z.string(),
          /** Why it cannot be shown that the reviewer had no part in it; null where it can. */
          doubt: z.string().nullable(),
          recordedAt: instantSchema,
          record: recordRef,
          /** How often it said something else before. */
          earlier: count,
        })
        .nullable(),
    }),
  ),
});
export type ReReview = z.infer<typeof reReviewSchema>;
