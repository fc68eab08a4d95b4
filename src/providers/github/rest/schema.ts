import { z } from "zod";

// The bodies of further records, as far as they are read; REST writes snake case. What a source may extend is a string here.

const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), "a time");
/** A number; in digits where a double cannot hold it. */
const id = z.union([z.number(), z.string()]);
const oid = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, "the id of a commit");

const userSchema = z.object({ login: z.string(), id, type: z.string() }).nullable();
export type UserBody = z.infer<typeof userSchema>;

export const activitySchema = z.object({
  id,
  before: oid,
  after: oid,
  ref: z.string(),
  timestamp: time,
  activity_type: z.string(),
  actor: userSchema,
});

export const ruleSuiteSchema = z.object({
  id,
  actor_id: id.nullish(),
  actor_name: z.string().nullish(),
  before_sha: oid,
  after_sha: oid,
  ref: z.string(),
  pushed_at: time,
  result: z.string(),
  rule_evaluations: z
    .array(z.object({ enforcement: z.string().optional(), result: z.string(), rule_type: z.string() }))
    .optional(),
});

const bypassActor = z.object({
  actor_id: id.nullish(),
  actor_type: z.string(),
  bypass_mode: z.string().optional(),
});

/** A rule set; a version's state may leave out what the set itself says. */
export const ruleSetSchema = z.object({
  id,
  name: z.string(),
  target: z.string().optional(),
  enforcement: z.string(),
  conditions: z
    .object({ ref_name: z.object({ include: z.array(z.string()), exclude: z.array(z.string()) }).optional() })
    .nullish(),
  rules: z.array(z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).nullish() })).optional(),
  bypass_actors: z.array(bypassActor).nullish(),
  updated_at: time.optional(),
});
export type RuleSetBody = z.infer<typeof ruleSetSchema>;

const named = {
  branch: z.string().nullable(),
  /** The branches that changes are promoted through after that. */
  promoted: z.array(z.string()).optional(),
  defaultBranch: z.string().nullable(),
  apps: z.record(z.string(), z.string()),
};

export const ruleVersionSchema = z.union([
  z.object({
    ...named,
    ruleSet: ruleSetSchema,
    version: z.object({
      version_id: id,
      actor: z.object({ id: id.optional(), type: z.string().optional() }).nullish(),
      updated_at: time,
      state: ruleSetSchema.partial(),
    }),
  }),
  z.object({ ...named, ruleSet: ruleSetSchema, now: ruleSetSchema.extend({ updated_at: time }) }),
]);

const reviewerSchema = z.object({ type: z.string(), reviewer: z.record(z.string(), z.unknown()) });

export const environmentsSchema = z.object({
  environments: z.array(
    z.object({
      name: z.string(),
      can_admins_bypass: z.boolean().nullish(),
      protection_rules: z
        .array(
          z.object({
            type: z.string(),
            wait_timer: z.number().int().optional(),
            prevent_self_review: z.boolean().optional(),
            reviewers: z.array(reviewerSchema).optional(),
          }),
        )
        .optional(),
      deployment_branch_policy: z
        .object({ protected_branches: z.boolean(), custom_branch_policies: z.boolean() })
        .nullish(),
    }),
  ),
  /** Of environments that select their branches, by name; null where they could not be read. */
  branchPolicies: z
    .record(z.string(), z.array(z.object({ name: z.string(), type: z.string().nullish() })).nullable())
    .optional(),
});

