import { z } from "zod";
import { outcomes } from "../attribute.ts";
import { subjects } from "../dossier.ts";
import { instantSchema } from "../entity.ts";
import { recordRef } from "./base.ts";

const observationSchema = z.object({
  attribute: z.string(),
  outcome: z.enum(outcomes),
  message: z.string(),
  evidence: z.array(recordRef),
  due: instantSchema.optional(),
  /** The waiver that accepts this failure. */
  waiver: z.string().optional(),
  /** The outcome under the earlier rule, where the policy in force was dated before it was first seen. */
  earlierOutcome: z.enum(outcomes).optional(),
});
export type AssessedObservation = z.infer<typeof observationSchema>;

/** What sets a change apart from an ordinary one, whatever its tests say. */
export const itemClasses = [
  "emergency", // it bore the emergency's mark when it merged
  "significant", // significant by policy: a label that stood, or a path it touches
  "automated", // automation opened it
  "release", // automation that only raises versions, by policy's preset
  "mergedByHand", // somebody merged it by hand, and pushed
  "editsItsChecks", // it edits the file of a workflow that ran on it
  "retried", // a check of its head had failed before it passed
] as const;
export type ItemClass = (typeof itemClasses)[number];

/** One item of the population with every attribute's outcome; every number of a pack is counted from these. */
export const itemSchema = z.object({
  subject: z.enum(subjects),
  /** The natural key: unique within its subject. */
  key: z.string(),
  system: z.string(),
  team: z.string(),
  repository: z.string(),
  /** `#12`, `9f3c1ab0`, `deployment 99`, `payments: main`. */
  label: z.string(),
  title: z.string(),
  url: z.string().nullable(),
  /** Change number or the source's deployment number, where it has one. */
  number: z.string().nullable(),
  /** The commit on the branch (of a change: its merge commit), the commit deployed. */
  commit: z.string().nullable(),
  /** When it reached the branch, was deployed. Where only an interval is known: its end, the latest it can have been. */
  at: instantSchema,
  /** The beginning of that interval; absent where `at` is exact. */
  notBefore: instantSchema.optional(),
  /** Author of a change or commit, creator of a deployment; `login (id)`. Of a commit that no change explains: who pushed it, or that nobody recorded that, and whom git names. */
  actor: z.string(),
  /** Of a commit: the account by which the source knows its author, as git names it; null where it knows none. */
  account: z.string().nullable().optional(),
  environment: z.string().nullable(),
  /** For a change: the key of its first production deployment. For a commit: the key of the change that explains it. */
  link: z.string().nullable(),
  /** Listed in two periods, because nothing places it in one. */
  unplaced: z.boolean().default(false),
  /** Of a change: the classes it belongs to; absent for none. */
  classes: z.array(z.enum(itemClasses)).optional(),
  /** Null only for settings that were never observed. */
  record: recordRef.nullable(),
  observations: z.array(observationSchema),
});
export type Item = z.infer<typeof itemSchema>;
