import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { github } from "../../src/providers/github/index.ts";
import { loadRecorded, type Sandbox, simulate, startSandbox, type World } from "../../src/sandbox/index.ts";
import { packageRoot } from "../../src/util/root.ts";
import {
  collectInto,
  contextOf,
  entitiesOf,
  entitiesOfType,
  kindsOfRepository,
  nothing,
  statuses,
  streamsOf,
} from "./collecting.ts";
import { squashWorld } from "./squash-world.ts";

const recorded = join(packageRoot(), "../shared/data/mls-protocol");
let sandbox: Sandbox;
const serve = async (world: World, faults?: string) => {
  sandbox = await startSandbox({ world, faults });
  return contextOf(sandbox.url);
};
afterEach(() => sandbox?.close());

describe("what it costs", () => {
  test("1,000 squash-merged changes, each deployed once: at most 50 requests and 60 points, then one", async () => {
    const world = squashWorld({ changes: 1000 });
    const context = await serve(world);
    const kept = await collectInto(nothing(), github, streamsOf(world), context);
    const { graphqlRequests, points } = sandbox.stats();
    expect(graphqlRequests).toBeLessThanOrEqual(50);
    expect(points).toBeLessThanOrEqual(60);
    expect(entitiesOfType(kept, github, "change")).toHaveLength(1000);
    expect(entitiesOfType(kept, github, "graphCommit")).toHaveLength(1001);
    expect(entitiesOfType(kept, github, "deployment")).toHaveLength(1000);
    expect(kept.totals.get("github/42/changes")).toBe(1000);
    expect(kept.totals.get("github/42/commits")).toBe(1001);
    await collectInto(kept, github, streamsOf(world), context);
    expect(sandbox.stats()).toMatchObject({ graphqlRequests: graphqlRequests + 1, points: points + 1 });
    expect(kept.added).toBe(0);
  });

  test("every seventh answer a 502: at most 1.3 times the requests, and nothing is lost", async () => {
    const world = squashWorld({ changes: 1000 });
    const calm = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    const { graphqlRequests } = sandbox.stats();
    await sandbox.close();
    const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world, "502/7"));
    expect(sandbox.stats().graphqlRequests).toBeLessThanOrEqual(graphqlRequests * 1.3);
    expect(kept.records.size).toBe(calm.records.size);
  });
});

describe("a page that the source refuses", () => {
  test("is halved until it is answered, stored only whole, and grows again later", async () => {
    const world = squashWorld({ changes: 200 });
    const kept = nothing();
    const context = await serve(world, "partial:20");
    const pages: number[] = [];
    for await (const batch of github.collect(streamsOf(world, ["changes"]), new Map(), context)) {
      kept.batches.push(batch);
      const { changesPage } = JSON.parse(batch.exchange.variables);
      if (changesPage) pages.push(changesPage);
      if (kept.batches.length === 3) sandbox.setFaults(undefined);
    }
    expect(pages.slice(0, 3)).toEqual([14, 14, 14]);
    expect(pages.at(-1)).toBe(29);
    const changes = kept.batches.flatMap(({ parts }) =>
      parts.flatMap(({ records }) => records.filter(({ kind }) => kind === "change")),
    );
    expect(new Set(changes.map(({ externalId }) => externalId)).size).toBe(200);
  });
});

describe("lists longer than their page", () => {
  const world = squashWorld({
    changes: 25,
    reviews: 130,
    files: 230,
    commits: 105,
    statuses: 60,
    workItems: 101,
    checks: 101,
    parents: 5,
  });

  test("are read whole, and one record of files holds all paths", async () => {
    const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    for (const { stream, status } of kept.coverage)
      if (!stream.endsWith("/protection")) expect(status, stream).toBe("complete");
    const counts = ["review", "changeCommit", "deploymentStatus", "workItemLink", "check"] as const;
    expect(counts.map((type) => entitiesOfType(kept, github, type).length)).toEqual([
      130 * 25,
      105 * 25,
      60 * 25,
      101 * 25,
      101 * 25,
    ]);
    const files = entitiesOfType(kept, github, "changeFiles");
    expect(files.map((each) => each.paths.length)).toEqual(Array(25).fill(230));
    const ordinals = entitiesOfType(kept, github, "changeCommit")
      .filter((each) => each.change === "github/42#7")
      .map((each) => each.ordinal);
    expect(ordinals.sort((a, b) => a - b)).toEqual(Array.from({ length: 105 }, (_, index) => index));
    expect(Math.max(...entitiesOfType(kept, github, "graphCommit").map((each) => each.parents.length))).toBe(5);
    const before = sandbox.stats().graphqlRequests;
    await collectInto(kept, github, streamsOf(world), contextOf(sandbox.url));
    expect(kept.added).toBe(0);
    expect(sandbox.stats().graphqlRequests - before).toBeLessThanOrEqual(3);
  });

  test("go on where they stopped when a run is interrupted anywhere in them", async () => {
    const world = squashWorld({ changes: 11, reviews: 130, files: 130, statuses: 60, parents: 5 });
    const expected = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    for (let stop = 1; stop < expected.batches.length; stop += 8) {
      const kept = await collectInto(nothing(), github, streamsOf(world), contextOf(sandbox.url), stop);
      await collectInto(kept, github, streamsOf(world), contextOf(sandbox.url));
      expect(entitiesOf(kept, github), `stopped after ${stop}`).toEqual(entitiesOf(expected, github));
    }
  });
});

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

