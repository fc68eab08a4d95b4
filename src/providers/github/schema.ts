import { z } from "zod";

// The bodies of records, as far as they are read. What a source may extend is a string here; normalize gives it a meaning.

const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), "a time");
/** A number; in digits where a double cannot hold it. */
const databaseId = z.union([z.number(), z.string()]);
const total = z.object({ totalCount: z.number().int() });

export const accountSchema = z
  .object({
    __typename: z.string(),
    login: z.string(),
    databaseId: databaseId.nullish(),
    id: z.string().optional(),
  })
  .nullable();

const gitPerson = z
  .object({ name: z.string().nullable(), email: z.string().nullable(), user: accountSchema })
  .nullable();
export type GitPersonBody = z.infer<typeof gitPerson>;

const commit = z.object({
  oid: z.string(),
  message: z.string(),
  authoredDate: time,
  committedDate: time,
  author: gitPerson,
  committer: gitPerson,
  tree: z.object({ oid: z.string() }).optional(),
  signature: z.object({ isValid: z.boolean(), wasSignedByGitHub: z.boolean() }).nullish(),
});
export type CommitBody = z.infer<typeof commit>;

export const graphCommitSchema = commit.extend({
  tree: z.object({ oid: z.string() }),
  parents: z.object({ totalCount: z.number().int(), nodes: z.array(z.object({ oid: z.string() })) }),
  /** Missing where it was not asked: GitHub made the commit, so a change names it, or it is not on the line. */
  associatedPullRequests: z.object({ nodes: z.array(z.object({ number: z.number().int() }).nullable()) }).nullish(),
});

export const branchHeadSchema = z.object({
  branch: z.string(),
  oid: z.string(),
  /** The how manieth sighting that differed from the one before; missing in the first. */
  sighting: z.number().int().optional(),
});

export const changeSchema = z.object({
  number: z.number().int(),
  title: z.string(),
  body: z.string(),
  lastEditedAt: time.nullish(),
  url: z.string(),
  author: accountSchema,
  mergedBy: accountSchema,
  createdAt: time,
  mergedAt: time,
  baseRefName: z.string(),
  baseRefOid: z.string(),
  headRefName: z.string(),
  headRefOid: z.string(),
  mergeCommit: z.object({ oid: z.string() }).nullable(),
  labels: z
    .object({ totalCount: z.number().int(), nodes: z.array(z.object({ name: z.string() }).nullable()) })
    .nullish(),
  commits: total,
  /** How many of its timeline's items are what, once all were read. */
  timeline: z.object({ events: z.number().int(), reviews: z.number().int().optional() }).optional(),
  reviews: total.optional(),
  files: total.optional(),
  checks: total.optional(),
  workItems: total.optional(),
});

export const changeCommitSchema = z.object({ change: z.number().int(), ordinal: z.number().int(), commit });

export const commitAuthorsSchema = z.object({
  oid: z.string(),
  authors: z.object({ totalCount: z.number().int(), nodes: z.array(gitPerson) }),
});

export const commitParentsSchema = z.object({
  oid: z.string(),
  parents: z.object({ totalCount: z.number().int(), nodes: z.array(z.object({ oid: z.string() })) }),
});

export const filesSchema = z.object({ change: z.number().int(), files: z.array(z.object({ path: z.string() })) });

const id = { id: z.string(), fullDatabaseId: databaseId.nullish() };

export const reviewSchema = z.object({
  change: z.number().int(),
  review: z.object({
    ...id,
    author: accountSchema,
    state: z.string(),
    submittedAt: time.nullable(),
    commit: z.object({ oid: z.string() }).nullable(),
  }),
});

export const changeEventSchema = z.object({
  change: z.number().int(),
  event: z.object({
    __typename: z.string(),
    id: z.string(),
    createdAt: time,
    actor: accountSchema.optional(),
    label: z.object({ name: z.string() }).optional(),
    previousRefName: z.string().optional(),
    currentRefName: z.string().optional(),
    oldBase: z.string().optional(),
    newBase: z.string().optional(),
    /** What was linked; the change itself is the other of the two, and not asked for its id. */
    source: z.object({ id: z.string().optional() }).optional(),
    subject: z.object({ id: z.string().optional() }).optional(),
    beforeCommit: z.object({ oid: z.string() }).nullish(),
    afterCommit: z.object({ oid: z.string() }).nullish(),
  }),
});
export type ChangeEventBody = z.infer<typeof changeEventSchema>["event"];

export const dismissalSchema = z.object({
  change: z.number().int(),
  dismissal: z.object({
    id: z.string(),
    createdAt: time,
    actor: accountSchema,
    previousReviewState: z.string(),
    review: z.object(id).nullable(),
  }),
});

