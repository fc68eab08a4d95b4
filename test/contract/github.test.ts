import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { github } from "../../src/providers/github/index.ts";
import { loadRecorded } from "../../src/sandbox/index.ts";
import { packageRoot } from "../../src/util/root.ts";
import { collectInto, contextOf, entitiesOf, entitiesOfType, nothing, statuses, streamsOf } from "./collecting.ts";
import { serving } from "./serving.ts";
import { squashWorld } from "./squash-world.ts";

const { sandbox, serve } = serving();
afterEach(sandbox.close);

const recorded = join(packageRoot(), "../shared/data/mls-protocol");

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
