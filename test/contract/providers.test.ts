import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { providers } from "../../src/providers/registry.ts";
import { type Sandbox, simulate, startSandbox, type World } from "../../src/sandbox/index.ts";
import {
  collectInto,
  contextOf,
  entitiesOf,
  type Kept,
  kindsOfRepository,
  nothing,
  statuses,
  streamsOf,
} from "./collecting.ts";

// One suite for every provider. A new one brings a server that stands in for its vendor.
const stands: Readonly<Record<string, (world: World) => Promise<Sandbox>>> = {
  github: (world) => startSandbox({ world }),
};

const { world } = simulate({ changes: 60 });
const names = ["payments", "ledger-api", "storefront", "mobile-gateway", "platform-infra"];
const streams = streamsOf(world, kindsOfRepository, names);

describe.each(providers.map((provider) => [provider.id, provider] as const))("%s", (id, provider) => {
  let sandbox: Sandbox;
  let whole: readonly string[];
  const collected = (): Promise<Kept> => collectInto(nothing(), provider, streams, contextOf(sandbox.url));
  beforeAll(async () => {
    sandbox = await (stands[id] as (typeof stands)[string])(world);
    whole = entitiesOf(await collected(), provider);
  });
  afterEach(() => sandbox.setFaults(undefined));
  afterAll(() => sandbox.close());

  test("collects every kind of evidence, says how far each stream reaches, and every record is read", async () => {
    const kept = await collected();
    expect([...statuses(kept).keys()].sort()).toEqual(streams.map((stream) => stream.id).sort());
    expect(new Set(statuses(kept).values())).toEqual(new Set(["complete"]));
    for (const { from, to, reason } of kept.coverage) {
      expect(from < to).toBe(true);
      expect(reason).toBeUndefined();
    }
    const types = new Set(entitiesOf(kept, provider).map((line) => JSON.parse(line).type));
    expect(types).toEqual(
      new Set([
        "commit",
        "graphCommit",
        "branchHead",
        "change",
        "changeEvent",
        "changeCommit",
        "changeFiles",
        "review",
        "dismissal",
        "check",
        "workItemLink",
        "deployment",
        "deploymentStatus",
        "protection",
        "repository",
        "commitAuthors",
      ]),
    );
    for (const { exchange } of kept.batches) expect(JSON.stringify(exchange)).not.toContain("ghp_");
  });

  test("lists the organisation's repositories with the source's own count", async () => {
    const context = contextOf(sandbox.url);
    const found = [];
    for await (const { parts } of provider.repositories([world.organisation.login], context)) found.push(...parts);
    expect(found.flatMap((part) => part.records).filter(({ kind }) => kind === "listedRepository")).toHaveLength(
      world.repositories.length,
    );
    expect(found.at(-1)).toMatchObject({ total: world.repositories.length, coverage: { status: "complete" } });
  });

  test("a second run adds nothing", async () => {
    const kept = await collected();
    const before = entitiesOf(kept, provider);
    const requests = sandbox.stats().graphqlRequests;
    await collectInto(kept, provider, streams, contextOf(sandbox.url));
    expect(kept.added).toBe(0);
    expect(entitiesOf(kept, provider)).toEqual(before);
    expect(sandbox.stats().graphqlRequests - requests).toBeLessThanOrEqual(3 * names.length);
  });

  test("interrupted after any batch, the next run goes on to the same evidence", async () => {
    const two = streamsOf(world, kindsOfRepository, names.slice(0, 2));
    const calm = await collectInto(nothing(), provider, two, contextOf(sandbox.url));
    const expected = entitiesOf(calm, provider);
    for (let stop = 0; stop < calm.batches.length; stop++) {
      const kept = await collectInto(nothing(), provider, two, contextOf(sandbox.url), stop);
      await collectInto(kept, provider, two, contextOf(sandbox.url));
      expect(entitiesOf(kept, provider), `stopped after ${stop} batches`).toEqual(expected);
      expect(new Set(statuses(kept).values())).toEqual(new Set(["complete"]));
    }
  });

  test.each([
    "502:40",
    "html:40",
    "truncated:40",
    "empty:40",
    "invalid:40",
    "secondary:30",
    "primary:30",
    "redirect:40",
    "die:2",
    "null",
    "forbidden:checks",
    "forbidden:protection",
    "forbidden:rulesets",
    "forbidden:deployments",
    "forbidden:reviews",
    "forbidden:files",
    "forbidden:issues",
    "partial:2",
  ])("%s becomes coverage, never a loss: the next run has it all", async (fault) => {
    sandbox.setFaults(fault);
    const kept = await collected();
    const said = statuses(kept);
    expect([...said.keys()].sort()).toEqual(streams.map((stream) => stream.id).sort());
    for (const { status, reason } of kept.coverage) if (status !== "complete") expect(reason).toMatch(/\w{3}/);
    const lacking = entitiesOf(kept, provider).length < whole.length;
    if (lacking) expect([...said.values()].some((status) => status !== "complete")).toBe(true);
    sandbox.setFaults(undefined);
    await collectInto(kept, provider, streams, contextOf(sandbox.url));
    expect(entitiesOf(kept, provider)).toEqual(whole);
    expect(new Set(statuses(kept).values())).toEqual(new Set(["complete"]));
  });

  test("a wrong credential leaves every stream unobserved, with the reason and without the token", async () => {
    const strict = await startSandbox({ world, token: "another" });
    const kept = await collectInto(nothing(), provider, streams, contextOf(strict.url));
    await strict.close();
    expect(new Set(statuses(kept).values())).toEqual(new Set(["unobserved"]));
    expect(kept.coverage[0]?.reason).toMatch(/refused the credential/);
    expect(JSON.stringify(kept.batches)).not.toContain("ghp_");
  });
});
