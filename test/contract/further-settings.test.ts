import { afterEach, describe, expect, test } from "vitest";
import { github } from "../../src/providers/github/index.ts";
import { simulate } from "../../src/sandbox/index.ts";
import { collectInto, contextOf, entitiesOfType, type Kept, nothing, streamsOf } from "./collecting.ts";
import { asked, now, ours, reasonOf, servingFurther, statusOf } from "./further-fixture.ts";

const { further, sandbox, serve } = servingFurther();
afterEach(sandbox.close);

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

  test("versions are told for each branch that changes are promoted through too, from the one record", async () => {
    const { world } = simulate();
    const streams = asked(world, ["ruleVersions"]).map((stream) => ({ ...stream, promoted: ["prod", "staging"] }));
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    const versions = entitiesOfType(kept, github, "ruleVersion");
    const repository = ours(world);
    expect(versions.map(({ branch, rule }) => [branch, rule.appliesToReleasedBranch])).toEqual([
      [undefined, true],
      ["prod", repository.rulesets[0]?.include.includes("refs/heads/prod")],
      ["staging", false],
    ]);
    expect(kept.added).toBe(1);
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
