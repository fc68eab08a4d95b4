import { afterEach, describe, expect, test } from "vitest";
import { github } from "../../src/providers/github/index.ts";
import { type Sandbox, startSandbox, type World } from "../../src/sandbox/index.ts";
import type { Repository } from "../../src/sandbox/world.ts";
import { collectInto, contextOf, entitiesOfType, type Kept, nothing, statuses, streamsOf } from "./collecting.ts";
import { squashWorld } from "./squash-world.ts";

const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);
const count = 74;
let sandbox: Sandbox;
/** The source's time, in hours after the first merge could be. */
let hours = 0;
afterEach(() => sandbox?.close());

async function serve(world: World) {
  sandbox = await startSandbox({ world, clock: () => new Date(start + hours * hour) });
  return contextOf(sandbox.url);
}

/** Seventy-four repositories of three changes each, guarded by a rule set. */
function manyRepositories(): World {
  const world = squashWorld({ changes: 3 });
  const repositories = Array.from({ length: count }, (_, index): Repository => {
    const [own] = structuredClone(squashWorld({ changes: 3 }).repositories) as [Repository];
    const moved = <T extends { repo: number }>(each: T): T => Object.assign(each, { repo: index });
    own.commits.forEach(moved);
    for (const list of [...own.checks.values(), own.issues, own.changes, own.deployments]) list.forEach(moved);
    for (const change of own.changes) change.reviews.forEach(moved);
    const pulls = {
      required_approving_review_count: 1,
      dismiss_stale_reviews_on_push: true,
      require_code_owner_review: false,
      require_last_push_approval: false,
      required_review_thread_resolution: false,
    };
    return Object.assign(own, {
      index,
      id: 1000 + index,
      name: `service-${index}`,
      rulesets: [
        {
          kind: "RepositoryRuleset",
          repo: index,
          id: 5000 + index,
          name: "Released branches",
          enforcement: "ACTIVE",
          include: ["~DEFAULT_BRANCH"],
          exclude: [],
          rules: [{ id: 1, type: "pull_request", parameters: pulls }],
          bypass: [],
          createdAt: start,
          updatedAt: start,
        },
      ],
    });
  });
  return { ...world, repositories };
}

async function again(kept: Kept, world: World): Promise<{ requests: number; points: number }> {
  const before = sandbox.stats();
  await collectInto(kept, github, streamsOf(world), contextOf(sandbox.url));
  const after = sandbox.stats();
  return { requests: after.graphqlRequests - before.graphqlRequests, points: after.points - before.points };
}

describe("nothing is new", () => {
  test("in 74 repositories: one request of one point, no record, and every stream is covered up to it", async () => {
    const world = manyRepositories();
    hours = 24 * 60;
    const context = await serve(world);
    const kept = await collectInto(nothing(), github, streamsOf(world), context);
    expect(entitiesOfType(kept, github, "change")).toHaveLength(3 * count);
    hours += 24;
    expect(await again(kept, world)).toEqual({ requests: 1, points: 1 });
    expect(kept.added).toBe(0);
    expect(kept.coverage).toHaveLength(streamsOf(world).length);
    const now = new Date(start + hours * hour).toISOString().replace(".000", "");
    for (const { stream, status, to } of kept.coverage)
      expect({ status, to }, stream).toEqual({ status: "complete", to: now });
  });

  test("but in one of them: only that one is asked", async () => {
    const world = manyRepositories();
    hours = 24 * 60;
    const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    const [first, second, third] = world.repositories as [Repository, Repository, Repository];
    Object.assign(first.changes.at(-1) as object, { title: "Renamed", updatedAt: start + hours * hour });
    Object.assign(second.rulesets[0] as object, { enforcement: "DISABLED", updatedAt: start + hours * hour });
    third.rulesets.length = 0;
    world.revision++;
    hours += 24;
    expect(await again(kept, world)).toEqual({ requests: 4, points: 4 });
    expect(entitiesOfType(kept, github, "change").filter((each) => each.title === "Renamed")).toHaveLength(1);
    const rules = (id: number) =>
      entitiesOfType(kept, github, "protection").find((each) => each.repository === `github/${id}`)?.rules;
    expect(rules(1001)).toMatchObject([{ enforcement: "disabled" }]);
    expect(rules(1002)).toEqual([]);
    expect((await again(kept, world)).requests).toBe(1);
    expect(kept.added).toBe(0);
  });

  test("but that changes are promoted through a branch since: its rules are read in the same request as the others", async () => {
    const world = manyRepositories();
    hours = 24 * 60;
    const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    const branches = () =>
      entitiesOfType(kept, github, "protection").filter(({ repository }) => repository === "github/1003");
    expect(branches().map(({ branch }) => branch)).toEqual(["main"]);
    const streams = streamsOf(world).map((stream) =>
      stream.id === "github/1003/protection" ? { ...stream, promoted: ["prod"] } : stream,
    );
    const before = sandbox.stats().graphqlRequests;
    await collectInto(kept, github, streams, contextOf(sandbox.url));
    expect(sandbox.stats().graphqlRequests - before).toBe(2);
    expect(branches().map(({ branch }) => branch)).toEqual(["main", "prod"]);
    const rules = branches().map(({ rules: [first] }) => first?.appliesToReleasedBranch);
    expect(rules).toEqual([true, false]);
    await collectInto(kept, github, streams, contextOf(sandbox.url));
    expect(sandbox.stats().graphqlRequests - before).toBe(3);
    expect(kept.added).toBe(0);
  });

  test("a repository that is gone is named, and does not hide the others", async () => {
    const world = manyRepositories();
    hours = 24 * 60;
    const streams = streamsOf(world);
    const kept = await collectInto(nothing(), github, streams, await serve(world));
    Object.assign(world.repositories[5] as Repository, { name: "gone" });
    await collectInto(kept, github, streams, contextOf(sandbox.url));
    const gone = kept.coverage.filter(({ stream }) => stream.startsWith("github/1005/"));
    expect(gone.map(({ status }) => status)).toEqual(gone.map(() => "unobserved"));
    expect([...statuses(kept)].filter(([, status]) => status === "complete")).toHaveLength(
      streams.length - gone.length,
    );
  });
});

