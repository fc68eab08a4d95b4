import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type Entity, entitySchema } from "../../../../../src/model/entity.ts";
import type { EvidenceRecord, StreamKind } from "../../../../../src/model/stream.ts";
import { normalize } from "../../../../../src/providers/github/normalize.ts";
import { SourceError } from "../../../../../src/util/errors.ts";
import { packageRoot } from "../../../../../src/util/root.ts";

const oid = "a".repeat(40);
const nowhere = "0".repeat(40);
const ada = { login: "ada-dev", id: 11, type: "User" };

function read(kind: string, body: unknown, streamKind: StreamKind = "branchActivity"): readonly Entity[] {
  const record: EvidenceRecord = {
    id: 1,
    stream: `github/42/${streamKind}`,
    source: "github",
    scopeId: "42",
    streamKind,
    kind,
    externalId: "x",
    body,
    fetchedAt: "2026-11-01T00:00:00Z",
    run: "run",
  };
  return normalize(record).map((entity) => entitySchema.parse(entity));
}

const move = {
  id: 7,
  before: nowhere,
  after: oid,
  ref: "refs/heads/main",
  timestamp: "2026-10-01T10:00:00Z",
  activity_type: "push",
  actor: ada,
};

describe("a move of a branch", () => {
  test("from nowhere, to nowhere, by an account that is gone", () => {
    expect(read("branchActivity", move)).toMatchObject([
      { branch: "main", before: null, after: oid, by: { id: "11", kind: "person" } },
    ]);
    const gone = { ...move, before: oid, after: nowhere, actor: null, activity_type: "branch_deletion" };
    expect(read("branchActivity", gone)).toMatchObject([{ activity: "deleted", before: oid, after: null, by: null }]);
  });

  test("of a kind nobody knows is unknown, of a shape nobody knows an error", () => {
    expect(read("branchActivity", { ...move, activity_type: "teleport" })).toMatchObject([{ activity: "unknown" }]);
    for (const body of [{ ...move, after: 5 }, { ...move, timestamp: "soon" }, {}, null])
      expect(() => read("branchActivity", body)).toThrow(SourceError);
  });

  test("keeps ids that a double cannot hold, and a bot's login is as GraphQL writes it", () => {
    const actor = { login: "dependabot[bot]", id: 49_699_333, type: "Bot" };
    expect(read("branchActivity", { ...move, id: "9007199254740993", actor })).toMatchObject([
      { id: "9007199254740993", by: { login: "dependabot", kind: "automation" } },
    ]);
  });
});

describe("a rule suite", () => {
  const suite = {
    id: 3,
    actor_id: 11,
    actor_name: "ada-dev",
    before_sha: oid,
    after_sha: oid,
    ref: "refs/heads/main",
    pushed_at: "2026-10-01T10:00:00Z",
    result: "bypass",
  };

  test("names the rules that were enforced and not met", () => {
    const rule_evaluations = [
      { enforcement: "active", result: "fail", rule_type: "pull_request" },
      { enforcement: "active", result: "pass", rule_type: "deletion" },
      { enforcement: "evaluate", result: "fail", rule_type: "required_signatures" },
    ];
    expect(read("ruleSuite", { ...suite, rule_evaluations })).toMatchObject([
      { result: "bypassed", unmet: ["pull_request"] },
    ]);
  });

  test("without its details does not claim that nothing was unmet", () => {
    expect(read("ruleSuite", suite)).toMatchObject([{ unmet: null }]);
    expect(read("ruleSuite", { ...suite, result: "pass" })).toMatchObject([{ result: "passed", unmet: [] }]);
    expect(read("ruleSuite", { ...suite, result: "postponed" })).toMatchObject([{ result: "unknown", unmet: null }]);
  });
});

