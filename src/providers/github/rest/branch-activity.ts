import { readLog } from "./log.ts";
import { reasonOf } from "./refusal.ts";
import type { Walk } from "./walk.ts";

/**
 * Every move of every branch, newest first.
 * @see https://docs.github.com/en/rest/repos/repos#list-repository-activities
 */
export const branchActivity: Walk = async function* (reading) {
  const read = yield* readLog(reading, {
    name: "activity",
    operation: "BranchActivity",
    path: "/repos/{owner}/{repo}/activity",
    floor: reading.stream.since,
    idOf: ({ id }) => String(id),
    timeOf: ({ timestamp }) => String(timestamp),
    records: (item) => [{ kind: "branchActivity", externalId: String(item.id), body: item }],
  });
  if (read.ok) return { reasons: [] };
  return { reasons: [yield* reasonOf(reading, "activity", read.refused)], nothing: true };
};
