import { readSnapshot } from "./snapshot.ts";
import type { Walk } from "./walk.ts";

/**
 * The environments with their rules, as they are now: one record of all, so that an absence is evidence too.
 * @see https://docs.github.com/en/rest/deployments/environments
 */
export const environments: Walk = (reading) =>
  readSnapshot(reading, "environments", {
    environments: {
      list: {
        name: "environments",
        operation: "Environments",
        path: "/repos/{owner}/{repo}/environments",
        property: "environments",
      },
      what: "environments",
    },
  });
