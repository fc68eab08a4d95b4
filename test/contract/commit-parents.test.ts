import { afterEach, expect, test } from "vitest";
import { github } from "../../src/providers/github/index.ts";
import { prove, type Sandbox, SCENARIOS, startSandbox } from "../../src/sandbox/index.ts";
import { collectInto, contextOf, entitiesOfType, nothing, streamsOf } from "./collecting.ts";

let sandbox: Sandbox;
afterEach(() => sandbox?.close());

const collected = async (...names: readonly string[]) => {
  const { world, ...proving } = prove(SCENARIOS.filter(({ name }) => names.includes(name)));
  proving.play();
  sandbox = await startSandbox({ world });
  const kept = await collectInto(nothing(), github, streamsOf(world), contextOf(sandbox.url));
  const asked = kept.batches.filter(({ exchange }) => exchange.operation === "CommitParents").length;
  return { world, asked, parents: entitiesOfType(kept, github, "commitParents") };
};

test("the parents of a merge of the base within a change are asked for by the commit's id", async () => {
  const { world, asked, parents } = await collected("merge-of-the-base-keeps-the-approval");
  const commits = world.repositories[0]?.commits;
  const merge = [...(commits?.values() ?? [])].find(({ message }) => message.startsWith("Merge branch"));
  expect(parents).toMatchObject([{ oid: merge?.oid, parents: merge?.parents }]);
  expect(parents[0]?.parents).toHaveLength(2);
  expect(asked).toBe(1);
});

test("where no change has such a merge, nothing more is asked", async () => {
  const { asked, parents } = await collected("nothing-wrong", "squash-merge", "push-after-approval");
  expect(parents).toEqual([]);
  expect(asked).toBe(0);
});
