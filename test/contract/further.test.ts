import { afterEach, describe, expect, test } from "vitest";
import { coreKinds, furtherKinds, type Stream, type StreamKind } from "../../src/model/stream.ts";
import { github } from "../../src/providers/github/index.ts";
import { type Sandbox, simulate, startSandbox, type World } from "../../src/sandbox/index.ts";
import type { Repository, WorkflowRun } from "../../src/sandbox/world.ts";
import {
  collectInto,
  contextOf,
  entitiesOf,
  entitiesOfType,
  type Kept,
  nothing,
  statuses,
  streamsOf,
} from "./collecting.ts";

// What REST alone tells, one stream a right, read over HTTP from a server in GitHub's shapes.
const name = "mobile-gateway";
const since = "2026-10-10T00:00:00Z";
const now = new Date("2026-11-03T00:00:00Z");
let sandbox: Sandbox;
afterEach(() => sandbox.close());

const ours = (world: World): Repository => {
  const found = world.repositories.find((each) => each.name === name);
  if (!found) throw new Error(`${name} is not simulated`);
  return found;
};
const serve = async (world: World, faults?: string, clock = () => now) => {
  sandbox = await startSandbox({ world, faults, clock });
  return contextOf(sandbox.url, { clock });
};
const asked = (world: World, kinds: readonly StreamKind[], from = since): Stream[] =>
  streamsOf(world, kinds, [name]).map((stream) => ({ ...stream, since: from }));
const further = async (world: World, faults?: string, kinds: readonly StreamKind[] = furtherKinds): Promise<Kept> =>
  collectInto(nothing(), github, asked(world, kinds), await serve(world, faults));
const statusOf = (kept: Kept, kind: StreamKind) =>
  [...statuses(kept)].find(([stream]) => stream.split("/")[2] === kind)?.[1];
const reasonOf = (kept: Kept, kind: StreamKind) =>
  kept.coverage.find(({ stream, reason }) => stream.split("/")[2] === kind && reason)?.reason;
const latest = (run: WorkflowRun) => run.attempts.at(-1);

