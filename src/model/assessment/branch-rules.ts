import { z } from "zod";
import { outcomes } from "../attribute.ts";
import { instantSchema } from "../entity.ts";
import { count, recordRef } from "./base.ts";

export const continuitySchema = z.object({
  system: z.string(),
  repository: z.string(),
  branch: z.string(),
  intervals: z.array(
    z.object({
      from: instantSchema,
      to: instantSchema,
      /** `weak`: rules were active that let commits be pushed without a change, or history be rewritten. */
      state: z.enum(["active", "weak", "absent", "unobserved"]),
      rules: z.string(),
      /** What the rules lacked; absent for nothing. */
      lacking: z.array(z.string()).optional(),
      /** Keys of the changes, and of the commits without one, that reached the branch meanwhile; absent where the rules were active. */
      reached: z.array(z.string()).optional(),
      /** Whether an active rule let nothing onto the branch but by a change; absent where the rules are not known. */
      changeRequired: z.boolean().optional(),
      record: recordRef.nullable(),
    }),
  ),
  /** Each version of its rules and each rewrite of the branch in the period, by time. */
  events: z
    .array(
      z.object({
        at: instantSchema,
        kind: z.enum(["rules", "rewrite"]),
        by: z.string(),
        text: z.string(),
        record: recordRef,
      }),
    )
    .optional(),
});

/** One time somebody passed the branch's rules by. */
const bypassSchema = z.object({
  /** `BY-2026-10-001`, stable for the same evidence. */
  id: z.string(),
  system: z.string(),
  repository: z.string(),
  branch: z.string(),
  at: instantSchema,
  /** As the item has it. */
  notBefore: instantSchema.optional(),
  /** `rewrite`: a force push, or the branch deleted. */
  kind: z.enum(["merge", "push", "rewrite"]),
  /** How it is known: the source's own evaluation of its rules, its record of the branch's moves, or our comparison of what the rules demanded with the record. */
  shownBy: z.array(z.enum(["evaluation", "move", "comparison"])),
  /** Keys of the items it concerns: a change, commits, the branch's settings; empty where none of the period is. */
  items: z.array(z.string()),
  /** `#12`, `9f3c1ab0`. */
  label: z.string(),
  /** Who merged or pushed. */
  actor: z.string(),
  /** By the source's names of its rules; null where it does not name them. */
  unmet: z.array(z.string()).nullable(),
  text: z.string(),
  /** The mark of an emergency, or what the description says; null where neither gives a reason. */
  reason: z.object({ text: z.string(), record: recordRef }).nullable(),
  /** The first independent review after it; `unclear`: whether its author is independent cannot be said, `notObserved`: reviews were not read whole. */
  review: z.object({
    state: z.enum(["independent", "unclear", "none", "notObserved"]),
    at: instantSchema.nullable(),
    text: z.string(),
    record: recordRef.nullable(),
  }),
  /** The control that counts its items; null for none. */
  control: z.string().nullable(),
  /** What that control's test says of it. */
  outcome: z.enum(outcomes).nullable(),
  evidence: z.array(recordRef),
});
export type Bypass = z.infer<typeof bypassSchema>;

export const bypassesSchema = z.object({
  entries: z.array(bypassSchema),
  observed: z.array(
    z.object({
      system: z.string(),
      repository: z.string(),
      entries: count,
      gaps: z.array(z.object({ from: instantSchema, to: instantSchema, reason: z.string() })),
    }),
  ),
});
