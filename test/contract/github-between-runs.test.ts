import { afterEach, describe, expect, test } from "vitest";
import { github } from "../../src/providers/github/index.ts";
import type { World } from "../../src/sandbox/index.ts";
import { collectInto, entitiesOf, entitiesOfType, nothing, statuses, streamsOf } from "./collecting.ts";
import { serving } from "./serving.ts";
import { squashWorld } from "./squash-world.ts";

const { sandbox, serve } = serving();
afterEach(sandbox.close);

describe("what changes between two runs", () => {
  test("a change updated while an interrupted walk stood still is read when it goes on", async () => {
    const world = squashWorld({ changes: 100 });
    const context = await serve(world);
    const kept = await collectInto(nothing(), github, streamsOf(world), context, 2);
    const change = world.repositories[0]?.changes.find((each) => each.number === 99);
    Object.assign(change as object, { title: "Renamed meanwhile", updatedAt: Date.UTC(2026, 9, 1) });
    world.revision++;
    await collectInto(kept, github, streamsOf(world), context);
    const entity = entitiesOfType(kept, github, "change").find((each) => each.number === 99);
    expect(entity?.title).toBe("Renamed meanwhile");
    expect(entitiesOfType(kept, github, "change")).toHaveLength(100);
  });

  test("a stream switched on later is read from its own beginning, and completes the counts of the changes", async () => {
    const world = squashWorld({ changes: 60 });
    const context = await serve(world);
    const kept = await collectInto(nothing(), github, streamsOf(world, ["changes", "commits", "reviews"]), context);
    expect(entitiesOfType(kept, github, "change").every((each) => each.totals.checks === null)).toBe(true);
    await collectInto(kept, github, streamsOf(world), context);
    const whole = await collectInto(nothing(), github, streamsOf(world), context);
    expect(entitiesOf(kept, github)).toEqual(entitiesOf(whole, github));
    const checks = kept.coverage.find((said) => said.stream.endsWith("/checks"));
    expect(checks).toMatchObject({ status: "complete", from: "2020-01-01T00:00:00Z" });
  });

  test("a rewritten branch is walked anew, the old line is kept, and the coverage says so", async () => {
    const world = squashWorld({ changes: 80 });
    const context = await serve(world);
    const kept = await collectInto(nothing(), github, streamsOf(world), context);
    const repository = world.repositories[0] as World["repositories"][number];
    const former = repository.branches.get("main") as string;
    const parent = repository.commits.get(former)?.parents[0] as string;
    repository.branches.set("main", parent);
    world.revision++;
    await collectInto(kept, github, streamsOf(world), context);
    const said = kept.coverage.find((each) => each.stream.endsWith("/commits"));
    expect(said).toMatchObject({ status: "partial", reason: expect.stringContaining(former) });
    expect(
      entitiesOfType(kept, github, "branchHead")
        .map((each) => each.oid)
        .sort(),
    ).toEqual([former, parent].sort());
    expect(entitiesOfType(kept, github, "graphCommit").map((each) => each.oid)).toContain(former);
    await collectInto(kept, github, streamsOf(world), context);
    expect(statuses(kept).get("github/42/commits")).toBe("complete");
  });

  test("a branch that returns to a former head is seen there again, and one that stands still is not", async () => {
    const world = squashWorld({ changes: 10 });
    const context = await serve(world);
    const repository = world.repositories[0] as World["repositories"][number];
    const former = repository.branches.get("main") as string;
    const parent = repository.commits.get(former)?.parents[0] as string;
    const kept = nothing();
    for (const head of [former, parent, former, former, parent]) {
      repository.branches.set("main", head);
      world.revision++;
      await collectInto(kept, github, streamsOf(world, ["commits"]), context);
    }
    const sightings = entitiesOfType(kept, github, "branchHead");
    expect(sightings.map((each) => each.oid)).toEqual([former, parent, former, parent]);
    expect(new Set(sightings.map((each) => each.key)).size).toBe(4);
    const earlier = streamsOf(world, ["commits"]).map((stream) => ({ ...stream, since: "2019-01-01T00:00:00Z" }));
    await collectInto(kept, github, earlier, context);
    expect(entitiesOfType(kept, github, "branchHead")).toHaveLength(4);
  });

  test("a deployment is watched until its end, however long ago it began", async () => {
    const world = squashWorld({ changes: 60 });
    const [deployment] = world.repositories[0]?.deployments ?? [];
    const [status] = deployment?.statuses ?? [];
    Object.assign(deployment as object, { statuses: [{ ...status, state: "QUEUED" }] });
    const context = await serve(world);
    const kept = nothing();
    for (let run = 0; run < 3; run++) await collectInto(kept, github, streamsOf(world, ["deployments"]), context);
    deployment?.statuses.push({ ...(status as NonNullable<typeof status>), id: 999_112, state: "SUCCESS" });
    world.revision++;
    await collectInto(kept, github, streamsOf(world, ["deployments"]), context);
    const of = (state: string) =>
      entitiesOfType(kept, github, "deploymentStatus").filter((each) => each.state === state);
    expect(of("running").map((each) => each.deployment)).toHaveLength(1);
    expect(of("success")).toHaveLength(60);
    const before = sandbox.stats().graphqlRequests;
    await collectInto(kept, github, streamsOf(world, ["deployments"]), context);
    expect(sandbox.stats().graphqlRequests - before).toBe(1);
  });

  test("deployments without an end beyond a run's measure are named, and have their turn in the next run", async () => {
    const world = squashWorld({ changes: 1200, statuses: 0 });
    const streams = streamsOf(world, ["deployments"]);
    const context = await serve(world);
    const kept = await collectInto(nothing(), github, streams, context);
    const asked = () =>
      kept.batches
        .filter(({ exchange }) => exchange.operation === "UnfinishedDeployments")
        .map((each) => each.exchange);
    await collectInto(kept, github, streams, context);
    expect(kept.coverage).toMatchObject([
      { status: "partial", reason: "200 unfinished items of earlier runs were not asked again in this one" },
    ]);
    expect(asked()).toHaveLength(20);
    await collectInto(kept, github, streams, context);
    const ids = asked().flatMap(({ variables }) => JSON.parse(variables).ids as string[]);
    expect(new Set(ids).size).toBe(1200);
  });

  test("new commits are read down to the last known head only", async () => {
    const world = squashWorld({ changes: 300 });
    const context = await serve(world);
    const repository = world.repositories[0] as World["repositories"][number];
    const head = repository.branches.get("main") as string;
    const earlier = repository.commits.get(head)?.parents[0] as string;
    repository.branches.set("main", earlier);
    const kept = await collectInto(nothing(), github, streamsOf(world, ["commits"]), context);
    repository.branches.set("main", head);
    world.revision++;
    const before = sandbox.stats().graphqlRequests;
    await collectInto(kept, github, streamsOf(world, ["commits"]), context);
    expect(sandbox.stats().graphqlRequests - before).toBe(2);
    expect(entitiesOfType(kept, github, "graphCommit")).toHaveLength(301);
    expect(statuses(kept).get("github/42/commits")).toBe("complete");
  });

  test("the first time, history is left where a change merged before the horizon", async () => {
    const world = squashWorld({ changes: 600 });
    const context = await serve(world);
    const streams = streamsOf(world).map((stream) => ({ ...stream, since: "2026-01-22T00:00:00Z" }));
    const kept = await collectInto(nothing(), github, streams, context);
    const line = entitiesOfType(kept, github, "graphCommit").length;
    expect(line).toBeLessThan(300);
    expect(line).toBeGreaterThanOrEqual(600 - 20 * 24);
    expect(
      entitiesOfType(kept, github, "change").filter((each) => each.mergedAt >= "2026-01-22T00:00:00Z"),
    ).toHaveLength(600 - 21 * 24 + 1);
  });
});