describe("every kind", () => {
  test("is stored with its coverage, and a second look at the same asks only whether it changed", async () => {
    const { world } = simulate();
    ours(world).auditLog.push({ id: "e1", action: "environment.update", actor: null, at: now.getTime() - 1000 });
    const kept = await further(world);
    expect([...statuses(kept).values()].every((status) => status === "complete")).toBe(true);
    expect(new Set(kept.coverage.map(({ stream }) => stream.split("/")[2]))).toEqual(new Set(furtherKinds));
    const types = new Set(entitiesOf(kept, github).map((line) => JSON.parse(line).type));
    expect(types).toEqual(
      new Set([
        "branchActivity",
        "ruleSuite",
        "ruleVersion",
        "environment",
        "pipelineRun",
        "access",
        "auditEvent",
        "release",
        "tag",
        "securityAlert",
      ]),
    );
    for (const { exchange } of kept.batches) {
      expect(exchange.query).toMatch(/^GET \/(repos|orgs)\/\{owner\}/);
      expect(JSON.parse(exchange.variables)).toMatchObject({ owner: "riverbank" });
    }
    const before = kept.batches.length;
    await collectInto(kept, github, asked(world, furtherKinds), contextOf(sandbox.url, { clock: () => now }));
    expect(kept.added).toBe(0);
    const again = kept.batches.slice(before);
    expect(new Set(again.map(({ exchange }) => exchange.status))).toEqual(new Set([304]));
    expect(again.length).toBeLessThanOrEqual(16);
    expect([...statuses(kept).values()].every((status) => status === "complete")).toBe(true);
  });

  test("that may not be read is said, with the permission that would change it, and takes nothing else with it", async () => {
    const { world } = simulate();
    const faults =
      "forbidden:activity,forbidden:ruleSuites,forbidden:rulesets,forbidden:environments,forbidden:runs,forbidden:access,forbidden:auditLog,forbidden:releases,forbidden:alerts";
    const kept = await further(world, faults, ["changes", "commits", ...furtherKinds]);
    const wanted: Readonly<Partial<Record<StreamKind, string>>> = {
      branchActivity: "contents:read",
      ruleSuites: "administration:read",
      ruleVersions: "administration:read",
      environments: "actions:read",
      pipelineRuns: "actions:read",
      access: "administration:read",
      auditLog: "organization_administration:read",
      releases: "contents:read",
      alerts: "vulnerability_alerts:read",
    };
    for (const kind of furtherKinds) {
      expect(statusOf(kept, kind), kind).toBe("unobserved");
      expect(reasonOf(kept, kind), kind).toContain(wanted[kind]);
      expect(reasonOf(kept, kind), kind).toContain("not readable");
    }
    expect(statusOf(kept, "changes")).toBe("complete");
    expect(statusOf(kept, "commits")).toBe("complete");
  });

  test("is looked at anew once the right was given", async () => {
    const { world } = simulate();
    const kept = await further(world, "missing:access", ["access"]);
    expect(statusOf(kept, "access")).toBe("unobserved");
    expect(reasonOf(kept, "access")).toContain("administration:read");
    sandbox.setFaults(undefined);
    await collectInto(kept, github, asked(world, ["access"]), contextOf(sandbox.url));
    expect(statusOf(kept, "access")).toBe("complete");
    expect(kept.coverage[0]?.from).toBe(since);
    expect(entitiesOfType(kept, github, "access")).toHaveLength(1);
  });

  test("waits for the source's limits and tries passing failures again", async () => {
    const { world } = simulate();
    const context = await serve(world, "secondary:1@2,502:1@4");
    const kept = await collectInto(nothing(), github, asked(world, ["environments", "releases"]), context);
    expect(context.waits).toHaveLength(2);
    expect([...statuses(kept).values()]).toEqual(["complete", "complete"]);
  });
});

describe("a repository that was listed and is gone", () => {
  test("is a finding of its own", async () => {
    const { world } = simulate();
    const streams = asked(world, ["branchActivity", "releases"]).map((each) => ({
      ...each,
      scopeName: "riverbank/gone",
    }));
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    for (const { status, reason } of kept.coverage) {
      expect(status).toBe("unobserved");
      expect(reason).toBe("riverbank/gone is gone or moved: the source listed it and has nothing at its address now");
    }
  });

  test("under its old name only is followed by its id: what is stored goes on under the same key", async () => {
    const { world } = simulate();
    const kept = await further(world, undefined, ["branchActivity", "access"]);
    const before = entitiesOfType(kept, github, "branchActivity").length;
    const repository = ours(world);
    repository.name = "gateway";
    repository.activity.push({ ...(repository.activity.at(-1) as Repository["activity"][number]), id: 1_255_000_000 });
    const renamed = asked(world, []).concat(
      streamsOf(world, ["branchActivity", "access"], ["gateway"]).map((each) => ({ ...each, since })),
    );
    await collectInto(kept, github, renamed, contextOf(sandbox.url));
    expect(kept.added).toBe(1);
    expect(entitiesOfType(kept, github, "branchActivity")).toHaveLength(before + 1);
    expect(new Set(entitiesOfType(kept, github, "branchActivity").map((each) => each.repository))).toEqual(
      new Set([`github/${repository.id}`]),
    );
  });
});