export const pipelineRunSchema = z.object({
  id,
  name: z.string().nullish(),
  path: z.string().optional(),
  event: z.string(),
  head_branch: z.string().nullable(),
  head_sha: oid,
  run_attempt: z.number().int().optional(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  actor: userSchema.optional(),
  triggering_actor: userSchema.optional(),
  created_at: time,
});

export const jobSchema = z.object({
  attempt: z.number().int(),
  run: z.string(),
  workflow: z.string().optional(),
  suite: id.optional(),
  job: z.object({
    id,
    name: z.string(),
    head_sha: oid,
    status: z.string(),
    conclusion: z.string().nullable(),
    started_at: time.nullable(),
    completed_at: time.nullable(),
    html_url: z.string().nullish(),
  }),
});

/** A run of a workflow with the jobs of one name, of all its attempts. */
export const workflowDeploymentSchema = z.object({
  workflow: z.string(),
  job: z.string(),
  run: pipelineRunSchema.extend({ head_commit: z.object({ tree_id: oid }).nullish() }),
  jobs: z.array(jobSchema.shape.job.extend({ run_attempt: z.number().int().optional() })),
  attempts: z.array(z.object({ run_attempt: z.number().int(), triggering_actor: userSchema.optional() })),
});

/** The same as GraphQL tells it. */
export const reviewsSchema = z.object({
  totalCount: z.number().int(),
  nodes: z.array(
    z.object({
      state: z.string(),
      comment: z.string().nullish(),
      user: z.object({ __typename: z.string(), login: z.string(), databaseId: id.optional() }).nullable(),
      environments: z.object({ totalCount: z.number().int(), nodes: z.array(z.object({ name: z.string() })) }),
    }),
  ),
});

export const approvalsSchema = z.union([
  z.object({
    run: z.string(),
    approvals: z.array(
      z.object({
        environments: z.array(z.object({ name: z.string() })),
        state: z.string(),
        user: userSchema,
        comment: z.string().nullish(),
      }),
    ),
  }),
  z.object({ run: z.string(), reviews: reviewsSchema }),
]);

export const accessSchema = z.object({
  collaborators: z.array(
    z.object({
      login: z.string(),
      id,
      type: z.string(),
      /** Older servers have only `permissions`. */
      role_name: z.string().optional(),
      permissions: z.record(z.string(), z.boolean()).optional(),
    }),
  ),
  teams: z.array(z.object({ slug: z.string(), permission: z.string() })).nullable(),
  workflow: z.object({ can_approve_pull_request_reviews: z.boolean() }).nullable(),
});

export const auditEventSchema = z.object({
  "@timestamp": z.number(),
  _document_id: z.string().optional(),
  action: z.string(),
  actor: z.string().nullish(),
  actor_id: id.nullish(),
  /** Absent of what concerns the organisation. */
  repo_id: id.nullish(),
  /** What it happened to: a branch or its pattern, a rule set, an environment. */
  name: z.unknown().optional(),
  branch: z.unknown().optional(),
  ruleset_name: z.unknown().optional(),
  environment_name: z.unknown().optional(),
  /** Of an override: the commit that the branch led to afterwards, and what was not met. */
  after: z.unknown().optional(),
  overridden_codes: z.unknown().optional(),
});

export const tagSchema = z.object({
  ref: z.string(),
  object: z.object({ type: z.string(), sha: oid }),
  /** What an annotated tag leads to. */
  commit: oid.optional(),
});

export const releaseSchema = z.object({
  id,
  name: z.string().nullable(),
  tag_name: z.string(),
  author: userSchema.optional(),
  published_at: time.nullable(),
});

const life = { number: id, created_at: time };

export const alertSchema = z.discriminatedUnion("tool", [
  z.object({
    tool: z.literal("dependencies"),
    alert: z.object({
      ...life,
      fixed_at: time.nullable(),
      dismissed_at: time.nullable(),
      auto_dismissed_at: time.nullish(),
      dismissed_by: userSchema,
      dismissed_reason: z.string().nullable(),
      security_advisory: z.object({ summary: z.string(), severity: z.string() }),
    }),
  }),
  z.object({
    tool: z.literal("code"),
    alert: z.object({
      ...life,
      fixed_at: time.nullish(),
      dismissed_at: time.nullable(),
      dismissed_by: userSchema,
      dismissed_reason: z.string().nullable(),
      rule: z.object({
        description: z.string().optional(),
        severity: z.string().nullish(),
        security_severity_level: z.string().nullish(),
      }),
    }),
  }),
  z.object({
    tool: z.literal("secrets"),
    alert: z.object({
      ...life,
      resolved_at: time.nullish(),
      resolved_by: userSchema.optional(),
      resolution: z.string().nullish(),
      secret_type: z.string().optional(),
      secret_type_display_name: z.string().optional(),
    }),
  }),
]);
