import { afterEach, describe, expect, test } from "vitest";
import { github } from "../../src/providers/github/index.ts";
import { type Sandbox, startSandbox, type World } from "../../src/sandbox/index.ts";
import type { PullRequest, Repository, TimelineEvent } from "../../src/sandbox/world.ts";
import { type Between, standBetween } from "./between.ts";
import { collectInto, contextOf, entitiesOf, entitiesOfType, nothing, statuses, streamsOf } from "./collecting.ts";
import { squashWorld } from "./squash-world.ts";

let sandbox: Sandbox;
let between: Between | undefined;
const serve = async (world: World) => {
  sandbox = await startSandbox({ world });
  return contextOf(sandbox.url);
};
afterEach(async () => {
  await between?.close();
  between = undefined;
  await sandbox?.close();
});

const repositoryOf = (world: World) => world.repositories[0] as Repository;
const changeOf = (world: World, number: number) =>
  repositoryOf(world).changes.find((each) => each.number === number) as PullRequest;

function happens(change: PullRequest, kind: TimelineEvent["kind"], more: Partial<TimelineEvent> = {}): TimelineEvent {
  const event: TimelineEvent = {
    kind,
    repo: 0,
    change: change.number,
    id: 7000 + change.number * 1000 + change.events.length,
    actor: change.author,
    at: change.createdAt + change.events.length * 1000,
    label: null,
    from: null,
    to: null,
    ...more,
  };
  change.events.push(event);
  return event;
}

/** A few changes with everything a timeline may tell, a dismissed review among it. */
function eventfulWorld(): World {
  const world = squashWorld({ changes: 5 });
  const change = changeOf(world, 3);
  happens(change, "LabeledEvent", { label: "emergency" });
  happens(change, "UnlabeledEvent", { label: "emergency" });
  happens(change, "BaseRefChangedEvent", { from: "develop", to: "next" });
  happens(change, "AutomaticBaseChangeSucceededEvent", { from: "next", to: "main" });
  happens(change, "HeadRefForcePushedEvent", { from: "f".repeat(40), to: change.headRefOid });
  happens(change, "AutoMergeEnabledEvent");
  happens(change, "AddedToMergeQueueEvent", { actor: null });
  const [review] = change.reviews;
  Object.assign(review as object, { state: "DISMISSED" });
  change.dismissals.push({
    kind: "ReviewDismissedEvent",
    repo: 0,
    change: 3,
    id: 6001,
    actor: change.author,
    at: change.createdAt + 20_000,
    review: review?.id ?? 0,
    previous: "APPROVED",
    message: null,
  });
  Object.assign(changeOf(world, 4), { labels: ["bug"] });
  return world;
}

const refuse = (word: string, type: string) => (query: string) =>
  query.includes(word)
    ? {
        errors: [
          {
            path: ["query Changes", "repository", "changes", "nodes", word],
            extensions: { code: "undefinedField", typeName: type, fieldName: word },
            message: `Field '${word}' doesn't exist on type '${type}'`,
          },
        ],
      }
    : undefined;

