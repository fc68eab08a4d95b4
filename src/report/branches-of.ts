import type { AssessmentResult } from "../model/assessment.ts";
import { list } from "./format.ts";

type Repository = AssessmentResult["scope"]["systems"][number]["repositories"][number];

/** `acme/shop (main, promoted to prod)`: where changes land, and where they are promoted to after that. */
export function branchesOf({ name, branch, promotedThrough = [] }: Repository): string {
  return promotedThrough.length === 0
    ? `${name} (${branch})`
    : `${name} (${branch}, promoted to ${list(promotedThrough)})`;
}
