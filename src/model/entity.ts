import { z } from "zod";

/** ISO 8601 in UTC to the second; sorts as text. */
export const instantSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "an instant such as 2026-10-31T23:59:59Z");

const base = {
  /** The natural key, unique within the type (see keys.ts). */
  key: z.string(),
  /** The repository's key; of an organisation's entity, the source's id. */
  repository: z.string(),
};

/** An account as the source names it; `automation` is an app or a bot by the source's own word. */
export const actorSchema = z.object({
  id: z.string(),
  login: z.string(),
  kind: z.enum(["person", "automation", "unknown"]),
});
export type Actor = z.infer<typeof actorSchema>;

/** What a commit says of a person: proves nothing but by its `account`, which the source resolved. */
export const gitPersonSchema = z.object({
  name: z.string(),
  email: z.string(),
  account: actorSchema.nullable(),
});
export type GitPerson = z.infer<typeof gitPersonSchema>;

const commitSchema = z.object({
  type: z.literal("commit"),
  ...base,
  oid: z.string(),
  headline: z.string(),
  author: gitPersonSchema,
  committer: gitPersonSchema,
  /** Git's own dates: shown, never judged by. */
  authoredAt: instantSchema,
  committedAt: instantSchema,
  /** The message carries a co-author trailer, so `commitAuthors` must be known before independence is. */
  coAuthored: z.boolean(),
  /** The platform itself made the commit (merge button): its committer is no contributor. */
  byPlatform: z.boolean(),
});

const commitAuthorsSchema = z.object({
  type: z.literal("commitAuthors"),
  ...base,
  oid: z.string(),
  authors: z.array(gitPersonSchema),
});

/** A commit's place in the graph of the released branch, with the changes the source associates with it. */
const graphCommitSchema = z.object({
  type: z.literal("graphCommit"),
  ...base,
  oid: z.string(),
  parents: z.array(z.string()),
  tree: z.string(),
  changes: z.array(z.number().int()),
});

/** Where the released branch stood when a run looked; one entity per head seen. */
const branchHeadSchema = z.object({
  type: z.literal("branchHead"),
  ...base,
  branch: z.string(),
  oid: z.string(),
  observedAt: instantSchema,
});

const changeSchema = z.object({
  type: z.literal("change"),
  ...base,
  number: z.number().int(),
  title: z.string(),
  description: z.string(),
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
  labels: z.array(z.string()),
  /** What the source counts; fewer stored means that evidence is missing. Null: not said. */
  totals: z.object({
    commits: z.number().int(),
    reviews: z.number().int().nullable(),
    files: z.number().int().nullable(),
    checks: z.number().int().nullable(),
    workItems: z.number().int().nullable(),
    labels: z.number().int(),
  }),
});

const changeCommitSchema = z.object({
  type: z.literal("changeCommit"),
  ...base,
  change: z.string(),
  oid: z.string(),
  /** 0 for the oldest. */
  ordinal: z.number().int(),
});

const changeFilesSchema = z.object({
  type: z.literal("changeFiles"),
  ...base,
  change: z.string(),
  paths: z.array(z.string()),
});

const reviewStates = ["approved", "changesRequested", "commented", "dismissed", "pending", "unknown"] as const;

const reviewSchema = z.object({
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

const dismissalSchema = z.object({
  type: z.literal("dismissal"),
  ...base,
  change: z.string(),
  review: z.string(),
  at: instantSchema,
  by: actorSchema.nullable(),
  previousState: z.enum(reviewStates),
});

const conclusions = ["success", "failure", "neutral", "skipped", "cancelled", "running", "unknown"] as const;

/** A check on a commit: one run by an app, or a status that an account set (`app` null). */
const checkSchema = z.object({
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
});

const workItemLinkSchema = z.object({
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

const deploymentSchema = z.object({
  type: z.literal("deployment"),
  ...base,
  id: z.string(),
  oid: z.string(),
  ref: z.string().nullable(),
  environment: z.string(),
  task: z.string(),
  creator: actorSchema.nullable(),
  createdAt: instantSchema,
  totalStatuses: z.number().int(),
});

const deploymentStates = ["success", "failure", "running", "inactive", "unknown"] as const;

const deploymentStatusSchema = z.object({
  type: z.literal("deploymentStatus"),
  ...base,
  deployment: z.string(),
  state: z.enum(deploymentStates),
  createdAt: instantSchema,
  creator: actorSchema.nullable(),
});

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
const protectionSchema = z.object({
  type: z.literal("protection"),
  ...base,
  branch: z.string(),
  observedAt: instantSchema,
  rules: z.array(ruleSchema),
});

const repositorySchema = z.object({
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
const listedRepositorySchema = z.object({
  type: z.literal("listedRepository"),
  ...base,
  name: z.string(),
  archived: z.boolean(),
  visibility: z.string(),
});

/** What nobody could read of what the source gave: the latest record of an object, kept raw; nothing of its stream can be verified. */
const unreadableSchema = z.object({
  type: z.literal("unreadable"),
  /** `<stream>/<kind>/<externalId>`. */
  ...base,
  stream: z.string(),
  kind: z.string(),
  externalId: z.string(),
  reason: z.string(),
});

/** What a record says, in our words; `type` tells which. */
export const entitySchema = z.discriminatedUnion("type", [
  commitSchema,
  commitAuthorsSchema,
  graphCommitSchema,
  branchHeadSchema,
  changeSchema,
  changeCommitSchema,
  changeFilesSchema,
  reviewSchema,
  dismissalSchema,
  checkSchema,
  workItemLinkSchema,
  deploymentSchema,
  deploymentStatusSchema,
  protectionSchema,
  repositorySchema,
  listedRepositorySchema,
  unreadableSchema,
]);
export type Entity = z.infer<typeof entitySchema>;
export type EntityType = Entity["type"];
export type EntityOf<T extends EntityType> = Extract<Entity, { type: T }>;

/** An entity with the record it rests on. */
export type Seen<T> = T & { readonly record: number };

export type Commit = EntityOf<"commit">;
export type GraphCommit = EntityOf<"graphCommit">;
export type Change = EntityOf<"change">;
export type Review = EntityOf<"review">;
export type Dismissal = EntityOf<"dismissal">;
export type Check = EntityOf<"check">;
export type WorkItemLink = EntityOf<"workItemLink">;
export type Deployment = EntityOf<"deployment">;
export type DeploymentStatus = EntityOf<"deploymentStatus">;
export type Protection = EntityOf<"protection">;
export type Unreadable = EntityOf<"unreadable">;