describe("branch activity", () => {
  test("names who moved which branch from where to where; what is new since is added, nothing twice", async () => {
    const { world } = simulate();
    const repository = ours(world);
    const kept = await further(world, undefined, ["branchActivity"]);
    const moves = entitiesOfType(kept, github, "branchActivity");
    expect(moves).toHaveLength(repository.activity.filter(({ at }) => at >= Date.parse(since)).length);
    const merge = repository.changes.findLast(({ mergeCommit }) => mergeCommit !== null);
    expect(moves.find(({ after }) => after === merge?.mergeCommit)).toMatchObject({
      activity: "merge",
      branch: merge?.baseRefName,
      by: { id: String(merge?.mergedBy), kind: "person" },
    });
    expect(moves.find(({ activity }) => activity === "deleted")?.after).toBeNull();
    expect(moves.find(({ activity }) => activity === "created")?.before).toBeNull();
    const last = repository.activity.at(-1) as Repository["activity"][number];
    repository.activity.push({ ...last, id: 1_255_000_001, type: "force_push", at: last.at + 1000, actor: null });
    await collectInto(kept, github, asked(world, ["branchActivity"]), contextOf(sandbox.url));
    expect(kept.added).toBe(1);
    expect(entitiesOfType(kept, github, "branchActivity").at(-1)).toMatchObject({ activity: "forcePush", by: null });
  });

  test("is read page by page to where it is known, and no further", async () => {
    const { world } = simulate();
    const repository = ours(world);
    const [one] = repository.activity as [Repository["activity"][number]];
    repository.activity = Array.from({ length: 250 }, (_, index) => ({
      ...one,
      id: index + 1,
      at: Date.parse("2026-10-11T00:00:00Z") + index * 3_600_000,
    }));
    const kept = await further(world, undefined, ["branchActivity"]);
    expect(kept.batches.map(({ parts }) => parts[0]?.records.length)).toEqual([100, 100, 50]);
    repository.activity.push({ ...one, id: 251, at: Date.parse("2026-10-21T11:00:00Z") });
    const before = kept.batches.length;
    await collectInto(kept, github, asked(world, ["branchActivity"]), contextOf(sandbox.url));
    expect(kept.batches).toHaveLength(before + 1);
    expect(kept.added).toBe(1);
  });
});

describe("rules", () => {
  test("suites tell bypasses with what was not met, and nothing from before the last month is claimed", async () => {
    const { world } = simulate();
    const from = "2026-04-01T00:00:00Z";
    const streams = streamsOf(world, ["ruleSuites"]).map((each) => ({ ...each, since: from }));
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    const suites = entitiesOfType(kept, github, "ruleSuite");
    const bypassed = suites.filter(({ result }) => result === "bypassed");
    expect(bypassed.length).toBeGreaterThan(0);
    for (const { unmet, by } of bypassed) {
      expect(unmet?.length).toBeGreaterThan(0);
      expect(by).not.toBeNull();
    }
    expect(suites.filter(({ result }) => result === "passed").every(({ unmet }) => unmet?.length === 0)).toBe(true);
    const own = kept.coverage.filter(({ stream }) => stream === streams[0]?.id);
    expect(own.map(({ status, from, to }) => [status, from, to])).toEqual([
      ["complete", "2026-10-04T00:00:00Z", "2026-11-03T00:00:00Z"],
      ["unobserved", from, "2026-10-04T00:00:00Z"],
    ]);
  });

  test("versions demand what the rules in force demand, in the same words", async () => {
    const { world } = simulate();
    const streams = [...asked(world, ["protection"]), ...asked(world, ["ruleVersions"])];
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    const [version] = entitiesOfType(kept, github, "ruleVersion");
    const [protection] = entitiesOfType(kept, github, "protection");
    const rule = protection?.rules.find(({ id }) => id.startsWith("ruleset:"));
    expect(version?.rule).toEqual(rule);
    expect(version?.rule).toMatchObject({ enforcement: "active", appliesToReleasedBranch: true, approvals: 1 });
  });

  test("a change of a rule set is one more version", async () => {
    const { world } = simulate();
    const repository = ours(world);
    const kept = await further(world, undefined, ["ruleVersions"]);
    const [set] = repository.rulesets;
    const [first] = repository.rulesetVersions;
    if (!set || !first) throw new Error("no rule set is simulated");
    const at = Date.parse("2026-11-02T00:00:00Z");
    set.updatedAt = at;
    set.enforcement = "DISABLED";
    repository.rulesetVersions.push({ ...first, version: 99, at, state: { ...first.state, enforcement: "DISABLED" } });
    await collectInto(kept, github, asked(world, ["ruleVersions"]), contextOf(sandbox.url));
    expect(kept.added).toBe(1);
    expect(entitiesOfType(kept, github, "ruleVersion").map(({ at: when, rule }) => [when, rule.enforcement])).toEqual([
      [expect.any(String), "active"],
      ["2026-11-02T00:00:00Z", "disabled"],
    ]);
  });

  test("names the app of a demanded check, once a check has named it", async () => {
    const { world } = simulate();
    const kinds = ["changes", "checks", "ruleVersions"] as const;
    const kept = await further(world, "forbidden:checks", kinds);
    const apps = () => entitiesOfType(kept, github, "ruleVersion")[0]?.rule.checks.map(({ app }) => app);
    expect(apps()).toEqual(["app 15368", "app 15368"]);
    sandbox.setFaults(undefined);
    await collectInto(kept, github, asked(world, kinds), contextOf(sandbox.url, { clock: () => now }));
    expect(apps()).toEqual(["github-actions", "github-actions"]);
  });

  test("of a rule set without a readable history the present state is kept, and the gap is said", async () => {
    const { world } = simulate();
    const kept = await further(world, "forbidden:rulesetVersions", ["ruleVersions"]);
    expect(entitiesOfType(kept, github, "ruleVersion")).toHaveLength(1);
    expect(statusOf(kept, "ruleVersions")).toBe("partial");
    expect(reasonOf(kept, "ruleVersions")).toContain("administration:read");
  });
});

