import type { Stream, StreamKind } from "../../src/model/stream.ts";
import { furtherKinds } from "../../src/model/stream.ts";
import { github } from "../../src/providers/github/index.ts";
import type { World } from "../../src/sandbox/index.ts";
import type { Repository } from "../../src/sandbox/world.ts";
import { collectInto, contextOf, type Kept, nothing, statuses, streamsOf } from "./collecting.ts";
import { serving } from "./serving.ts";

// What REST alone tells, one stream a right, read over HTTP from a server in GitHub's shapes.
const name = "mobile-gateway";
export const since = "2026-10-10T00:00:00Z";
export const now = new Date("2026-11-03T00:00:00Z");

export const ours = (world: World): Repository => {
  const found = world.repositories.find((each) => each.name === name);
  if (!found) throw new Error(`${name} is not simulated`);
  return found;
};
export const asked = (world: World, kinds: readonly StreamKind[], from = since): Stream[] =>
  streamsOf(world, kinds, [name]).map((stream) => ({ ...stream, since: from }));
export const statusOf = (kept: Kept, kind: StreamKind) =>
  [...statuses(kept)].find(([stream]) => stream.split("/")[2] === kind)?.[1];
export const reasonOf = (kept: Kept, kind: StreamKind) =>
  kept.coverage.find(({ stream, reason }) => stream.split("/")[2] === kind && reason)?.reason;

/** The sandbox of one test file at `now`; the file closes it after each test. */
export function servingFurther() {
  const { sandbox, start } = serving();
  const serve = async (world: World, faults?: string, clock = () => now) => {
    await start({ world, faults, clock });
    return contextOf(sandbox.url, { clock });
  };
  const further = async (world: World, faults?: string, kinds: readonly StreamKind[] = furtherKinds): Promise<Kept> =>
    collectInto(nothing(), github, asked(world, kinds), await serve(world, faults));
  return { sandbox, serve, further };
}
