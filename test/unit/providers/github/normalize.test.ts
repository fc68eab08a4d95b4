import { describe, expect, test } from "vitest";
import type { EvidenceRecord } from "../../../../src/model/stream.ts";
import { normalize } from "../../../../src/providers/github/normalize.ts";
import { parseSourceJson } from "../../../../src/util/canonical-json.ts";

const record = (kind: string, body: unknown): EvidenceRecord => ({
  id: 1,
  kind,
  externalId: "1",
  body,
  stream: "github/7/x",
  source: "github",
  scopeId: "7",
  streamKind: "changes",
  fetchedAt: "2026-11-21T12:00:00Z",
  run: "run",
});
const ada = { __typename: "User", login: "ada-dev", databaseId: 5 };

describe("reviews", () => {
  const body = (state: string, more = {}) => ({
    change: 3,
    review: {
      id: "PRR_1",
      fullDatabaseId: "4503599627370497123",
      author: ada,
      state,
      submittedAt: "2026-10-01T09:00:00.5+02:00",
      commit: { oid: "a1" },
      ...more,
    },
  });

  test("keep an id over 2^53 and the instant in UTC to the second", () => {
    const source = parseSourceJson(
      JSON.stringify(body("APPROVED")).replace('"4503599627370497123"', "45035996273704971234"),
    );
    expect(normalize(record("review", source))).toEqual([
      {
        type: "review",
        key: "github/7/reviews/45035996273704971234",
        repository: "github/7",
        id: "45035996273704971234",
        change: "github/7#3",
        author: { id: "5", login: "ada-dev", kind: "person" },
        state: "approved",
        submittedAt: "2026-10-01T07:00:00Z",
        oid: "a1",
      },
    ]);
  });

  test("in a state nobody knows are unknown, never approved", () => {
    expect(normalize(record("review", body("APPROVED_BY_MAGIC")))).toMatchObject([{ state: "unknown" }]);
  });

  test("without their commit or their author say so", () => {
    expect(normalize(record("review", body("APPROVED", { commit: null, author: null })))).toMatchObject([
      { oid: null, author: null },
    ]);
  });
});

test.each([
  ["User", "person"],
  ["Bot", "automation"],
  ["Mannequin", "unknown"],
  ["Organization", "unknown"],
  ["EnterpriseUserAccount", "unknown"],
  ["Robot", "unknown"],
])("an account of type %s is %s", (type, kind) => {
  const author = {
    __typename: type,
    login: "x",
    ...(type === "EnterpriseUserAccount" ? { id: "EUA_1" } : { databaseId: 5 }),
  };
  const review = { id: "PRR_1", author, state: "APPROVED", submittedAt: null, commit: null };
  expect(normalize(record("review", { change: 1, review }))).toMatchObject([
    { author: { kind, id: type === "EnterpriseUserAccount" ? "EUA_1" : "5" } },
  ]);
});

describe("checks", () => {
  const run = (more: object) => ({
    oid: "a1",
    check: {
      __typename: "CheckRun",
      id: "CR_1",
      databaseId: 31_000_000_001,
      name: "test",
      status: "COMPLETED",
      conclusion: "SUCCESS",
      startedAt: null,
      completedAt: null,
      url: null,
      checkSuite: { app: { slug: "github-actions" } },
      ...more,
    },
  });

  test.each([
    [{}, "success"],
    [{ conclusion: "TIMED_OUT" }, "failure"],
    [{ conclusion: "SKIPPED" }, "skipped"],
    [{ conclusion: "NEUTRAL" }, "neutral"],
    [{ conclusion: "STALE" }, "cancelled"],
    [{ conclusion: null, status: "IN_PROGRESS" }, "running"],
    [{ conclusion: null, status: "COMPLETED" }, "unknown"],
    [{ conclusion: "MOSTLY_FINE" }, "unknown"],
  ])("%o is %s", (more, conclusion) => {
    expect(normalize(record("check", run(more)))).toMatchObject([
      { type: "check", id: "31000000001", oid: "a1", app: "github-actions", conclusion },
    ]);
  });

  test("a status names who set it and no app", () => {
    const check = {
      __typename: "StatusContext",
      id: "SC_1",
      context: "test",
      state: "SUCCESS",
      createdAt: "2026-10-01T09:00:00Z",
      targetUrl: null,
      creator: ada,
    };
    expect(normalize(record("check", { oid: "a1", check }))).toMatchObject([
      { app: null, setBy: { login: "ada-dev" }, conclusion: "success", completedAt: "2026-10-01T09:00:00Z" },
    ]);
  });
});

