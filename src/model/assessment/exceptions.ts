import { z } from "zod";
import { subjects } from "../dossier.ts";
import { instantSchema } from "../entity.ts";
import { count, recordRef } from "./base.ts";

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
  /** `EX-2026-10-4KX7Q2`: period and {@link exceptionIds}'s token of the item, which no other exception moves. */
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
  /** Of {@link causeSchema}; of one that only follows from another, that one's. */
  cause: z.string().optional(),
  /** The latest answer that covers it; absent where nobody answered. */
  answer: z
    .object({
      /** Of {@link responseSchema}. */
      response: z.string(),
      /** Attributes that fail and that the answer does not speak of; absent for none. */
      beyond: z.array(z.string()).optional(),
    })
    .optional(),
  evidence: z.array(recordRef),
});
export type Exception = z.infer<typeof exceptionSchema>;

/** Whether an exception is there only because of another one, with which it is answered. */
export const isFollowing = ({ follows, attributes }: Pick<Exception, "follows" | "attributes">): boolean =>
  follows.length > 0 && attributes.length === 1;

/** Exceptions of one cause; each exception belongs to exactly one, so the items add up to the exceptions. */
export const causeSchema = z.object({
  /** `pushed-directly`, the same in every pack. */
  id: z.string(),
  title: z.string(),
  /** Exceptions, those that only follow from another among them. */
  items: count,
  waived: count,
  following: count,
  /** By system, then team; the items add up. */
  bySystem: z.array(z.object({ system: z.string(), team: z.string(), items: count })),
});
export type Cause = z.infer<typeof causeSchema>;
