import type { Rule } from "../../../model/entity.ts";
import { ruleOfRuleset } from "../normalize-rules.ts";
import type { RulesetBody } from "../schema.ts";
import type { RuleSetBody } from "./schema.ts";

/** What a rule set's names are read by. */
interface Names {
  readonly branch: string | null;
  readonly defaultBranch: string | null;
  /** Slugs of apps by their ids. */
  readonly apps: Record<string, string>;
}

/** What a rule set as REST writes it demands of the released branch. */
export function ruleOfRuleSet(set: RuleSetBody, updatedAt: string, { branch, defaultBranch, apps }: Names): Rule {
  const { rules, bypass_actors: bypass } = set;
  const asGraphql: RulesetBody = {
    databaseId: set.id,
    name: set.name,
    target: (set.target ?? "branch").toUpperCase(),
    enforcement: set.enforcement.toUpperCase(),
    updatedAt,
    conditions: { refName: set.conditions?.ref_name ?? null },
    rules: rules
      ? {
          totalCount: rules.length,
          nodes: rules.map(({ type, parameters }) => ({
            type: type.toUpperCase(),
            parameters: parameters ? (camelCased(parameters) as Record<string, unknown>) : null,
          })),
        }
      : null,
    bypassActors: bypass ? { totalCount: bypass.length, nodes: bypass.map((actor) => bypassOf(actor, apps)) } : null,
  };
  return ruleOfRuleset(asGraphql, { branch: branch ?? "", defaultBranch, apps });
}

type BypassNode = NonNullable<RulesetBody["bypassActors"]>["nodes"][number];

/** The roles every repository has, by the ids that rule sets name them by. */
const roles: Readonly<Record<string, string>> = { 1: "read", 2: "maintain", 3: "triage", 4: "write", 5: "admin" };

function bypassOf(
  { actor_id, actor_type: type, bypass_mode }: NonNullable<RuleSetBody["bypass_actors"]>[number],
  apps: Readonly<Record<string, string>>,
): BypassNode {
  const id = String(actor_id ?? "");
  const named = (typename: string, slug: string) => ({ __typename: typename, slug });
  return {
    actor: type === "Integration" ? named("App", apps[id] ?? id) : /^(Team|User)$/.test(type) ? named(type, id) : null,
    bypassMode: bypass_mode?.toUpperCase() ?? null,
    deployKey: type === "DeployKey",
    organizationAdmin: type === "OrganizationAdmin",
    repositoryRoleName: type === "RepositoryRole" ? (roles[id] ?? id) : null,
  };
}

/** The same value with its keys as GraphQL writes them. */
function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (value === null || typeof value !== "object") return value;
  const camel = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [camel(key), camelCased(inner)]));
}
