import { z } from "zod";
import { actorSchema, base, instantSchema } from "./base.ts";

export const repositorySchema = z.object({
  type: z.literal("repository"),
  ...base,
  name: z.string(),
  url: z.string(),
  defaultBranch: z.string().nullable(),
  archived: z.boolean(),
  visibility: z.string(),
  createdAt: instantSchema,
  /** Settings an auditor asks for, by the source's names. */
  settings: z.record(z.string(), z.union([z.string(), z.boolean(), z.null()])),
});

/** A repository in the organisation's own list, in scope or not. */
export const listedRepositorySchema = z.object({
  type: z.literal("listedRepository"),
  ...base,
  name: z.string(),
  archived: z.boolean(),
  visibility: z.string(),
});

/** Who may do what in a repository, as seen at one instant; keyed by that instant. */
export const accessSchema = z.object({
  type: z.literal("access"),
  ...base,
  observedAt: instantSchema,
  accounts: z.array(z.object({ account: actorSchema, role: z.string() })),
  teams: z.array(z.object({ name: z.string(), role: z.string() })).nullable(),
  /** Whether pipelines may approve changes; null: not readable. */
  pipelinesMayApprove: z.boolean().nullable(),
});

/** One entry of an organisation's audit log, about a repository or, under the key `<source>/-`, about all of them. */
export const auditEventSchema = z.object({
  type: z.literal("auditEvent"),
  ...base,
  id: z.string(),
  action: z.string(),
  /** The branch, rule set or environment that it happened to, as the log names it. */
  subject: z.string().optional(),
  at: instantSchema,
  by: z.string().nullable(),
  /** The id of that account, where the log has it. */
  accountId: z.string().optional(),
  /** The commit that a branch led to afterwards. */
  after: z.string().optional(),
  /** What was overridden, by the source's names. */
  unmet: z.array(z.string()).optional(),
});

/** A security alert with its life so far. */
export const securityAlertSchema = z.object({
  type: z.literal("securityAlert"),
  ...base,
  id: z.string(),
  tool: z.enum(["dependencies", "code", "secrets"]),
  title: z.string(),
  severity: z.string(),
  openedAt: instantSchema,
  fixedAt: instantSchema.nullable(),
  dismissedAt: instantSchema.nullable(),
  dismissedBy: actorSchema.nullable(),
  dismissedBecause: z.string().nullable(),
});

/** What nobody could read of what the source gave: the latest record of an object, kept raw; nothing of its stream can be verified. */
export const unreadableSchema = z.object({
  type: z.literal("unreadable"),
  /** `<stream>/<kind>/<externalId>`. */
  ...base,
  stream: z.string(),
  kind: z.string(),
  externalId: z.string(),
  reason: z.string(),
});
