import { z } from "zod";
import { actorSchema, base, conclusions, instantSchema } from "./base.ts";

/** What shows a deployment that the source itself keeps no record of. */
const deploymentOriginSchema = z.discriminatedUnion("from", [
  /** A job of a pipeline run, as the source recorded it; `automation` is the account that runs such jobs. */
  z.object({
    from: z.literal("workflow"),
    stream: z.string(),
    workflow: z.string(),
    job: z.string(),
    automation: z.string(),
    /** The tree of the commit it was at; null where the source does not say. */
    tree: z.string().nullable(),
  }),
  /** A row of a list that the organisation keeps; its creator's login is the name as the list gives it. */
  z.object({ from: z.literal("import"), stream: z.string() }),
]);

export const deploymentSchema = z.object({
  type: z.literal("deployment"),
  ...base,
  id: z.string(),
  oid: z.string(),
  ref: z.string().nullable(),
  /** As the source last named it; empty where only the configuration says which it is. */
  environment: z.string(),
  /** The one it was made for, which later statuses cannot change. */
  originalEnvironment: z.string().optional(),
  task: z.string(),
  creator: actorSchema.nullable(),
  createdAt: instantSchema,
  totalStatuses: z.number().int(),
  /** Absent: the source's own record of it. */
  origin: deploymentOriginSchema.optional(),
});

const deploymentStates = ["success", "failure", "running", "inactive", "unknown"] as const;

export const deploymentStatusSchema = z.object({
  type: z.literal("deploymentStatus"),
  ...base,
  deployment: z.string(),
  state: z.enum(deploymentStates),
  /** The environment it was to be in by then. */
  environment: z.string().optional(),
  createdAt: instantSchema,
  creator: actorSchema.nullable(),
  /** The pipeline run that reported it, where it names one. */
  run: z.string().nullable(),
});

/** An environment's rules as seen at one instant; keyed by name and instant. */
export const environmentSchema = z.object({
  type: z.literal("environment"),
  ...base,
  name: z.string(),
  observedAt: instantSchema,
  /** Accounts and teams that may approve a deployment to it; empty: nobody has to. */
  reviewers: z.array(z.string()),
  /** Who started a deployment may not approve it; null: not said. */
  selfApprovalPrevented: z.boolean().nullable(),
  administratorsMayBypass: z.boolean().nullable(),
  /** Which branches may be deployed to it. */
  branches: z.enum(["all", "protected", "selected"]),
  /** The patterns that selected branches must match, a tag's marked as one; absent where they were not read. */
  branchNames: z.array(z.string()).optional(),
  waitMinutes: z.number().int(),
});

/** A run of a pipeline, its latest attempt. */
export const pipelineRunSchema = z.object({
  type: z.literal("pipelineRun"),
  ...base,
  id: z.string(),
  name: z.string(),
  /** The file that defines it. */
  workflow: z.string(),
  /** What started it, by the source's name: `push`, `workflow_dispatch` ... */
  trigger: z.string(),
  branch: z.string().nullable(),
  oid: z.string(),
  attempt: z.number().int(),
  conclusion: z.enum(conclusions),
  /** Who caused it, and who started its latest attempt. */
  by: actorSchema.nullable(),
  startedBy: actorSchema.nullable(),
  createdAt: instantSchema,
});

/** Somebody's word on a deployment that waited for it. The source keeps no time of it. */
export const deploymentApprovalSchema = z.object({
  type: z.literal("deploymentApproval"),
  ...base,
  run: z.string(),
  environment: z.string(),
  state: z.enum(["approved", "rejected", "unknown"]),
  by: actorSchema.nullable(),
  comment: z.string(),
});

/** Where a tag pointed when a run looked; one entity per commit seen, so a moved tag has two. */
export const tagSchema = z.object({
  type: z.literal("tag"),
  ...base,
  name: z.string(),
  oid: z.string(),
  observedAt: instantSchema,
});

export const releaseSchema = z.object({
  type: z.literal("release"),
  ...base,
  id: z.string(),
  name: z.string(),
  tag: z.string(),
  author: actorSchema.nullable(),
  publishedAt: instantSchema.nullable(),
});
