import { afterEach, describe, expect, test } from "vitest";
import { github } from "../../src/providers/github/index.ts";
import { simulate } from "../../src/sandbox/index.ts";
import type { Repository } from "../../src/sandbox/world.ts";
import { collectInto, contextOf, entitiesOfType } from "./collecting.ts";
import { asked, ours, servingFurther, since } from "./further-fixture.ts";

const { further, sandbox } = servingFurther();
afterEach(sandbox.close);

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
