import { time } from "../graphql/context.ts";
import { encodeNodeId } from "../node-id.ts";
import type { BranchProtection, Repository, Ruleset, RulesetVersion } from "../world.ts";
import { type Answer, NOT_FOUND, ok, type Resource, type RestRequest, refused } from "./answer.ts";
import { newestFirst, page } from "./pages.ts";
import { ruleSuites } from "./rule-suites.ts";

/** Rule sets, their versions, and the suites of their evaluations. */
export const rulesets: Resource = (request, source, [, id, history, version, ...more]) => {
  if (more.length > 0) return NOT_FOUND;
  if (id === "rule-suites") return version === undefined ? ruleSuites(request, source, history) : NOT_FOUND;
  const no = refused(request, source, "rulesets");
  if (no) return no;
  if (id === undefined)
    return page(request, source.rulesets, { item: (each) => restRuleset(request, source, each, false) });
  const ruleset = source.rulesets.find((each) => String(each.id) === id);
  if (!ruleset) return NOT_FOUND;
  if (history === undefined) return ok(restRuleset(request, source, ruleset, true));
  return history === "history" && ruleset.organisation !== true
    ? versions(request, source, ruleset, version)
    : NOT_FOUND;
};

/** The history of an organisation's own rule set. */
export function organisationRuleset(
  request: RestRequest,
  [, id, history, version, ...more]: readonly string[],
): Answer {
  const source = request.world.repositories.find(({ rulesets }) =>
    rulesets.some((each) => each.organisation === true && String(each.id) === id),
  );
  const ruleset = source?.rulesets.find((each) => String(each.id) === id);
  if (!source || !ruleset || history !== "history" || more.length > 0) return NOT_FOUND;
  return refused(request, source, "rulesets") ?? versions(request, source, ruleset, version);
}

function versions(request: RestRequest, source: Repository, ruleset: Ruleset, version: string | undefined): Answer {
  const no = refused(request, source, "rulesetVersions");
  if (no) return no;
  const own = source.rulesetVersions.filter((each) => each.ruleset === ruleset.id);
  const item = (each: RulesetVersion) => ({
    version_id: each.version,
    actor: each.actor === null ? null : { id: each.actor, type: "User" },
    updated_at: time(each.at),
  });
  if (version === undefined)
    return page(
      request,
      newestFirst(own, ({ at }) => at),
      { item },
    );
  const found = own.find((each) => String(each.version) === version);
  return found ? ok({ ...item(found), state: stateOf(request, source, ruleset, found.state) }) : NOT_FOUND;
}

function stateOf(
  request: RestRequest,
  source: Repository,
  { id, organisation }: Ruleset,
  state: RulesetVersion["state"],
) {
  const { login } = request.world.organisation;
  return {
    id,
    name: state.name,
    target: "branch",
    source_type: organisation ? "Organization" : "Repository",
    source: organisation ? login : `${login}/${source.name}`,
    enforcement: state.enforcement.toLowerCase(),
    conditions: { ref_name: { include: state.include, exclude: state.exclude } },
    bypass_actors: state.bypass.map((each) => ({
      actor_id: each.actor === "OrganizationAdmin" ? 1 : each.app,
      actor_type: each.actor === "App" ? "Integration" : each.actor,
      bypass_mode: each.mode.toLowerCase(),
    })),
    rules: state.rules.map((each) => ({
      type: each.type,
      ...(each.parameters && { parameters: each.parameters }),
    })),
  };
}

function restRuleset(
  request: RestRequest,
  source: Repository,
  ruleset: Ruleset,
  whole: boolean,
): Record<string, unknown> {
  const name = `${request.world.organisation.login}/${source.name}`;
  const { conditions, bypass_actors, rules, ...plain } = stateOf(request, source, ruleset, ruleset);
  return {
    ...plain,
    node_id: encodeNodeId({ prefix: "RRS", repository: source.id, id: ruleset.id }),
    _links: { self: { href: `${request.base}/repos/${name}/rulesets/${ruleset.id}` } },
    created_at: time(ruleset.createdAt),
    updated_at: time(ruleset.updatedAt),
    ...(whole && { conditions, bypass_actors, rules }),
  };
}

/** The classic rule of a branch; `rest` is the branch's name. */
export const protection: Resource = (request, source, rest) => {
  const no = refused(request, source, "protection");
  if (no) return no;
  const branch = rest.join("/");
  if (!source.branches.has(branch)) return { ...NOT_FOUND, body: { message: "Branch not found", status: "404" } };
  const rule = source.protections.find((each) => each.pattern === branch);
  return rule
    ? ok(restProtection(request, rule))
    : { ...NOT_FOUND, body: { message: "Branch not protected", status: "404" } };
};

function restProtection({ base }: RestRequest, rule: BranchProtection): Record<string, unknown> {
  return {
    url: `${base}/protection/${rule.id}`,
    required_status_checks: {
      strict: rule.requiresStrictStatusChecks,
      contexts: rule.requiredChecks.map((each) => each.context),
      checks: rule.requiredChecks.map((each) => ({ context: each.context, app_id: each.app })),
    },
    required_pull_request_reviews: {
      dismiss_stale_reviews: rule.dismissesStaleReviews,
      require_code_owner_reviews: rule.requiresCodeOwnerReviews,
      require_last_push_approval: rule.requireLastPushApproval,
      required_approving_review_count: rule.requiredApprovingReviewCount,
    },
    enforce_admins: { enabled: rule.isAdminEnforced },
    allow_force_pushes: { enabled: rule.allowsForcePushes },
    allow_deletions: { enabled: rule.allowsDeletions },
  };
}
