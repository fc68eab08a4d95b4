import { afterEach, describe, expect, test } from "vitest";
import { github } from "../../src/providers/github/index.ts";
import { simulate } from "../../src/sandbox/index.ts";
import { collectInto, contextOf, entitiesOfType, nothing, streamsOf } from "./collecting.ts";
import { asked, ours, servingFurther } from "./further-fixture.ts";

const { further, sandbox, serve } = servingFurther();
afterEach(sandbox.close);

describe("tags, alerts and the audit log", () => {
  test("a moved tag keeps both commits", async () => {
    const { world } = simulate();
    const [tag] = ours(world).tags;
    if (!tag) throw new Error("no tag is simulated");
    const kept = await further(world, undefined, ["releases"]);
    const seen = entitiesOfType(kept, github, "tag");
    const before = tag.oid;
    tag.oid = "a".repeat(40);
    await collectInto(kept, github, asked(world, ["releases"]), contextOf(sandbox.url));
    expect(kept.added).toBe(1);
    const after = entitiesOfType(kept, github, "tag").find((each) => each.name === tag.name);
    const first = seen.find((each) => each.name === tag.name);
    expect([first?.oid, after?.oid]).toEqual([before, "a".repeat(40)]);
    // Two keys: one entity does not take the other's place.
    expect(first?.key).not.toBe(after?.key);
  });

  test("alerts tell when they were opened, fixed and dismissed, and by whom", async () => {
    const { world } = simulate();
    const kept = await collectInto(nothing(), github, streamsOf(world, ["alerts"]), await serve(world));
    const alerts = entitiesOfType(kept, github, "securityAlert");
    expect(alerts.filter(({ fixedAt }) => fixedAt !== null).length).toBeGreaterThan(0);
    const dismissed = alerts.filter(({ dismissedAt }) => dismissedAt !== null);
    expect(dismissed[0]).toMatchObject({
      tool: "code",
      dismissedBecause: "used in tests",
      dismissedBy: { login: "viktor-a" },
    });
    const open = alerts.filter(({ fixedAt, dismissedAt }) => fixedAt === null && dismissedAt === null);
    expect(open.length).toBeGreaterThan(0);
  });

  test("the audit log tells every bypass of the rules with its actor", async () => {
    const { world } = simulate();
    const kept = await collectInto(nothing(), github, streamsOf(world, ["auditLog"]), await serve(world));
    const overrides = entitiesOfType(kept, github, "auditEvent").filter(({ action }) =>
      /policy_override$/.test(action),
    );
    const bypasses = world.repositories.flatMap((each) => each.ruleSuites).filter(({ result }) => result === "bypass");
    expect(overrides).toHaveLength(bypasses.length);
    expect(overrides.every(({ by }) => by !== null)).toBe(true);
    // With the branch, where it led to and what was not met: by these it is found among the bypasses.
    const told = overrides.map(({ subject, after, accountId, unmet }) => [subject, after, accountId, unmet?.length]);
    const moves = bypasses.map(({ branch, after, actor, evaluations }) => [
      branch,
      after,
      String(actor),
      evaluations.filter(({ result }) => result === "fail").length,
    ]);
    expect(told.toSorted()).toEqual(moves.toSorted());
    // One request for all repositories, and each entry stands under its own.
    expect(kept.batches).toHaveLength(1);
    expect(new Set(overrides.map(({ repository }) => repository)).size).toBeGreaterThan(1);
  });
});
