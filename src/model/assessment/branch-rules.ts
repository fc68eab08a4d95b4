import { z } from "zod";
import { outcomes } from "../attribute.ts";
import { instantSchema } from "../entity.ts";
import { count, recordRef } from "./base.ts";

export const continuitySchema = z.object({
  system: z.string(),
  repository: z.string(),
  branch: z.string(),
  /** Of a branch that changes are promoted through: the one where they landed; absent for that one itself. */
  promotedFrom: z.string().optional(),
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

/** Every system that it concerns, `system` first: those that share its branch where no item lays it on one; absent for that one alone. */
const systemsSchema = z.array(z.string()).optional();

/** The systems that an entry of the ledger or an override concerns. */
export const systemsOf = ({ system, systems }: Pick<Bypass, "system" | "systems">): readonly string[] =>
  systems ?? [system];

/** One time somebody passed the branch's rules by. */
const bypassSchema = z.object({
  /** `BY-2026-10-001`, stable for the same evidence. */
  id: z.string(),
  system: z.string(),
  systems: systemsSchema,
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
  /** Whether the source's audit log tells of it too; `absent`: read whole over that time, it does not. Absent in older packs. */
  logged: z.enum(["held", "absent", "notObserved"]).optional(),
});
export type Bypass = z.infer<typeof bypassSchema>;

const gapSchema = z.object({ from: instantSchema, to: instantSchema, reason: z.string() });

/** An override that the source's audit log tells of, and that no entry explains. */
const overrideSchema = z.object({
  system: z.string(),
  systems: systemsSchema,
  repository: z.string(),
  /** Null where the log does not name it. */
  branch: z.string().nullable(),
  at: instantSchema,
  actor: z.string(),
  /** That the branch led to afterwards; null where the log does not name it. */
  commit: z.string().nullable(),
  /** By the source's names; empty where the log names none. */
  unmet: z.array(z.string()),
  record: recordRef,
});

export const bypassesSchema = z.object({
  entries: z.array(bypassSchema),
  /** By time; absent in older packs. */
  overrides: z.array(overrideSchema).optional(),
  observed: z.array(
    z.object({
      system: z.string(),
      repository: z.string(),
      entries: count,
      gaps: z.array(gapSchema),
      /** The same of the audit log; null where nobody asked for it, absent in older packs. */
      logGaps: z.array(gapSchema).nullable().optional(),
    }),
  ),
});
