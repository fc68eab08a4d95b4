import { z } from "zod";
import { instantSchema } from "../entity.ts";
import { count, recordRef } from "./base.ts";

/** A pack that was issued before the cut-off, as the ledger has it. */
export const packSchema = z.object({
  name: z.string(),
  revision: z.number().int().positive(),
  edition: z.enum(["full", "redacted"]),
  period: z.object({ id: z.string(), from: instantSchema, to: instantSchema, asOf: instantSchema }),
  issuedAt: instantSchema,
  by: z.string(),
  role: z.string(),
  /** SHA-256 of its `manifest.json`. */
  manifest: z.string(),
  /** The state of the ledger that it rests on. */
  checkpoint: z.object({ size: count, root: z.string(), at: instantSchema }),
  /** The name of the revision that it took the place of. */
  supersedes: z.string().nullable(),
  record: recordRef,
});
export type IssuedPackRow = z.infer<typeof packSchema>;