describe("commits", () => {
  const commit = (more: object) =>
    normalize(
      record("changeCommit", {
        change: 1,
        ordinal: 0,
        commit: {
          oid: "a1",
          message: "Title\n\nBody",
          authoredDate: "2026-10-01T09:00:00Z",
          committedDate: "2026-10-01T09:00:00Z",
          author: { name: "Ada", email: "ada@riverbank.example", user: ada },
          committer: { name: "GitHub", email: "noreply@github.com", user: null },
          ...more,
        },
      }),
    );

  test("are the platform's by its signature alone, never by a name, an address or the account they resolve to", () => {
    expect(commit({})).toMatchObject([{ madeBy: "unknown" }, {}]);
    expect(commit({ signature: null })).toMatchObject([
      { madeBy: "other", headline: "Title" },
      { type: "changeCommit", ordinal: 0 },
    ]);
    expect(commit({ signature: { isValid: true, wasSignedByGitHub: true } })).toMatchObject([
      { madeBy: "platform" },
      {},
    ]);
    expect(commit({ signature: { isValid: false, wasSignedByGitHub: true } })).toMatchObject([{ madeBy: "other" }, {}]);
    const committer = {
      name: "GitHub",
      email: "noreply@github.com",
      user: { __typename: "User", login: "web-flow", databaseId: 19_864_447 },
    };
    expect(commit({ committer, signature: null })).toMatchObject([{ madeBy: "other" }, {}]);
  });

  test.each(["Co-authored-by: Bo <bo@riverbank.example>", "co-authored-by:Bo", "Coauthored-By : Bo"])(
    "with %s have co-authors",
    (trailer) => {
      expect(commit({ message: `Title\n\n${trailer}` })).toMatchObject([{ coAuthored: true }, {}]);
    },
  );
});