describe("settings", () => {
  test("environments tell who must approve, and whether who started may", async () => {
    const { world } = simulate();
    const kept = await further(world, undefined, ["environments"]);
    const found = entitiesOfType(kept, github, "environment");
    expect(found.find((each) => each.name === "production")).toMatchObject({
      reviewers: ["user maren-k"],
      selfApprovalPrevented: true,
      administratorsMayBypass: false,
      branches: "protected",
    });
    expect(found.find((each) => each.name === "staging")).toMatchObject({ reviewers: [], selfApprovalPrevented: null });
  });

  test("access tells roles, teams, and that workflows may approve where they may", async () => {
    const { world } = simulate();
    const kept = await collectInto(nothing(), github, streamsOf(world, ["access"]), await serve(world));
    const found = entitiesOfType(kept, github, "access");
    const may = world.repositories.filter((each) => each.workflowsMayApprove).map(({ id }) => `github/${id}`);
    expect(may).toHaveLength(1);
    expect(found.filter((each) => each.pipelinesMayApprove).map((each) => each.repository)).toEqual(may);
    const payments = found.find((each) => each.repository === `github/${world.repositories[0]?.id}`);
    expect(payments?.accounts.find(({ role }) => role === "admin")?.account.login).toBe("viktor-a");
    expect(payments?.teams).toEqual([{ name: "checkout", role: "push" }]);
  });

  test("a right that was taken away is one more record, whole", async () => {
    const { world } = simulate();
    const kept = await further(world, undefined, ["access"]);
    ours(world).collaborators.pop();
    const before = kept.records.values().next().value?.body as { collaborators: unknown[]; teams: unknown[] };
    await collectInto(kept, github, asked(world, ["access"]), contextOf(sandbox.url));
    expect(kept.added).toBe(1);
    const after = kept.records.values().next().value?.body as { collaborators: unknown[]; teams: unknown[] };
    expect(after.collaborators).toHaveLength(before.collaborators.length - 1);
    expect(after.teams).toEqual(before.teams);
  });
});