describe("late, without moving their change", () => {
  const merged = (at: number) => {
    const world = squashWorld({ changes: 60 });
    hours = 61;
    const repository = world.repositories[0] as Repository;
    return { world, repository, change: repository.changes[at] as Repository["changes"][number] };
  };

  test("reviews and checks of what merged within seven days are found", async () => {
    const { world, repository, change } = merged(3);
    const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    const [review] = change.reviews;
    change.reviews.push({ ...(review as NonNullable<typeof review>), id: 999_999, state: "CHANGES_REQUESTED" });
    const checks = repository.checks.get(change.headRefOid) ?? [];
    checks.push({ ...(checks[0] as NonNullable<(typeof checks)[0]>), id: 888_888, conclusion: "FAILURE" });
    hours += 24;
    await again(kept, world);
    expect(entitiesOfType(kept, github, "review").filter((each) => each.state === "changesRequested")).toHaveLength(1);
    expect(entitiesOfType(kept, github, "check").filter((each) => each.conclusion === "failure")).toHaveLength(1);
    hours += 24 * 10;
    await again(kept, world);
    expect((await again(kept, world)).requests).toBe(1);
  });

  test("a check that still ran is asked for until it is over, however long ago its change merged", async () => {
    const { world, repository, change } = merged(3);
    const [check] = repository.checks.get(change.headRefOid) ?? [];
    const end = check?.completedAt;
    Object.assign(check as object, { conclusion: null, completedAt: null });
    hours += 24 * 100;
    const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    expect((await again(kept, world)).requests).toBe(2);
    expect(kept.added).toBe(0);
    Object.assign(check as object, { conclusion: "FAILURE", completedAt: end });
    await again(kept, world);
    expect(entitiesOfType(kept, github, "check").filter((each) => each.conclusion === "failure")).toHaveLength(1);
    expect((await again(kept, world)).requests).toBe(1);
  });

  test("a status of a deployment that was under way is found", async () => {
    const { world, repository } = merged(3);
    const [deployment] = repository.deployments;
    const [status] = deployment?.statuses ?? [];
    Object.assign(deployment as object, { statuses: [{ ...status, state: "QUEUED" }] });
    hours += 24 * 100;
    const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    deployment?.statuses.push({ ...(status as NonNullable<typeof status>), id: 999_112, state: "FAILURE" });
    await again(kept, world);
    const failed = entitiesOfType(kept, github, "deploymentStatus").filter((each) => each.state === "failure");
    expect(failed).toHaveLength(1);
    expect((await again(kept, world)).requests).toBe(1);
  });
});