describe("rules", () => {
  const ruleset = (more: object = {}) => ({
    databaseId: 9,
    name: "main",
    target: "BRANCH",
    enforcement: "ACTIVE",
    updatedAt: "2026-10-01T09:00:00Z",
    conditions: { refName: { include: ["~DEFAULT_BRANCH"], exclude: [] } },
    rules: {
      totalCount: 4,
      nodes: [
        {
          type: "PULL_REQUEST",
          parameters: {
            dismissStaleReviewsOnPush: true,
            requireCodeOwnerReview: false,
            requireLastPushApproval: true,
            requiredApprovingReviewCount: 2,
          },
        },
        {
          type: "REQUIRED_STATUS_CHECKS",
          parameters: {
            requiredStatusChecks: [
              { context: "test", integrationId: 15368 },
              { context: "scan", integrationId: 77 },
              { context: "any", integrationId: null },
            ],
          },
        },
        { type: "NON_FAST_FORWARD", parameters: null },
        { type: "QUANTUM_LOCK", parameters: null },
      ],
    },
    bypassActors: {
      totalCount: 1,
      nodes: [
        { actor: null, bypassMode: "ALWAYS", deployKey: false, organizationAdmin: true, repositoryRoleName: null },
      ],
    },
    ...more,
  });
  const rules = (rulesets: unknown, branchProtectionRules: unknown = [], branch = "main") => {
    const [entity] = normalize(
      record("protection", {
        branch,
        defaultBranch: "main",
        rulesets,
        branchProtectionRules,
        apps: { "15368": "github-actions" },
      }),
    );
    return entity?.type === "protection" ? entity.rules : [];
  };

  test("of a ruleset are read, what is unknown is named and not credited", () => {
    expect(rules([ruleset()])).toEqual([
      {
        id: "ruleset:9",
        name: "main",
        enforcement: "active",
        appliesToReleasedBranch: true,
        changeRequired: true,
        approvals: 2,
        dismissStaleApprovals: true,
        lastPushApproval: true,
        codeOwnerApproval: false,
        forcePushBlocked: true,
        deletionBlocked: false,
        bypass: ["organisation administrators"],
        bypassReadable: true,
        checks: [
          { name: "test", app: "github-actions" },
          { name: "scan", app: "app 77" },
          { name: "any", app: null },
        ],
        unread: ["QUANTUM_LOCK"],
        updatedAt: "2026-10-01T09:00:00Z",
      },
    ]);
  });

  test("with a bypass list that may not be read say so", () => {
    expect(rules([ruleset({ bypassActors: null })])).toMatchObject([{ bypass: [], bypassReadable: false }]);
  });

  test.each([
    [{ conditions: { refName: { include: ["~ALL"], exclude: ["refs/heads/main"] } } }, false],
    [{ conditions: { refName: { include: ["refs/heads/m*"], exclude: [] } } }, true],
    [{ conditions: { refName: null } }, false],
    [{ target: "TAG" }, false],
  ])("%o applies to the released branch: %s", (more, applies) => {
    expect(rules([ruleset(more)])).toMatchObject([{ appliesToReleasedBranch: applies }]);
  });

  test("are told for each branch that changes are promoted through too, each by its own patterns", () => {
    const forProd = {
      databaseId: 10,
      name: "prod",
      conditions: { refName: { include: ["refs/heads/prod"], exclude: [] } },
    };
    const entities = normalize(
      record("protection", {
        branch: "main",
        defaultBranch: "main",
        promoted: ["staging", "prod"],
        rulesets: [ruleset(), ruleset(forProd)],
        branchProtectionRules: [],
        apps: {},
      }),
    );
    const told = entities.flatMap((entity) => (entity.type === "protection" ? [entity] : []));
    expect(
      told.map(({ branch, rules: some }) => [
        branch,
        some.filter(({ appliesToReleasedBranch }) => appliesToReleasedBranch).map(({ name }) => name),
      ]),
    ).toEqual([
      ["main", ["main"]],
      ["staging", []],
      ["prod", ["prod"]],
    ]);
    expect(new Set(told.map(({ key }) => key)).size).toBe(3);
  });

  test("in evaluate mode or a mode nobody knows are not active", () => {
    expect(
      rules([ruleset({ enforcement: "EVALUATE" }), ruleset({ databaseId: 10, enforcement: "WHATEVER" })])
        .map((rule) => rule.enforcement)
        .sort(),
    ).toEqual(["evaluate", "unknown"]);
  });

  test("of classic protection apply by the exact name before a pattern", () => {
    const classic = (databaseId: number, pattern: string) => ({
      databaseId,
      pattern,
      isAdminEnforced: false,
      requiresApprovingReviews: true,
      requiredApprovingReviewCount: 1,
      dismissesStaleReviews: false,
      requireLastPushApproval: false,
      requiresCodeOwnerReviews: false,
      requiresStatusChecks: false,
      requiredStatusChecks: [{ context: "ignored", app: null }],
      allowsForcePushes: false,
      allowsDeletions: false,
      bypassPullRequestAllowances: { nodes: [{ actor: { __typename: "Team", slug: "release" } }] },
      bypassForcePushAllowances: { nodes: [] },
    });
    expect(rules(null, [classic(1, "*"), classic(2, "main")])).toMatchObject([
      { id: "branch:1", appliesToReleasedBranch: false },
      {
        id: "branch:2",
        appliesToReleasedBranch: true,
        changeRequired: true,
        approvals: 1,
        checks: [],
        bypass: ["administrators", "team release"],
        updatedAt: null,
      },
    ]);
  });
});

test("a deployment keeps the environment it was made for, and a status the one of its time", () => {
  const body = {
    ...{ id: "DE_1", databaseId: 9, environment: "staging", originalEnvironment: "production", task: "deploy" },
    ...{ commitOid: "a1", createdAt: "2026-10-01T09:00:00Z", ref: null, creator: ada, statuses: { totalCount: 1 } },
  };
  const named = { environment: "staging", originalEnvironment: "production" };
  expect(normalize(record("deployment", body))).toMatchObject([named]);
  const status = { id: "DES_1", state: "SUCCESS", environment: "production", createdAt: body.createdAt, creator: ada };
  expect(normalize(record("deploymentStatus", { deployment: "9", status }))).toMatchObject([
    { state: "success", environment: "production" },
  ]);
});

test.each([
  ["review", { change: 1 }],
  ["change", { number: 1 }],
  ["deployment", null],
  ["starChart", {}],
])("a %s of unknown shape throws and is never dropped", (kind, body) => {
  expect(() => normalize(record(kind, body))).toThrowError(expect.objectContaining({ reason: "unexpectedShape" }));
});
