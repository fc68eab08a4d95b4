import { z } from "zod";
import { actorSchema, base, conclusions, instantSchema } from "./base.ts";

export const changeSchema = z.object({
  type: z.literal("change"),
  ...base,
  number: z.number().int(),
  title: z.string(),
  description: z.string(),
  /** When its description was last edited, null for never; absent where the source was not asked. */
  editedAt: instantSchema.nullable().optional(),
  /** When this state of it was first read. */
  readAt: instantSchema.optional(),
  url: z.string(),
  author: actorSchema.nullable(),
  merger: actorSchema.nullable(),
  createdAt: instantSchema,
  mergedAt: instantSchema,
  baseRef: z.string(),
  baseOid: z.string(),
  headRef: z.string(),
  headOid: z.string(),
  /** What the merge put on the base branch; null where the source no longer says. */
  mergeOid: z.string().nullable(),
  /** Its labels when it was read; null where its events say which it had, and when. */
  labels: z.array(z.string()).nullable(),
  /** What the source counts; fewer stored means that evidence is missing. Null: not said. */
  totals: z.object({
    commits: z.number().int(),
    reviews: z.number().int().nullable(),
    files: z.number().int().nullable(),
    checks: z.number().int().nullable(),
    workItems: z.number().int().nullable(),
    labels: z.number().int().nullable(),
    events: z.number().int().nullable(),
  }),
});

const changeEventKinds = [
  "labelled",
  "unlabelled",
  "baseChanged",
  "headForcePushed",
  "autoMergeEnabled",
  "queued",
  "linked",
  "unknown",
] as const;

/** What happened to a change besides commits, reviews and dismissals, at the source's time. */
export const changeEventSchema = z.object({
  type: z.literal("changeEvent"),
  ...base,
  change: z.string(),
  event: z.enum(changeEventKinds),
  at: instantSchema,
  by: actorSchema.nullable(),
  /** The label set or taken away. */
  label: z.string().nullable(),
  /** The base branch, or the head's commit, before and after; of a link made by hand, `to` is its key. */
  from: z.string().nullable(),
  to: z.string().nullable(),
});

export const changeCommitSchema = z.object({
  type: z.literal("changeCommit"),
  ...base,
  change: z.string(),
  oid: z.string(),
  /** 0 for the oldest. */
  ordinal: z.number().int(),
});

export const changeFilesSchema = z.object({
  type: z.literal("changeFiles"),
  ...base,
  change: z.string(),
  paths: z.array(z.string()),
});

const reviewStates = ["approved", "changesRequested", "commented", "dismissed", "pending", "unknown"] as const;

export const reviewSchema = z.object({
  type: z.literal("review"),
  ...base,
  id: z.string(),
  change: z.string(),
  author: actorSchema.nullable(),
  state: z.enum(reviewStates),
  submittedAt: instantSchema.nullable(),
  /** The commit that was reviewed; null where the source no longer holds it. */
  oid: z.string().nullable(),
});

export const dismissalSchema = z.object({
  type: z.literal("dismissal"),
  ...base,
  change: z.string(),
  review: z.string(),
  at: instantSchema,
  by: actorSchema.nullable(),
  previousState: z.enum(reviewStates),
});

/** A check on a commit: one run by an app, or a status that an account set (`app` null). */
export const checkSchema = z.object({
  type: z.literal("check"),
  ...base,
  id: z.string(),
  oid: z.string(),
  name: z.string(),
  app: z.string().nullable(),
  conclusion: z.enum(conclusions),
  startedAt: instantSchema.nullable(),
  completedAt: instantSchema.nullable(),
  url: z.string().nullable(),
  setBy: actorSchema.nullable(),
  /** The suite of checks it ran in: two suites of one app may each have a check of one name. Null: it ran in none. */
  suite: z.string().nullable(),
  /** The file that defines the workflow it is a job of, where the source says. */
  workflow: z.string().nullable(),
  /** An earlier attempt than the source's last, by its number; null for what the source counts as current. */
  attempt: z.number().int().nullable(),
});

export const workItemLinkSchema = z.object({
  type: z.literal("workItemLink"),
  ...base,
  change: z.string(),
  /** `owner/name#12`, or the tracker's own id. */
  workItem: z.string(),
  title: z.string(),
  url: z.string(),
  author: actorSchema.nullable(),
  createdAt: instantSchema,
});