describe("a version of a rule set", () => {
  const set = {
    id: 5,
    name: "Released",
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules: [
      {
        type: "pull_request",
        parameters: {
          dismiss_stale_reviews_on_push: true,
          require_code_owner_review: false,
          require_last_push_approval: true,
          required_approving_review_count: 2,
        },
      },
      {
        type: "required_status_checks",
        parameters: { required_status_checks: [{ context: "test", integration_id: 15_368 }] },
      },
      { type: "merge_queue", parameters: {} },
    ],
    bypass_actors: [
      { actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "pull_request" },
      { actor_id: null, actor_type: "OrganizationAdmin", bypass_mode: "always" },
      { actor_id: 15_368, actor_type: "Integration", bypass_mode: "always" },
    ],
    updated_at: "2026-09-01T00:00:00Z",
  };
  const names = { branch: "main", defaultBranch: "main", apps: { 15368: "github-actions" }, ruleSet: set };
  const version = { version_id: 2, actor: { id: 11, type: "User" }, updated_at: "2026-08-01T00:00:00Z", state: set };

  test("demands what its state says, kinds it cannot read by name", () => {
    expect(read("ruleVersion", { ...names, version })).toMatchObject([
      {
        ruleSet: "5",
        version: "2",
        at: "2026-08-01T00:00:00Z",
        by: { id: "11" },
        rule: {
          approvals: 2,
          lastPushApproval: true,
          dismissStaleApprovals: true,
          appliesToReleasedBranch: true,
          checks: [{ name: "test", app: "github-actions" }],
          bypass: ["app github-actions", "organisation administrators", "role admin (for changes only)"],
          bypassReadable: true,
          unread: ["MERGE_QUEUE"],
          updatedAt: "2026-08-01T00:00:00Z",
        },
      },
    ]);
  });

  test("whose bypass list is withheld says that nobody knows who may pass", () => {
    const { bypass_actors: _hidden, ...without } = set;
    const body = { ...names, ruleSet: without, version: { ...version, state: without } };
    expect(read("ruleVersion", body)).toMatchObject([{ rule: { bypass: [], bypassReadable: false } }]);
  });

  test("without a history stands for now", () => {
    expect(read("ruleVersion", { ...names, now: set })).toMatchObject([
      { version: "2026-09-01T00:00:00Z", at: "2026-09-01T00:00:00Z", by: null },
    ]);
  });
});

test("an environment says who must approve, how long it waits and which branches it takes", () => {
  const environments = [
    {
      name: "production",
      can_admins_bypass: false,
      protection_rules: [
        { type: "wait_timer", wait_timer: 30 },
        {
          type: "required_reviewers",
          prevent_self_review: true,
          reviewers: [
            { type: "User", reviewer: ada },
            { type: "Team", reviewer: { slug: "release", id: 3 } },
          ],
        },
        { type: "something_new" },
      ],
      deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
    },
    { name: "staging", protection_rules: [], deployment_branch_policy: null },
  ];
  expect(read("environments", { environments }, "environments")).toMatchObject([
    {
      name: "production",
      reviewers: ["user ada-dev", "team release"],
      selfApprovalPrevented: true,
      administratorsMayBypass: false,
      branches: "selected",
      waitMinutes: 30,
      observedAt: "2026-11-01T00:00:00Z",
    },
    { name: "staging", reviewers: [], selfApprovalPrevented: null, administratorsMayBypass: null, branches: "all" },
  ]);
});

test("access keeps a role of the organisation's own, and reads rights where older servers name no role", () => {
  const collaborators = [
    { ...ada, role_name: "security-champion" },
    { ...ada, id: 12, permissions: { admin: false, push: true, pull: true } },
  ];
  expect(read("access", { collaborators, teams: null, workflow: null }, "access")).toMatchObject([
    {
      accounts: [{ role: "security-champion" }, { role: "write" }],
      teams: null,
      pipelinesMayApprove: null,
    },
  ]);
});

test("an annotated tag stands for its commit, one that could not be followed for itself", () => {
  const tag = { ref: "refs/tags/v1", object: { type: "tag", sha: "b".repeat(40) } };
  expect(read("tag", { ...tag, commit: oid }, "releases")).toMatchObject([{ name: "v1", oid }]);
  expect(read("tag", { ...tag, unread: "404" }, "releases")).toMatchObject([{ name: "v1", oid: "b".repeat(40) }]);
});

