import type { z } from "zod";
import type { Actor, Entity, EntityOf } from "../../../model/entity.ts";
import { commitKey, objectKey, repositoryKey } from "../../../model/keys.ts";
import type { EvidenceRecord } from "../../../model/stream.ts";
import { secondsUtc } from "../session.ts";
import { conclusions } from "../vocabulary.ts";
import { ruleOfRuleSet } from "./normalize-rule-set.ts";
import * as schema from "./schema.ts";

type Parse = <T>(shape: z.ZodType<T>, record: EvidenceRecord) => T;
type Reader = (record: EvidenceRecord, repository: string) => readonly Entity[];

/** The readers of what REST alone tells, by the kind of record; `parse` throws SourceError("unexpectedShape"). */
export const furtherReaders = (parse: Parse): Readonly<Record<string, Reader>> => ({
  branchActivity: (record, repository) => {
    const body = parse(schema.activitySchema, record);
    const id = String(body.id);
    return [
      {
        type: "branchActivity",
        key: objectKey(repository, "activity", id),
        repository,
        id,
        branch: branchOf(body.ref),
        activity: activities[body.activity_type] ?? "unknown",
        at: secondsUtc(body.timestamp),
        by: actorOf(body.actor),
        before: oidOf(body.before),
        after: oidOf(body.after),
      },
    ];
  },
  ruleSuite: (record, repository) => {
    const body = parse(schema.ruleSuiteSchema, record);
    const id = String(body.id);
    const { actor_id: actor, actor_name: login, rule_evaluations: evaluations } = body;
    return [
      {
        type: "ruleSuite",
        key: objectKey(repository, "ruleSuites", id),
        repository,
        id,
        branch: branchOf(body.ref),
        before: oidOf(body.before_sha),
        after: oidOf(body.after_sha),
        at: secondsUtc(body.pushed_at),
        by: actor == null ? null : { id: String(actor), login: login ?? "", kind: "unknown" },
        result: results[body.result] ?? "unknown",
        unmet: evaluations
          ? evaluations
              .filter(({ result, enforcement }) => result !== "pass" && enforcement !== "evaluate")
              .map((each) => each.rule_type)
          : body.result === "pass"
            ? []
            : null,
      },
    ];
  },
  ruleVersion: (record, repository) => {
    const body = parse(schema.ruleVersionSchema, record);
    const ruleSet = String(body.ruleSet.id);
    const [set, version, at, actor] =
      "version" in body
        ? [
            // A version leaves out what the rule set itself says.
            parse(schema.ruleSetSchema, { ...record, body: { ...body.ruleSet, ...body.version.state } }),
            String(body.version.version_id),
            body.version.updated_at,
            body.version.actor,
          ]
        : [body.now, body.now.updated_at, body.now.updated_at, null];
    const key = objectKey(repository, "ruleVersions", `${ruleSet}/${version}`);
    const seen = (names: Pick<typeof body, "branch" | "defaultBranch" | "apps">) => ({
      type: "ruleVersion" as const,
      repository,
      ruleSet,
      version,
      at: secondsUtc(at),
      // The source gives an account's number here, and no login.
      by:
        actor?.id === undefined
          ? null
          : { id: String(actor.id), login: `account ${actor.id}`, kind: kinds[actor.type ?? ""] ?? "unknown" },
      rule: ruleOfRuleSet(set, secondsUtc(at), names),
    });
    return [
      { key, ...seen(body) },
      ...(body.promoted ?? []).map((branch) => ({ key: `${key}/${branch}`, ...seen({ ...body, branch }), branch })),
    ];
  },
  environments: (record, repository) => {
    const { environments, branchPolicies = {} } = parse(schema.environmentsSchema, record);
    return environments.map((body) => {
      const selected = Object.hasOwn(branchPolicies, body.name) ? branchPolicies[body.name] : undefined;
      const rules = body.protection_rules ?? [];
      const reviewed = rules.find(({ type }) => type === "required_reviewers");
      const policy = body.deployment_branch_policy;
      return {
        type: "environment",
        key: objectKey(repository, `environments/${body.name}`, record.fetchedAt),
        repository,
        name: body.name,
        observedAt: record.fetchedAt,
        reviewers: (reviewed?.reviewers ?? []).map(({ type, reviewer }) =>
          `${type.toLowerCase()} ${reviewer.login ?? reviewer.slug ?? reviewer.id ?? ""}`.trim(),
        ),
        selfApprovalPrevented: reviewed ? (reviewed.prevent_self_review ?? null) : null,
        administratorsMayBypass: body.can_admins_bypass ?? null,
        branches: policy?.protected_branches ? "protected" : policy?.custom_branch_policies ? "selected" : "all",
        ...(selected == null
          ? {}
          : { branchNames: selected.map(({ name, type }) => (type === "tag" ? `tag ${name}` : name)) }),
        waitMinutes: rules.find(({ type }) => type === "wait_timer")?.wait_timer ?? 0,
      };
    });
  },
  pipelineRun: (record, repository) => {
    const body = parse(schema.pipelineRunSchema, record);
    const id = String(body.id);
    const by = actorOf(body.actor ?? null);
    return [
      {
        type: "pipelineRun",
        key: objectKey(repository, "pipelineRuns", id),
        repository,
        id,
        name: body.name ?? "",
        workflow: fileOf(body.path),
        trigger: body.event,
        branch: body.head_branch,
        oid: body.head_sha,
        attempt: body.run_attempt ?? 1,
        conclusion: conclusionOf(body),
        by,
        startedBy: body.triggering_actor === undefined ? by : actorOf(body.triggering_actor),
        createdAt: secondsUtc(body.created_at),
      },
    ];
  },
  job: (record, repository) => {
    const { attempt, workflow, suite, job } = parse(schema.jobSchema, record);
    const id = String(job.id);
    return [
      {
        type: "check",
        key: objectKey(repository, "checks", id),
        repository,
        id,
        oid: job.head_sha,
        name: job.name,
        app: "github-actions",
        conclusion: conclusionOf(job),
        startedAt: optionalTime(job.started_at),
        completedAt: optionalTime(job.completed_at),
        url: job.html_url ?? null,
        setBy: null,
        suite: suite === undefined ? null : String(suite),
        workflow: workflow === undefined ? null : fileOf(workflow),
        attempt,
      },
    ];
  },
  deploymentApprovals: (record, repository) => {
    const body = parse(schema.approvalsSchema, record);
    const { run } = body;
    return approvalsIn(body).flatMap(({ environments, state, user, comment }, index) =>
      environments.map(
        ({ name }): EntityOf<"deploymentApproval"> => ({
          type: "deploymentApproval",
          key: objectKey(repository, "deploymentApprovals", `${run}/${index}/${name}`),
          repository,
          run: objectKey(repository, "pipelineRuns", run),
          environment: name,
          state: state === "approved" || state === "rejected" ? state : "unknown",
          by: actorOf(user),
          comment: comment ?? "",
        }),
      ),
    );
  },
  access: (record, repository) => {
    const { collaborators, teams, workflow } = parse(schema.accessSchema, record);
    return [
      {
        type: "access",
        key: objectKey(repository, "access", record.fetchedAt),
        repository,
        observedAt: record.fetchedAt,
        accounts: collaborators.map(({ role_name, permissions, ...account }) => ({
          account: actorOf(account) as Actor,
          role: role_name ?? rights.find(([right]) => permissions?.[right] === true)?.[1] ?? "unknown",
        })),
        teams: teams?.map(({ slug, permission }) => ({ name: slug, role: permission })) ?? null,
        pipelinesMayApprove: workflow?.can_approve_pull_request_reviews ?? null,
      },
    ];
  },
  auditEvent: (record, repository) => {
    const body = parse(schema.auditEventSchema, record);
    const names = [body.ruleset_name, body.branch, body.environment_name, body.name];
    const subject = names.find((name) => typeof name === "string" && name !== "") as string | undefined;
    return [
      {
        type: "auditEvent",
        key: objectKey(repository, "auditEvents", record.externalId),
        // The stream is the organisation's.
        repository: body.repo_id == null ? repository : repositoryKey(record.source, String(body.repo_id)),
        ...(subject === undefined ? {} : { subject: branchOf(subject) }),
        id: record.externalId,
        action: body.action,
        at: secondsUtc(new Date(body["@timestamp"]).toISOString()),
        by: body.actor ?? null,
        ...(body.actor_id == null ? {} : { accountId: String(body.actor_id) }),
        // https://docs.github.com/en/organizations/keeping-your-organization-secure/managing-security-settings-for-your-organization/audit-log-events-for-your-organization
        ...(isCommit(body.after) ? { after: body.after } : {}),
        ...(Array.isArray(body.overridden_codes) ? { unmet: body.overridden_codes.map(String) } : {}),
      },
    ];
  },
  tag: (record, repository) => {
    const body = parse(schema.tagSchema, record);
    const name = body.ref.replace(/^refs\/tags\//, "");
    const oid = body.commit ?? body.object.sha;
    return [
      {
        type: "tag",
        key: objectKey(repository, "tags", commitKey(name, oid)),
        repository,
        name,
        oid,
        observedAt: record.fetchedAt,
      },
    ];
  },
  release: (record, repository) => {
    const body = parse(schema.releaseSchema, record);
    const id = String(body.id);
    return [
      {
        type: "release",
        key: objectKey(repository, "releases", id),
        repository,
        id,
        name: body.name ?? body.tag_name,
        tag: body.tag_name,
        author: actorOf(body.author ?? null),
        publishedAt: optionalTime(body.published_at),
      },
    ];
  },
  securityAlert: (record, repository) => {
    const body = parse(schema.alertSchema, record);
    const base = {
      type: "securityAlert",
      key: objectKey(repository, "alerts", `${body.tool}/${body.alert.number}`),
      repository,
      id: String(body.alert.number),
      tool: body.tool,
      openedAt: secondsUtc(body.alert.created_at),
    } as const;
    if (body.tool === "secrets") {
      const { resolution, resolved_at: at, resolved_by: by, secret_type, secret_type_display_name: title } = body.alert;
      const revoked = resolution === "revoked";
      return [
        {
          ...base,
          title: title ?? secret_type ?? "",
          severity: "critical",
          fixedAt: revoked ? optionalTime(at) : null,
          dismissedAt: revoked ? null : optionalTime(at),
          dismissedBy: revoked ? null : actorOf(by ?? null),
          dismissedBecause: revoked ? null : (resolution ?? null),
        },
      ];
    }
    const { alert } = body;
    const automatic = body.tool === "dependencies" ? body.alert.auto_dismissed_at : null;
    return [
      {
        ...base,
        title:
          body.tool === "dependencies" ? body.alert.security_advisory.summary : (body.alert.rule.description ?? ""),
        severity:
          body.tool === "dependencies"
            ? body.alert.security_advisory.severity
            : (body.alert.rule.security_severity_level ?? body.alert.rule.severity ?? ""),
        fixedAt: optionalTime(alert.fixed_at),
        dismissedAt: optionalTime(alert.dismissed_at ?? automatic),
        dismissedBy: actorOf(alert.dismissed_by),
        dismissedBecause: alert.dismissed_reason ?? (automatic ? "automatic" : null),
      },
    ];
  },
});

/** The approvals of a run as REST writes them, whichever told of them. */
function approvalsIn(body: z.infer<typeof schema.approvalsSchema>) {
  if ("approvals" in body) return body.approvals;
  return body.reviews.nodes.map(({ state, comment, user, environments }) => ({
    state: state.toLowerCase(),
    comment,
    user: user && { login: user.login, id: user.databaseId ?? "", type: user.__typename },
    environments: environments.nodes,
  }));
}

const activities: Readonly<Record<string, EntityOf<"branchActivity">["activity"]>> = {
  push: "push",
  force_push: "forcePush",
  pr_merge: "merge",
  merge_queue_merge: "mergeQueue",
  branch_creation: "created",
  branch_deletion: "deleted",
};

const results: Readonly<Record<string, EntityOf<"ruleSuite">["result"]>> = {
  pass: "passed",
  fail: "failed",
  bypass: "bypassed",
};

/** Rights as older servers list them, the highest first, and the roles that have them. */
const rights = [
  ["admin", "admin"],
  ["maintain", "maintain"],
  ["push", "write"],
  ["triage", "triage"],
  ["pull", "read"],
] as const;

const kinds: Readonly<Record<string, Actor["kind"]>> = { User: "person", Bot: "automation" };

/** An account as REST writes it, null where it was deleted: a bot's login has a suffix there that GraphQL's has not. */
export function actorOf(user: schema.UserBody): Actor | null {
  if (!user) return null;
  const login = user.type === "Bot" ? user.login.replace(/\[bot\]$/, "") : user.login;
  return { id: String(user.id), login, kind: kinds[user.type] ?? "unknown" };
}

const branchOf = (ref: string): string => ref.replace(/^refs\/heads\//, "");

/** The id of a commit, and not the one that stands for none. */
const isCommit = (value: unknown): value is string =>
  typeof value === "string" && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(value) && oidOf(value) !== null;

/** A branch that was not there is named by zeros. */
const oidOf = (oid: string): string | null => (/^0+$/.test(oid) ? null : oid);

/** A workflow's file, without the ref it was taken at. */
const fileOf = (path: string | undefined): string => (path ?? "").replace(/@.*$/, "");

const optionalTime = (time: string | null | undefined): string | null => (time ? secondsUtc(time) : null);

function conclusionOf({ status, conclusion }: { readonly status: string | null; readonly conclusion: string | null }) {
  if (conclusion !== null) return conclusions[conclusion.toUpperCase()] ?? "unknown";
  return status === "completed" ? "unknown" : "running";
}