describe("pipeline runs", () => {
  test("are kept with earlier attempts of their checks", async () => {
    const { world } = simulate();
    const repository = ours(world);
    const run = repository.runs.findLast(({ path }) => path.endsWith("test.yml")) as WorkflowRun;
    const attempt = latest(run);
    if (!attempt) throw new Error("a run has an attempt");
    const failed = { ...attempt, conclusion: "FAILURE" as const, jobs: [{ ...attempt.jobs[0], id: 1_699_000_001 }] };
    Object.assign(run, { attempts: [failed, attempt] });
    const kept = await further(world, undefined, ["pipelineRuns"]);
    expect(entitiesOfType(kept, github, "pipelineRun").find(({ id }) => id === String(run.id))).toMatchObject({
      attempt: 2,
      workflow: ".github/workflows/test.yml",
      oid: run.oid,
      conclusion: "success",
    });
    expect(entitiesOfType(kept, github, "check").find(({ id }) => id === "1699000001")).toMatchObject({
      attempt: 1,
      oid: run.oid,
      suite: String(run.suite),
      app: "github-actions",
      workflow: ".github/workflows/test.yml",
    });
  });

  test("that deployed tell who approved, by the run that a deployment's status names", async () => {
    const { world } = simulate();
    const streams = asked(world, [...coreKinds, "pipelineRuns"], "2026-04-01T00:00:00Z");
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    const approvals = entitiesOfType(kept, github, "deploymentApproval");
    const approved = ours(world).runs.filter((run) => run.approvals.length > 0);
    expect(approvals.length).toBeGreaterThan(0);
    expect(approvals.map(({ run }) => run).sort()).toEqual(
      approved.map(({ id }) => `github/${ours(world).id}/pipelineRuns/${id}`).sort(),
    );
    expect(approvals[0]).toMatchObject({ environment: "production", state: "approved", by: { login: "maren-k" } });
  });

  const operations = (kept: Kept) => kept.batches.map(({ exchange }) => exchange.operation);
  const approvedIn = (kept: Kept) => entitiesOfType(kept, github, "deploymentApproval");

  test("are asked for their approvals a hundred in a request, one by one where the server does not know that", async () => {
    const { world } = simulate();
    const streams = asked(world, [...coreKinds, "pipelineRuns"], "2026-04-01T00:00:00Z");
    const together = await collectInto(nothing(), github, streams, await serve(world));
    expect(operations(together).filter((name) => name === "DeploymentReviews").length).toBeGreaterThan(0);
    expect(operations(together)).not.toContain("DeploymentApprovals");
    const run = ours(world).runs.find(({ approvals }) => approvals.length > 0) as WorkflowRun;
    const [approval] = run.approvals;
    if (!approval) throw new Error("an approved run has an approval");
    Object.assign(run, { approvals: Array.from({ length: 4 }, () => approval) });
    await sandbox.close();
    const alone = await collectInto(nothing(), github, streams, await serve(world));
    expect(operations(alone).filter((name) => name === "DeploymentApprovals")).toHaveLength(1);
    const rest = new Set(approvedIn(together).map(({ key }) => key));
    expect(approvedIn(alone).filter(({ key }) => !rest.has(key))).toHaveLength(3);
  });

  test("are passed over where no environment names reviewers, which is said, and gone through once approval is a control", async () => {
    const { world } = simulate();
    for (const environment of ours(world).environments) Object.assign(environment, { reviewers: [] });
    const kinds: StreamKind[] = ["deployments", "environments", "pipelineRuns"];
    const streams = asked(world, kinds, "2026-04-01T00:00:00Z");
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    expect(approvedIn(kept)).toEqual([]);
    expect([statusOf(kept, "pipelineRuns"), reasonOf(kept, "pipelineRuns")]).toEqual([
      "complete",
      "who approved deployments was not asked: no environment names reviewers",
    ]);
    const gated = streams.map((stream) => ({ ...stream, approvals: true }));
    await collectInto(kept, github, gated, contextOf(sandbox.url, { clock: () => now }));
    const approved = ours(world).runs.filter((run) => run.approvals.length > 0);
    expect(approvedIn(kept)).toHaveLength(approved.length);
    expect(reasonOf(kept, "pipelineRuns")).toBeUndefined();
  });

  test("are counted by the source for as far as the stream reaches, in later runs too", async () => {
    const { world } = simulate();
    const streams = asked(world, ["pipelineRuns"], "2026-04-01T00:00:00Z");
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    const stream = streams[0]?.id ?? "";
    const total = kept.totals.get(stream);
    expect(total).toBe(entitiesOfType(kept, github, "pipelineRun").length);
    kept.totals.clear();
    await collectInto(kept, github, streams, contextOf(sandbox.url, { clock: () => now }));
    expect(kept.totals.get(stream)).toBe(total);
  });

  test("named before an interruption are asked for their approvals after it", async () => {
    const { world } = simulate();
    const streams = asked(world, ["deployments", "pipelineRuns"], "2026-04-01T00:00:00Z");
    const whole = await collectInto(nothing(), github, streams, await serve(world));
    const parts = nothing();
    const context = () => contextOf(sandbox.url, { clock: () => now });
    await collectInto(parts, github, streams, context(), 1);
    expect(entitiesOfType(parts, github, "deploymentStatus").length).toBeGreaterThan(0);
    await collectInto(parts, github, streams, context());
    expect(entitiesOf(parts, github)).toEqual(entitiesOf(whole, github));
  });

  test("cannot all be told apart from those that deployed where deployments may not be read, which is said", async () => {
    const { world } = simulate();
    const kept = await further(world, "forbidden:deployments", ["deployments", "pipelineRuns"]);
    expect(statusOf(kept, "pipelineRuns")).toBe("partial");
    expect(reasonOf(kept, "pipelineRuns")).toContain("which runs deployed is not known");
  });

  test("started again weeks later are found, though the list does not move them", async () => {
    const { world } = simulate();
    const run = ours(world).runs.find(({ createdAt }) => createdAt >= Date.parse(since)) as WorkflowRun;
    const kept = await further(world, undefined, ["pipelineRuns"]);
    const attempt = latest(run) as WorkflowRun["attempts"][number];
    Object.assign(run, { attempts: [...run.attempts, attempt], updatedAt: now.getTime() });
    await collectInto(kept, github, asked(world, ["pipelineRuns"]), contextOf(sandbox.url, { clock: () => now }));
    expect(entitiesOfType(kept, github, "pipelineRun").find(({ id }) => id === String(run.id))?.attempt).toBe(2);
    expect(kept.added).toBe(1 + attempt.jobs.length);
  });

  test("beyond what one search gives are read in smaller windows, every one of them", async () => {
    const { world } = simulate();
    const repository = ours(world);
    const [run] = repository.runs as [WorkflowRun];
    repository.runs = Array.from({ length: 2300 }, (_, index) => ({
      ...run,
      id: index + 1,
      createdAt: Date.parse("2026-10-11T00:00:00Z") + index * 60_000,
    }));
    const kept = await further(world, undefined, ["pipelineRuns"]);
    expect(entitiesOfType(kept, github, "pipelineRun")).toHaveLength(2300);
    expect(statusOf(kept, "pipelineRuns")).toBe("complete");
    await collectInto(kept, github, asked(world, ["pipelineRuns"]), contextOf(sandbox.url, { clock: () => now }));
    expect(kept.added).toBe(0);
    expect(kept.batches.at(-1)?.exchange.status).toBe(304);
  });
});

