import { time } from "../graphql/context.ts";
import { encodeNodeId } from "../node-id.ts";
import type { Environment, Repository } from "../world.ts";
import { NOT_FOUND, type Resource, type RestRequest, refused } from "./answer.ts";
import { page } from "./pages.ts";
import { userOf } from "./user.ts";

/** The environments with their rules, and the branches that one of them selects. */
export const environments: Resource = (request, source, [, name, what, ...more]) => {
  if (name !== undefined) {
    const found = source.environments.find((each) => each.name === name);
    if (!found || what !== "deployment-branch-policies" || more.length > 0) return NOT_FOUND;
    const item = (pattern: string, index: number) => ({
      id: found.id * 10 + index,
      node_id: encodeNodeId({ prefix: "DBP", repository: source.id, id: found.id * 10 + index }),
      name: pattern,
      type: "branch",
    });
    const patterns = found.branchNames ?? [];
    return (
      refused(request, source, "environments") ??
      page(request, patterns, { property: "branch_policies", item: (each) => item(each, patterns.indexOf(each)) })
    );
  }
  return (
    refused(request, source, "environments") ??
    page(request, source.environments, {
      property: "environments",
      item: (each) => restEnvironment(request, source, each),
    })
  );
};

function restEnvironment(request: RestRequest, source: Repository, each: Environment): Record<string, unknown> {
  const node = (prefix: string, id: number) => encodeNodeId({ prefix, repository: source.id, id });
  const url = `${request.base}/repos/${request.world.organisation.login}/${source.name}/environments/${each.name}`;
  return {
    id: each.id,
    node_id: node("EN", each.id),
    name: each.name,
    url,
    html_url: url,
    created_at: time(each.createdAt),
    updated_at: time(each.updatedAt),
    can_admins_bypass: each.adminsBypass,
    protection_rules: [
      ...(each.waitMinutes > 0
        ? [
            {
              id: each.id * 10 + 1,
              node_id: node("GA", each.id * 10 + 1),
              type: "wait_timer",
              wait_timer: each.waitMinutes,
            },
          ]
        : []),
      ...(each.reviewers.length > 0
        ? [
            {
              id: each.id * 10 + 2,
              node_id: node("GA", each.id * 10 + 2),
              type: "required_reviewers",
              prevent_self_review: each.preventSelfReview,
              reviewers: each.reviewers.map((reviewer) =>
                "user" in reviewer
                  ? { type: "User", reviewer: userOf(request, reviewer.user) }
                  : { type: "Team", reviewer: { slug: reviewer.team, name: reviewer.team } },
              ),
            },
          ]
        : []),
      ...(each.branches === "all"
        ? []
        : [{ id: each.id * 10 + 3, node_id: node("GA", each.id * 10 + 3), type: "branch_policy" }]),
    ],
    deployment_branch_policy:
      each.branches === "all"
        ? null
        : { protected_branches: each.branches === "protected", custom_branch_policies: each.branches === "selected" },
  };
}