test("a secret that was revoked is fixed, one closed for another reason is dismissed", () => {
  const alert = {
    number: 1,
    created_at: "2026-10-01T00:00:00Z",
    resolved_at: "2026-10-02T00:00:00Z",
    resolved_by: ada,
    secret_type: "token",
  };
  const secret = (resolution: string) => read("securityAlert", { tool: "secrets", alert: { ...alert, resolution } });
  expect(secret("revoked")).toMatchObject([{ fixedAt: "2026-10-02T00:00:00Z", dismissedAt: null }]);
  expect(secret("wont_fix")).toMatchObject([
    { fixedAt: null, dismissedAt: "2026-10-02T00:00:00Z", dismissedBy: { id: "11" }, dismissedBecause: "wont_fix" },
  ]);
});

test("somebody's word on a deployment is kept per environment, of a state nobody knows as unknown", () => {
  const approval = { environments: [{ name: "production" }, { name: "eu" }], user: ada, comment: "Fine." };
  const approvals = [
    { ...approval, state: "approved" },
    { ...approval, environments: [{ name: "production" }], state: "pending" },
  ];
  expect(
    read("deploymentApprovals", { run: "9", approvals }, "pipelineRuns").map((entity) =>
      entity.type === "deploymentApproval" ? [entity.environment, entity.state, entity.run] : [],
    ),
  ).toEqual([
    ["production", "approved", "github/42/pipelineRuns/9"],
    ["eu", "approved", "github/42/pipelineRuns/9"],
    ["production", "unknown", "github/42/pipelineRuns/9"],
  ]);
});

const recorded = join(packageRoot(), "../shared/data/github-exchanges/exchanges.jsonl.gz");

describe.skipIf(!existsSync(recorded))("what GitHub once answered", () => {
  const answers = (path: RegExp): unknown[] =>
    gunzipSync(readFileSync(recorded))
      .toString("utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { request: { url: string }; response: { status: unknown; body: string } })
      .filter(({ request, response }) => path.test(request.url.split("?")[0] ?? "") && response.status === 200)
      .map(({ response }) => JSON.parse(response.body) as unknown);

  test("workflow runs are read", () => {
    const runs = answers(/\/actions\/runs$/).flatMap((body) => (body as { workflow_runs: unknown[] }).workflow_runs);
    // One of the recorded answers was cut short by hand.
    const single = answers(/\/actions\/runs\/\d+$/).filter((body) => "event" in (body as object));
    const entities = [...runs, ...single].flatMap((body) => read("pipelineRun", body, "pipelineRuns"));
    expect(entities.length).toBeGreaterThan(20);
    expect(entities.every((entity) => entity.type === "pipelineRun" && entity.conclusion !== "unknown")).toBe(true);
  });

  test("jobs are read as checks", () => {
    const jobs = answers(/\/actions\/runs\/\d+\/jobs$/).flatMap((body) => (body as { jobs: unknown[] }).jobs);
    const entities = jobs.flatMap((job) => read("job", { attempt: 1, run: "1", job }, "pipelineRuns"));
    expect(entities.length).toBeGreaterThan(0);
    expect(entities.every((entity) => entity.type === "check" && entity.oid.length === 40)).toBe(true);
  });

  test("collaborators, teams and releases are read", () => {
    const collaborators = answers(/\/collaborators$/).flat();
    const teams = answers(/^\/repos\/.*\/teams$/).flat();
    const [access] = read("access", { collaborators, teams, workflow: null }, "access");
    expect(access).toMatchObject({ type: "access" });
    if (access?.type !== "access") return;
    expect(access.accounts.length).toBeGreaterThan(10);
    expect(access.accounts.every(({ role }) => role !== "unknown")).toBe(true);
    expect(access.teams?.length).toBeGreaterThan(0);
    const releases = answers(/\/releases\/\d+$/).flatMap((body) => read("release", body, "releases"));
    expect(releases.length).toBeGreaterThan(5);
  });
});
