import { createHash } from "node:crypto";
import type { World } from "./world.ts";

/** SHA-256 over everything in the world, in hexadecimal; equal worlds have equal digests. */
export function worldDigest(world: World): string {
  const hash = createHash("sha256");
  const feed = (value: unknown) => hash.update(`${JSON.stringify(value)}\n`);
  feed([world.organisation, [...world.accounts], [...world.apps], [...world.emails], world.viewer]);
  for (const repository of world.repositories) {
    const { commits, changes, issues, checks, statuses, deployments, branches, unrecorded, ...rest } = repository;
    feed([rest, [...branches], [...unrecorded]]);
    for (const list of [commits.values(), changes, issues, checks, statuses, deployments]) {
      for (const item of list) feed(item);
    }
  }
  return hash.digest("hex");
}
