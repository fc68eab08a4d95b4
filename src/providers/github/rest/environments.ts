import type { Item } from "./list.ts";
import { readSnapshot } from "./snapshot.ts";
import type { Reading, Walk } from "./walk.ts";

/**
 * The environments with their rules, as they are now: one record of all, so that an absence is evidence too. Of one that
 * selects its branches, the patterns they must match stand beside.
 * @see https://docs.github.com/en/rest/deployments/environments
 * @see https://docs.github.com/en/rest/deployments/branch-policies
 */
export const environments: Walk = async function* (reading) {
  const { known } = reading.next;
  const outcome = yield* readSnapshot(reading, "environments", {
    environments: {
      list: {
        name: "environments",
        operation: "Environments",
        path: "/repos/{owner}/{repo}/environments",
        property: "environments",
      },
      what: "environments",
      besides: (items) => {
        if (items) note(reading, items);
        return Object.fromEntries(selecting(reading).map((name) => [name, branchPolicies(name)]));
      },
    },
  });
  if (known.reviewed !== undefined && outcome.nothing !== true) reading.reviewed.current = known.reviewed === "yes";
  return outcome;
};

const selects = "selects ";

/** The environments that select their branches, as last seen. */
const selecting = ({ next }: Reading): readonly string[] =>
  Object.keys(next.known).flatMap((key) => (key.startsWith(selects) ? [key.slice(selects.length)] : []));

/** Notes which environments select their branches, and whether any names reviewers or ever did. */
function note({ next: { known } }: Reading, items: readonly Item[]): void {
  for (const key of Object.keys(known)) if (key.startsWith(selects)) delete known[key];
  for (const { name, deployment_branch_policy: policy } of items)
    if ((policy as Item | null | undefined)?.custom_branch_policies === true) known[`${selects}${name}`] = "yes";
  const isReviewed = items.some(
    ({ protection_rules: rules }) =>
      Array.isArray(rules) && rules.some((rule: Item) => rule.type === "required_reviewers"),
  );
  known.reviewed = isReviewed || known.reviewed === "yes" ? "yes" : "no";
}

const branchPolicies = (environment: string) => ({
  list: {
    name: `policies ${environment}`,
    operation: "BranchPolicies",
    path: "/repos/{owner}/{repo}/environments/{environment}/deployment-branch-policies",
    values: { environment },
    property: "branch_policies",
  },
  what: `the branches that ${environment} selects`,
  under: "branchPolicies",
  optional: true,
});
