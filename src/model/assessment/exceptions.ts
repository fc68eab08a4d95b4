import { z } from "zod";
import { subjects } from "../dossier.ts";
import { instantSchema } from "../entity.ts";
import { recordRef } from "./base.ts";

const storySchema = z.object({
  /** Where only an interval is known: its end. */
  at: instantSchema.nullable(),
  /** The beginning of that interval; absent where `at` is exact. */
  notBefore: instantSchema.optional(),
  text: z.string(),
  record: recordRef.nullable(),
});

/** A failed attribute of one item, told so that its owner and an auditor understand it. */
export const exceptionSchema = z.object({
  /** `EX-2026-10-001`, stable for the same evidence. */
  id: z.string(),
  subject: z.enum(subjects),
  item: z.string(),
  label: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  system: z.string(),
  team: z.string(),
  at: instantSchema,
  /** As the item has it. */
  notBefore: instantSchema.optional(),
  actor: z.string(),
  attributes: z.array(z.string()),
  controls: z.array(z.string()),
  messages: z.array(z.string()),
  /** What happened, in the order of the source's times. */
  story: z.array(storySchema),
  /** Key of the exception it follows from (a deployment of a change that failed). */
  follows: z.array(z.string()),
  remediation: z.string(),
  waiver: z.string().nullable(),
  evidence: z.array(recordRef),
});
export type Exception = z.infer<typeof exceptionSchema>;