describe("what the source does not give", () => {
  test("a name that stands for another repository now is not mistaken for the old one", async () => {
    const world = squashWorld({ changes: 3 });
    const streams = streamsOf(world).map((stream) => ({
      ...stream,
      scopeId: "41",
      id: stream.id.replace("/42/", "/41/"),
    }));
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    expect(kept.records.size).toBe(0);
    expect(new Set(statuses(kept).values())).toEqual(new Set(["unobserved"]));
    expect(kept.coverage[0]?.reason).toContain("belongs to another repository");
  });

  test("a repository that is gone is a finding of every stream", async () => {
    const world = squashWorld({ changes: 3 });
    const streams = streamsOf(world).map((stream) => ({ ...stream, scopeName: "riverbank/gone" }));
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    expect([...statuses(kept).values()]).toEqual(kindsOfRepository.map(() => "unobserved"));
    expect(kept.coverage[0]?.reason).toContain("Could not resolve to a Repository");
  });

  test("a cursor that repeats ends the walk as partial", async () => {
    const world = squashWorld({ changes: 60 });
    const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world, "cursor"));
    const said = kept.coverage.find((each) => each.stream.endsWith("/changes"));
    expect(said).toMatchObject({ status: "partial", reason: "the source's cursor does not advance" });
    expect(entitiesOfType(kept, github, "change").length).toBeGreaterThanOrEqual(21);
  });

  test("rules that only administrators see are not readable, never absent", async () => {
    const world = squashWorld({ changes: 3 });
    const kept = await collectInto(nothing(), github, streamsOf(world, ["protection"]), await serve(world));
    expect(kept.coverage[0]).toMatchObject({
      status: "partial",
      reason: expect.stringContaining("not readable without administration rights"),
    });
  });
});

describe("credentials", () => {
  test("an app signs in with its key, and what it may read is named", async () => {
    const world = squashWorld({ changes: 3 });
    sandbox = await startSandbox({ world, token: "nobody has this" });
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      privateKeyEncoding: { type: "pkcs1", format: "pem" },
      publicKeyEncoding: { type: "spki", format: "pem" },
    });
    const source = {
      id: "github",
      provider: "github",
      baseUrl: sandbox.url,
      credential: { type: "app", appId: "990001", installation: "7", readKey: () => privateKey },
    } as const;
    const context = contextOf(sandbox.url, { source });
    const kept = await collectInto(nothing(), github, streamsOf(world), context);
    expect(new Set(statuses(kept).values())).toEqual(new Set(["complete"]));
    const { capabilities, scopes } = await github.probe(context);
    expect(scopes).toContain("administration:read");
    expect(capabilities.every((capability) => capability.ok)).toBe(true);
  });

  test("a token that can write is said to", async () => {
    const context = await serve(squashWorld({ changes: 3 }));
    const { identity, capabilities, serverTime } = await github.probe(context);
    expect(identity).toBe("flowproof-reader (4190012)");
    expect(serverTime).toMatch(/^\d{4}-.*Z$/);
    expect(capabilities.filter((capability) => !capability.ok).map((capability) => capability.message)).toEqual([
      expect.stringContaining("can write (repo)"),
    ]);
  });

  test("discovery proposes branches, environments, checks and bots in few requests", async () => {
    const { world } = simulate({ changes: 120 });
    const context = await serve(world);
    const found = await github.discover(world.organisation.login, "2026-10-01T00:00:00Z", context);
    expect(found).toHaveLength(world.repositories.length);
    expect(found.find((each) => each.name.endsWith("/payments"))).toMatchObject({
      defaultBranch: "main",
      environments: ["production", "staging"],
      checks: expect.arrayContaining([{ name: "test", app: "github-actions" }]),
      deployedFrom: ["main"],
    });
    const gateway = found.find((each) => each.name.endsWith("/mobile-gateway"));
    expect(gateway?.merges).toContainEqual({ from: "main", to: "prod" });
    const storefront = found.find((each) => each.name.endsWith("/storefront"));
    expect(storefront?.deployers).toContain("release-bot");
    expect(storefront?.authors).not.toContain("release-bot");
    expect(sandbox.stats().graphqlRequests).toBe(1);
  });
});

describe.skipIf(!existsSync(recorded))("a recorded repository (skipped where the recording is absent)", () => {
  test("505 merged changes, 1,249 reviews, the whole branch; what was not recorded is unobserved", async () => {
    const world = loadRecorded(recorded);
    const kept = await collectInto(
      nothing(),
      github,
      streamsOf(world).map((stream) => ({ ...stream, since: "2017-01-01T00:00:00Z" })),
      await serve(world),
    );
    expect(entitiesOfType(kept, github, "change")).toHaveLength(505);
    expect(entitiesOfType(kept, github, "review")).toHaveLength(1249);
    const parents = new Map(entitiesOfType(kept, github, "graphCommit").map((each) => [each.oid, each.parents[0]]));
    let line = 0;
    for (let oid = entitiesOfType(kept, github, "branchHead")[0]?.oid; oid; oid = parents.get(oid)) line++;
    expect(line).toBe(529);
    const said = statuses(kept);
    const of = (kind: string) => [...said].find(([stream]) => stream.endsWith(`/${kind}`))?.[1];
    expect(["changes", "reviews", "commits"].map(of)).toEqual(["complete", "complete", "complete"]);
    expect(["checks", "deployments", "files", "workItems", "protection"].map(of)).toEqual(Array(5).fill("unobserved"));
    expect(kept.coverage.find((each) => each.stream.endsWith("/checks"))?.reason).toBe("not recorded");
  });
});