describe("what is kept elsewhere than the list says", () => {
  test("the branches that an environment selects are in the record, and asked for again where the list did not move", async () => {
    const { world } = simulate();
    const [environment] = ours(world).environments;
    Object.assign(environment as object, { branches: "selected", branchNames: ["main", "release/*"] });
    const kept = await further(world, undefined, ["environments"]);
    const names = () => entitiesOfType(kept, github, "environment").find(({ name: one }) => one === environment?.name);
    expect(names()).toMatchObject({ branches: "selected", branchNames: ["main", "release/*"] });
    Object.assign(environment as object, { branchNames: ["main"] });
    await collectInto(kept, github, asked(world, ["environments"]), contextOf(sandbox.url));
    expect(names()).toMatchObject({ branchNames: ["main"] });
  });

  test("an organisation's rule set has its versions there", async () => {
    const { world } = simulate();
    const own = asked(world, ["ruleVersions"]);
    const before = await collectInto(nothing(), github, own, await serve(world));
    for (const set of ours(world).rulesets) Object.assign(set, { organisation: true });
    await sandbox.close();
    const kept = await collectInto(nothing(), github, own, await serve(world));
    expect(statusOf(kept, "ruleVersions")).toBe("complete");
    const versions = (some: Kept) => entitiesOfType(some, github, "ruleVersion").map(({ key }) => key);
    expect(versions(kept)).toEqual(versions(before));
    expect(kept.batches.map(({ exchange }) => exchange.query)).toContain("GET /orgs/{org}/rulesets/{id}/history");
  });
});