describe("what the configuration changes", () => {
  const world = squashWorld({ changes: 600 });

  test("an earlier horizon is caught up with", async () => {
    const context = await serve(world);
    const late = streamsOf(world).map((stream) => ({ ...stream, since: "2026-01-22T00:00:00Z" }));
    const kept = await collectInto(nothing(), github, late, context);
    await collectInto(kept, github, streamsOf(world), context);
    expect(entitiesOfType(kept, github, "change")).toHaveLength(600);
    expect(entitiesOfType(kept, github, "graphCommit")).toHaveLength(601);
    for (const { from } of kept.coverage) expect(from).toBe("2020-01-01T00:00:00Z");
  });

  test("another branch is read from the horizon, not from where the first one stood", async () => {
    const context = await serve(world);
    const streams = streamsOf(world, ["commits"]);
    const kept = await collectInto(nothing(), github, streams, context);
    world.repositories[0]?.branches.set("prod", world.repositories[0].branches.get("main") as string);
    await collectInto(
      kept,
      github,
      streams.map((stream) => ({ ...stream, branch: "prod" })),
      context,
    );
    expect(kept.coverage).toMatchObject([{ status: "complete", from: "2020-01-01T00:00:00Z" }]);
    await collectInto(
      kept,
      github,
      streams.map((stream) => ({ ...stream, branch: "gone" })),
      context,
    );
    expect(kept.coverage).toMatchObject([{ status: "unobserved", reason: expect.stringContaining("no branch gone") }]);
  });
});
