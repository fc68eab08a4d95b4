import { z } from "zod";
import { attestationKinds, attestedFileSchema, criterionRefSchema } from "../attestation.ts";
import { instantSchema } from "../entity.ts";
import { recordRef } from "./base.ts";

/** How an attestation stands to the period. */
const attestationStates = ["throughout", "part", "expiredWithin", "expired", "withdrawn"] as const;

/** One version of an attestation: its author's word with a file, tested by nobody here. */
export const attestationSchema = z.object({
  id: z.string(),
  /** Counts the versions recorded under the id. */
  sequence: z.number().int().positive(),
  kind: z.enum(attestationKinds),
  title: z.string(),
  /** The document's own, and who approved it; absent where not stated. */
  documentVersion: z.string().optional(),
  approver: z.string().optional(),
  note: z.string().optional(),
  by: z.string(),
  role: z.string(),
  /** Days, the last one included; null: it does not expire. */
  effective: z.string(),
  expires: z.string().nullable(),
  criteria: z.array(criterionRefSchema),
  file: attestedFileSchema,
  declaredIn: z.enum(["command", "configuration"]),
  recordedAt: instantSchema,
  record: recordRef,
  /** `expiredWithin`, `expired`: by its own date. `part`: it began, or another version took its place, within the period. */
  state: z.enum(attestationStates),
  /** The part of the period in which it was in force; null where it was in none, and addresses nothing. */
  inForce: z.object({ from: instantSchema, to: instantSchema }).nullable(),
  /** It was recorded only after it is said to be in force in the period. */
  retroactive: z.boolean(),
  withdrawn: z.object({ at: instantSchema, by: z.string(), reason: z.string(), record: recordRef }).optional(),
  /** Versions recorded before this one, oldest first; absent for none. */
  earlier: z
    .array(z.object({ sequence: z.number().int(), sha256: z.string(), recordedAt: instantSchema, record: recordRef }))
    .optional(),
});
export type Attestation = z.infer<typeof attestationSchema>;