describe("tags, alerts and the audit log", () => {
  test("a moved tag keeps both commits", async () => {
    const { world } = simulate();
    const [tag] = ours(world).tags;
    if (!tag) throw new Error("no tag is simulated");
    const kept = await further(world, undefined, ["releases"]);
    const seen = entitiesOfType(kept, github, "tag");
    const before = tag.oid;
    tag.oid = "a".repeat(40);
    await collectInto(kept, github, asked(world, ["releases"]), contextOf(sandbox.url));
    expect(kept.added).toBe(1);
    const after = entitiesOfType(kept, github, "tag").find((each) => each.name === tag.name);
    const first = seen.find((each) => each.name === tag.name);
    expect([first?.oid, after?.oid]).toEqual([before, "a".repeat(40)]);
    // Two keys: one entity does not take the other's place.
    expect(first?.key).not.toBe(after?.key);
  });

  test("alerts tell when they were opened, fixed and dismissed, and by whom", async () => {
    const { world } = simulate();
    const kept = await collectInto(nothing(), github, streamsOf(world, ["alerts"]), await serve(world));
    const alerts = entitiesOfType(kept, github, "securityAlert");
    expect(alerts.filter(({ fixedAt }) => fixedAt !== null).length).toBeGreaterThan(0);
    const dismissed = alerts.filter(({ dismissedAt }) => dismissedAt !== null);
    expect(dismissed[0]).toMatchObject({
      tool: "code",
      dismissedBecause: "used in tests",
      dismissedBy: { login: "viktor-a" },
    });
    const open = alerts.filter(({ fixedAt, dismissedAt }) => fixedAt === null && dismissedAt === null);
    expect(open.length).toBeGreaterThan(0);
  });

  test("the audit log tells every bypass of the rules with its actor", async () => {
    const { world } = simulate();
    const kept = await collectInto(nothing(), github, streamsOf(world, ["auditLog"]), await serve(world));
    const overrides = entitiesOfType(kept, github, "auditEvent").filter(({ action }) =>
      /policy_override$/.test(action),
    );
    const bypasses = world.repositories.flatMap((each) => each.ruleSuites).filter(({ result }) => result === "bypass");
    expect(overrides).toHaveLength(bypasses.length);
    expect(overrides.every(({ by }) => by !== null)).toBe(true);
    // One request for all repositories, and each entry stands under its own.
    expect(kept.batches).toHaveLength(1);
    expect(new Set(overrides.map(({ repository }) => repository)).size).toBeGreaterThan(1);
  });
});
