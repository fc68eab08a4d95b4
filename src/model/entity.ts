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
  /** Null where the source was not asked for it. */
  tree: z.string().nullable(),
  /** Whether the platform itself made the commit (merge button), by its own signature: its committer is no contributor then. */
  madeBy: z.enum(["platform", "other", "unknown"]),
});

const commitAuthorsSchema = z.object({
  type: z.literal("commitAuthors"),
  ...base,
  oid: z.string(),
  authors: z.array(gitPersonSchema),
});

/** The parents of a change's own commit that may be a merge of its base. */
const commitParentsSchema = z.object({
  type: z.literal("commitParents"),
  ...base,
  oid: z.string(),
  parents: z.array(z.string()),
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
const changeEventSchema = z.object({
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
  /** The suite of checks it ran in: two suites of one app may each have a check of one name. Null: it ran in none. */
  suite: z.string().nullable(),
  /** The file that defines the workflow it is a job of, where the source says. */
  workflow: z.string().nullable(),
  /** An earlier attempt than the source's last, by its number; null for what the source counts as current. */
  attempt: z.number().int().nullable(),
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

const deploymentSchema = z.object({
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

const deploymentStatusSchema = z.object({
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

const activityKinds = ["push", "forcePush", "merge", "mergeQueue", "created", "deleted", "unknown"] as const;

/** One move of a branch, as the server recorded it: proves who pushed, and when, where git's own names and dates prove nothing. */
const branchActivitySchema = z.object({
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
const ruleSuiteSchema = z.object({
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
const ruleVersionSchema = z.object({
  type: z.literal("ruleVersion"),
  ...base,
  ruleSet: z.string(),
  version: z.string(),
  at: instantSchema,
  by: actorSchema.nullable(),
  rule: ruleSchema,
});

/** An environment's rules as seen at one instant; keyed by name and instant. */
const environmentSchema = z.object({
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
const pipelineRunSchema = z.object({
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
const deploymentApprovalSchema = z.object({
  type: z.literal("deploymentApproval"),
  ...base,
  run: z.string(),
  environment: z.string(),
  state: z.enum(["approved", "rejected", "unknown"]),
  by: actorSchema.nullable(),
  comment: z.string(),
});

/** Who may do what in a repository, as seen at one instant; keyed by that instant. */
const accessSchema = z.object({
  type: z.literal("access"),
  ...base,
  observedAt: instantSchema,
  accounts: z.array(z.object({ account: actorSchema, role: z.string() })),
  teams: z.array(z.object({ name: z.string(), role: z.string() })).nullable(),
  /** Whether pipelines may approve changes; null: not readable. */
  pipelinesMayApprove: z.boolean().nullable(),
});

/** One entry of an organisation's audit log, about a repository or, under the key `<source>/-`, about all of them. */
const auditEventSchema = z.object({
  type: z.literal("auditEvent"),
  ...base,
  id: z.string(),
  action: z.string(),
  /** The branch, rule set or environment that it happened to, as the log names it. */
  subject: z.string().optional(),
  at: instantSchema,
  by: z.string().nullable(),
});

/** Where a tag pointed when a run looked; one entity per commit seen, so a moved tag has two. */
const tagSchema = z.object({
  type: z.literal("tag"),
  ...base,
  name: z.string(),
  oid: z.string(),
  observedAt: instantSchema,
});

const releaseSchema = z.object({
  type: z.literal("release"),
  ...base,
  id: z.string(),
  name: z.string(),
  tag: z.string(),
  author: actorSchema.nullable(),
  publishedAt: instantSchema.nullable(),
});

/** A security alert with its life so far. */
const securityAlertSchema = z.object({
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
  commitParentsSchema,
  graphCommitSchema,
  branchHeadSchema,
  changeSchema,
  changeEventSchema,
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
  branchActivitySchema,
  ruleSuiteSchema,
  ruleVersionSchema,
  environmentSchema,
  pipelineRunSchema,
  deploymentApprovalSchema,
  accessSchema,
  auditEventSchema,
  tagSchema,
  releaseSchema,
  securityAlertSchema,
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
export type ChangeEvent = EntityOf<"changeEvent">;
export type Review = EntityOf<"review">;
export type Dismissal = EntityOf<"dismissal">;
export type Check = EntityOf<"check">;
export type WorkItemLink = EntityOf<"workItemLink">;
export type Deployment = EntityOf<"deployment">;
export type DeploymentStatus = EntityOf<"deploymentStatus">;
export type Protection = EntityOf<"protection">;
export type BranchActivity = EntityOf<"branchActivity">;
export type RuleSuite = EntityOf<"ruleSuite">;
export type PipelineRun = EntityOf<"pipelineRun">;
export type DeploymentApproval = EntityOf<"deploymentApproval">;
export type Unreadable = EntityOf<"unreadable">;