describe("the timeline of a change", () => {
  test("tells what happened to it, by whom and when; labels are known by it and by nothing else", async () => {
    const world = eventfulWorld();
    const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    const events = entitiesOfType(kept, github, "changeEvent");
    expect(events.map(({ event, label, from, to }) => ({ event, label, from, to }))).toEqual([
      { event: "labelled", label: "emergency", from: null, to: null },
      { event: "unlabelled", label: "emergency", from: null, to: null },
      { event: "baseChanged", label: null, from: "develop", to: "next" },
      { event: "baseChanged", label: null, from: "next", to: "main" },
      { event: "headForcePushed", label: null, from: null, to: changeOf(world, 3).headRefOid },
      { event: "autoMergeEnabled", label: null, from: null, to: null },
      { event: "queued", label: null, from: null, to: null },
    ]);
    expect(new Set(events.map(({ change }) => change))).toEqual(new Set(["github/42#3"]));
    expect(events.at(0)).toMatchObject({ at: "2026-01-01T02:00:00Z", by: { kind: "person" } });
    expect(events.at(-1)?.by).toBeNull();
    expect(entitiesOfType(kept, github, "change").find((each) => each.number === 3)).toMatchObject({
      labels: null,
      totals: { events: 7, reviews: 1, labels: null },
    });
    expect(entitiesOfType(kept, github, "dismissal")).toMatchObject([{ previousState: "approved" }]);
    expect(sandbox.stats().byOperation).not.toHaveProperty("Dismissals");
  });

  test("tells which link was made by hand, and when the text was last edited", async () => {
    const world = squashWorld({ changes: 2, workItems: 1 });
    const change = changeOf(world, 2);
    happens(change, "ConnectedEvent", { to: String(change.issues[0]) });
    Object.assign(change, { lastEditedAt: change.createdAt + 60_000 });
    const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    const links = entitiesOfType(kept, github, "workItemLink").filter((each) => each.change === "github/42#2");
    expect(entitiesOfType(kept, github, "changeEvent")).toMatchObject([{ event: "linked", to: links[0]?.key }]);
    const edited = entitiesOfType(kept, github, "change").map(({ number, editedAt }) => [number, editedAt]);
    expect(edited.sort()).toEqual([
      [1, null],
      [2, `${new Date(change.createdAt + 60_000).toISOString().slice(0, 19)}Z`],
    ]);
  });

  test("longer than its page is read to the end before the change is recorded with its counts", async () => {
    const world = squashWorld({ changes: 5, reviews: 150 });
    const change = changeOf(world, 2);
    for (let index = 0; index < 120; index++) happens(change, "LabeledEvent", { label: `area-${index}` });
    const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    const totals = entitiesOfType(kept, github, "change").map((each) => [each.totals.events, each.totals.reviews]);
    expect(totals.sort()).toEqual([...Array(4).fill([0, 150]), [120, 150]]);
    expect(entitiesOfType(kept, github, "changeEvent")).toHaveLength(120);
    expect(entitiesOfType(kept, github, "review")).toHaveLength(750);
    Object.assign(change, { updatedAt: Date.UTC(2026, 9, 1), title: "Renamed" });
    happens(change, "UnlabeledEvent", { label: "area-1", at: change.updatedAt });
    world.revision++;
    await collectInto(kept, github, streamsOf(world), contextOf(sandbox.url));
    expect(entitiesOfType(kept, github, "change").find((each) => each.number === 2)).toMatchObject({
      title: "Renamed",
      totals: { events: 121, reviews: 150 },
    });
    await collectInto(kept, github, streamsOf(world), contextOf(sandbox.url));
    expect(kept.added).toBe(0);
  });

  test("from which an item is withheld leaves a gap in the counts, of events and of reviews", async () => {
    const world = eventfulWorld();
    await serve(world);
    // The review's node is taken out of the answer, as a source does that hides it.
    const hide = (text: string) =>
      text.replaceAll(
        /\{"__typename":"PullRequestReview","id":"[^"]*","fullDatabaseId":"3000"(?:[^{}]|\{[^{}]*\})*\}/g,
        "null",
      );
    between = await standBetween(sandbox.url, () => undefined, hide);
    const kept = await collectInto(nothing(), github, streamsOf(world), contextOf(between.url));
    expect(entitiesOfType(kept, github, "review")).toHaveLength(4);
    expect(entitiesOfType(kept, github, "change").find((each) => each.number === 3)?.totals).toMatchObject({
      reviews: 1,
      events: 8,
    });
  });

  test("refused as a whole: reviews, labels and dismissals are asked as lists, with the same records of reviews", async () => {
    const world = eventfulWorld();
    const told = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    repositoryOf(world).unrecorded = new Set(["events"]);
    const kept = await collectInto(nothing(), github, streamsOf(world), contextOf(sandbox.url));
    expect(statuses(kept).get("github/42/reviews")).toBe("complete");
    const records = (from: typeof kept) =>
      [...from.records.values()]
        .filter(({ kind }) => kind === "review" || kind === "dismissal")
        .map(({ body }) => JSON.stringify(body))
        .sort();
    expect(records(kept)).toEqual(records(told));
    expect(entitiesOfType(kept, github, "changeEvent")).toEqual([]);
    expect(entitiesOfType(kept, github, "change").find((each) => each.number === 4)).toMatchObject({
      labels: ["bug"],
      totals: { labels: 1, events: null, reviews: 1 },
    });
  });
});

