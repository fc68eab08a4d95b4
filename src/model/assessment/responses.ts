import { z } from "zod";
import { instantSchema } from "../entity.ts";
import { recordRef } from "./base.ts";

/** What management says of an exception: it is as the pack has it, something else covered the risk, or it is not so. */
export const dispositions = ["confirmed", "compensated", "disputed"] as const;
export type Disposition = (typeof dispositions)[number];

/** Management's word: an answer to exceptions as the ledger has it by the cut-off. It explains; no outcome, tally or result rests on it. */
export const responseSchema = z.object({
  /** The organisation's own, unique among its answers. */
  id: z.string(),
  disposition: z.enum(dispositions),
  owner: z.string(),
  cause: z.string(),
  impact: z.string().optional(),
  /** What covered the risk meanwhile. */
  compensation: z.string().optional(),
  remediation: z.string().optional(),
  /** Days, as in `2026-12-31`. */
  due: z.string().optional(),
  done: z.string().optional(),
  /** An approval given after the fact, by management's word; the attribute's own needs the source's record. */
  retrospective: z.object({ by: z.string(), on: z.string(), url: z.string().nullable() }).optional(),
  /** Ids of the exceptions of this assessment that it answers; may be none. */
  covers: z.array(z.string()),
  /** Ids that it names of this period and that no exception of it has, or has any more. */
  unmatched: z.array(z.string()),
  /** The file it was read from, and the file's SHA-256. */
  file: z.string(),
  sha256: z.string(),
  recordedAt: instantSchema,
  record: recordRef,
  /** What it said before, oldest first; absent where it was never changed. */
  earlier: z
    .array(z.object({ recordedAt: instantSchema, disposition: z.enum(dispositions), record: recordRef }))
    .optional(),
  /** When it was found to be in no file any more; it answers nothing since. Absent: it stands. */
  withdrawnAt: instantSchema.optional(),
});
export type Response = z.infer<typeof responseSchema>;
