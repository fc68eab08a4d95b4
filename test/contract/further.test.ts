import { afterEach, describe, expect, test } from "vitest";
import { furtherKinds, type StreamKind } from "../../src/model/stream.ts";
import { github } from "../../src/providers/github/index.ts";
import { simulate } from "../../src/sandbox/index.ts";
import type { Repository } from "../../src/sandbox/world.ts";
import { collectInto, contextOf, entitiesOf, entitiesOfType, nothing, statuses, streamsOf } from "./collecting.ts";
import { asked, now, ours, reasonOf, servingFurther, since, statusOf } from "./further-fixture.ts";

const { further, sandbox, serve } = servingFurther();
afterEach(sandbox.close);

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