export const checkSchema = z.object({
  oid: z.string(),
  check: z.discriminatedUnion("__typename", [
    z.object({
      __typename: z.literal("CheckRun"),
      id: z.string(),
      databaseId: databaseId.nullish(),
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullable(),
      startedAt: time.nullable(),
      completedAt: time.nullable(),
      url: z.string().nullable(),
      checkSuite: z.object({
        databaseId: databaseId.nullish(),
        app: z.object({ slug: z.string() }).nullable(),
        workflowRun: z.object({ file: z.object({ path: z.string() }).nullish() }).nullish(),
      }),
    }),
    z.object({
      __typename: z.literal("StatusContext"),
      id: z.string(),
      context: z.string(),
      state: z.string(),
      createdAt: time,
      targetUrl: z.string().nullable(),
      creator: accountSchema,
    }),
  ]),
});

export const workItemSchema = z.object({
  change: z.number().int(),
  workItem: z.object({
    id: z.string(),
    number: z.number().int(),
    title: z.string(),
    url: z.string(),
    createdAt: time,
    author: accountSchema,
    repository: z.object({ nameWithOwner: z.string() }),
  }),
});

export const deploymentSchema = z.object({
  id: z.string(),
  databaseId: databaseId.nullable(),
  environment: z.string().nullable(),
  originalEnvironment: z.string().nullish(),
  task: z.string().nullable(),
  commitOid: z.string(),
  createdAt: time,
  ref: z.object({ name: z.string() }).nullable(),
  creator: accountSchema,
  statuses: z.object({ totalCount: z.number().int() }),
});

export const deploymentStatusSchema = z.object({
  deployment: z.string(),
  status: z.object({
    id: z.string(),
    state: z.string(),
    environment: z.string().nullish(),
    createdAt: time,
    logUrl: z.string().nullish(),
    creator: accountSchema,
  }),
});

export const repositorySchema = z.object({
  databaseId: databaseId,
  nameWithOwner: z.string(),
  url: z.string(),
  createdAt: time,
  isArchived: z.boolean(),
  visibility: z.string(),
  defaultBranchRef: z.object({ name: z.string() }).nullable(),
});

export const listedRepositorySchema = z.object({
  databaseId: databaseId,
  nameWithOwner: z.string(),
  isArchived: z.boolean(),
  visibility: z.string(),
});

const allowance = z.object({
  nodes: z.array(
    z
      .object({
        actor: z
          .object({ __typename: z.string(), slug: z.string().optional(), login: z.string().optional() })
          .nullable(),
      })
      .nullable(),
  ),
});

const rulesetSchema = z.object({
  databaseId: databaseId.nullable(),
  name: z.string(),
  target: z.string().nullable(),
  enforcement: z.string(),
  updatedAt: time,
  conditions: z.object({
    refName: z.object({ include: z.array(z.string()), exclude: z.array(z.string()) }).nullable(),
  }),
  rules: z
    .object({
      totalCount: z.number().int(),
      nodes: z.array(
        z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).nullable() }).nullable(),
      ),
    })
    .nullable(),
  bypassActors: z
    .object({
      totalCount: z.number().int(),
      nodes: z.array(
        z
          .object({
            actor: z.object({ __typename: z.string(), slug: z.string().optional() }).nullable(),
            bypassMode: z.string().nullable(),
            deployKey: z.boolean(),
            organizationAdmin: z.boolean(),
            repositoryRoleName: z.string().nullable(),
          })
          .nullable(),
      ),
    })
    .nullish(),
});
export type RulesetBody = z.infer<typeof rulesetSchema>;

const classicRuleSchema = z.object({
  databaseId: databaseId.nullable(),
  pattern: z.string(),
  isAdminEnforced: z.boolean(),
  requiresApprovingReviews: z.boolean(),
  requiredApprovingReviewCount: z.number().nullable(),
  dismissesStaleReviews: z.boolean(),
  requireLastPushApproval: z.boolean(),
  requiresCodeOwnerReviews: z.boolean(),
  requiresStatusChecks: z.boolean(),
  requiredStatusChecks: z
    .array(z.object({ context: z.string(), app: z.object({ slug: z.string() }).nullable() }))
    .nullable(),
  allowsForcePushes: z.boolean(),
  allowsDeletions: z.boolean(),
  bypassPullRequestAllowances: allowance.nullable(),
  bypassForcePushAllowances: allowance.nullable(),
});
export type ClassicRuleBody = z.infer<typeof classicRuleSchema>;

export const protectionSchema = z.object({
  branch: z.string(),
  defaultBranch: z.string().nullable(),
  /** The branches that changes are promoted through after that. */
  promoted: z.array(z.string()).optional(),
  rulesets: z.array(rulesetSchema).nullable(),
  branchProtectionRules: z.array(classicRuleSchema).nullable(),
  apps: z.record(z.string(), z.string()),
});
export type ProtectionBody = z.infer<typeof protectionSchema>;

export const pullRequestParametersSchema = z.object({
  dismissStaleReviewsOnPush: z.boolean(),
  requireCodeOwnerReview: z.boolean(),
  requireLastPushApproval: z.boolean(),
  requiredApprovingReviewCount: z.number().int(),
});

export const requiredChecksSchema = z.object({
  requiredStatusChecks: z.array(z.object({ context: z.string(), integrationId: databaseId.nullish() })),
});
