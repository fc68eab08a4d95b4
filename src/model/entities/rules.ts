import { z } from "zod";
import { actorSchema, base, instantSchema } from "./base.ts";

/** What one rule set or branch rule demands of whatever reaches the branches it names. */
export const ruleSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** `evaluate` and `disabled` are never credited. */
  enforcement: z.enum(["active", "evaluate", "disabled", "unknown"]),
  /** Whether it applies to the released branch by the source's own patterns. */
  appliesToReleasedBranch: z.boolean(),
  changeRequired: z.boolean(),
  approvals: z.number().int(),
  dismissStaleApprovals: z.boolean(),
  lastPushApproval: z.boolean(),
  codeOwnerApproval: z.boolean(),
  checks: z.array(z.object({ name: z.string(), app: z.string().nullable() })),
  forcePushBlocked: z.boolean(),
  deletionBlocked: z.boolean(),
  /** Who may pass it by, as the source names them; administrators among them where they are exempt. */
  bypass: z.array(z.string()),
  /** Whether `bypass` could be read: without it nobody knows who may pass. */
  bypassReadable: z.boolean(),
  /** Rules of kinds we cannot read, by the source's name: kept, never credited. */
  unread: z.array(z.string()),
  /** When the source says it last changed; null where it does not say. */
  updatedAt: instantSchema.nullable(),
});
export type Rule = z.infer<typeof ruleSchema>;

/** All rules that guard one repository's released branch, as seen at one instant; keyed by that instant. */
export const protectionSchema = z.object({
  type: z.literal("protection"),
  ...base,
  branch: z.string(),
  observedAt: instantSchema,
  rules: z.array(ruleSchema),
});

const activityKinds = ["push", "forcePush", "merge", "mergeQueue", "created", "deleted", "unknown"] as const;

/** One move of a branch, as the server recorded it: proves who pushed, and when, where git's own names and dates prove nothing. */
export const branchActivitySchema = z.object({
  type: z.literal("branchActivity"),
  ...base,
  id: z.string(),
  branch: z.string(),
  activity: z.enum(activityKinds),
  at: instantSchema,
  by: actorSchema.nullable(),
  /** The head before and after; null where the branch was made or deleted. */
  before: z.string().nullable(),
  after: z.string().nullable(),
});

/** The source's own evaluation of its rules when something was pushed to a branch. */
export const ruleSuiteSchema = z.object({
  type: z.literal("ruleSuite"),
  ...base,
  id: z.string(),
  branch: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  at: instantSchema,
  by: actorSchema.nullable(),
  result: z.enum(["passed", "failed", "bypassed", "unknown"]),
  /** What was not met, by the source's names of its rules; null where the details were not read. */
  unmet: z.array(z.string()).nullable(),
});

/** One version of a rule set: what it demanded from `at` on. */
export const ruleVersionSchema = z.object({
  type: z.literal("ruleVersion"),
  ...base,
  ruleSet: z.string(),
  version: z.string(),
  at: instantSchema,
  by: actorSchema.nullable(),
  /** As it is for the branch below. */
  rule: ruleSchema,
  /** One that changes are promoted through; absent: the one where they land. */
  branch: z.string().optional(),
});
