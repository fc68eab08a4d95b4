import { afterEach, describe, expect, test } from "vitest";
import { github } from "../../src/providers/github/index.ts";
import { collectInto, entitiesOfType, kindsOfRepository, nothing, statuses, streamsOf } from "./collecting.ts";
import { serving } from "./serving.ts";
import { squashWorld } from "./squash-world.ts";

const { sandbox, serve } = serving();
afterEach(sandbox.close);

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