describe("an older server", () => {
  test("that knows no rollup of a change is asked for its last commit's, and once in a run only", async () => {
    const worlds = eventfulWorld();
    const [own] = structuredClone(worlds.repositories) as [Repository];
    const moved = <T extends { repo: number }>(each: T) => Object.assign(each, { repo: 1 });
    own.commits.forEach(moved);
    for (const list of [...own.checks.values(), own.issues, own.changes, own.deployments]) list.forEach(moved);
    const world = {
      ...worlds,
      repositories: [...worlds.repositories, Object.assign(own, { index: 1, id: 43, name: "second" })],
    };
    const whole = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    let refused = 0;
    between = await standBetween(sandbox.url, (query) => {
      const answer = refuse("rollup:", "PullRequest")(query);
      if (answer) refused++;
      return answer && JSON.parse(JSON.stringify(answer).replaceAll("rollup:", "statusCheckRollup"));
    });
    const kept = await collectInto(nothing(), github, streamsOf(world), contextOf(between.url));
    expect(refused).toBe(1);
    expect(entitiesOf(kept, github)).toEqual(entitiesOf(whole, github));
  });

  test("that names no checks of a change whose branch is gone is not believed: its last commit has them", async () => {
    const world = squashWorld({ changes: 28 });
    const whole = await collectInto(nothing(), github, streamsOf(world), await serve(world));
    const none = (text: string) => {
      const blank = (value: unknown): unknown => {
        if (Array.isArray(value)) return value.map(blank);
        if (value === null || typeof value !== "object") return value;
        return Object.fromEntries(
          Object.entries(value).map(([key, each]) => [key, key === "rollup" ? null : blank(each)]),
        );
      };
      return JSON.stringify(blank(JSON.parse(text)));
    };
    between = await standBetween(sandbox.url, () => undefined, none);
    const kept = await collectInto(nothing(), github, streamsOf(world), contextOf(between.url));
    const checks = (from: typeof kept) =>
      entitiesOfType(from, github, "check")
        .map((each) => each.key)
        .sort();
    expect(checks(kept)).toEqual(checks(whole));
    const asked = () => kept.batches.filter(({ exchange }) => exchange.operation === "HeadChecks").length;
    const before = asked();
    expect(before).toBe(1);
    Object.assign(changeOf(world, 9), { updatedAt: Date.UTC(2026, 9, 1) });
    world.revision++;
    await collectInto(kept, github, streamsOf(world), contextOf(between.url));
    expect(asked()).toBe(before);
  });
});

test("checks say in which suite and by which workflow they ran, statuses which run reported them", async () => {
  const world = squashWorld({ changes: 3 });
  const repository = repositoryOf(world);
  const change = changeOf(world, 2);
  repository.runs.push({
    id: 5150,
    name: "CI",
    path: ".github/workflows/ci.yml",
    event: "push",
    branch: change.headRefName,
    oid: change.headRefOid,
    suite: 2,
    actor: change.author,
    createdAt: change.createdAt,
    updatedAt: change.createdAt,
    attempts: [],
    approvals: [],
  });
  Object.assign(repository.deployments[1]?.statuses[0] as object, { run: 5150 });
  const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world));
  const checks = entitiesOfType(kept, github, "check").filter((each) => each.oid === change.headRefOid);
  expect(checks.map(({ suite, workflow }) => ({ suite, workflow }))).toEqual(
    Array(2).fill({ suite: "2", workflow: ".github/workflows/ci.yml" }),
  );
  const runs = entitiesOfType(kept, github, "deploymentStatus").map(({ run }) => run);
  expect(runs.filter((run) => run !== null)).toEqual(["github/42/pipelineRuns/5150"]);
});

test("only commits that GitHub did not make are asked for the changes they belong to", async () => {
  const world = squashWorld({ changes: 40 });
  const repository = repositoryOf(world);
  const line = repository.changes.slice(10, 13).map((each) => repository.commits.get(each.mergeCommit ?? "") as object);
  for (const commit of line)
    Object.assign(commit, { committer: { name: "Ada", email: "ada@riverbank.example", account: null } });
  const head = repository.branches.get("main") as string;
  repository.branches.set("main", repository.commits.get(head)?.parents[0] as string);
  const kept = await collectInto(nothing(), github, streamsOf(world), await serve(world));
  // A later walk comes by what is known, and takes nothing from it.
  repository.branches.set("main", head);
  world.revision++;
  await collectInto(kept, github, streamsOf(world), contextOf(sandbox.url));
  const graph = entitiesOfType(kept, github, "graphCommit");
  expect(graph).toHaveLength(41);
  expect(graph.flatMap(({ changes }) => changes)).toEqual([13, 12, 11]);
  const made = entitiesOfType(kept, github, "commit").map(({ madeBy }) => madeBy);
  expect(made.filter((by) => by === "platform")).toHaveLength(37);
  expect(entitiesOfType(kept, github, "commit").every(({ tree }) => tree !== null)).toBe(true);
});
