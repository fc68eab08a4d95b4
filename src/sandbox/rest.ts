import { time } from "./graphql/context.ts";
import { repositoryNodeId } from "./graphql/resolve-repository.ts";
import { encodeNodeId } from "./node-id.ts";
import type { Account, BranchProtection, Repository, Ruleset, World } from "./world.ts";

/** One REST request with what is needed to answer it. */
export interface RestRequest {
  world: World;
  /** The REST base, without a slash at its end. */
  base: string;
  method: string;
  path: URL;
  authorization: string | undefined;
  isKnown(token: string): boolean;
  /** Makes a token good from now on. */
  issue(token: string): void;
  now: Date;
  rate: { limit: number; used: number; remaining: number; resetAt: number };
  forbidden: ReadonlySet<string>;
}

interface Answer {
  status: number;
  body: unknown;
  headers?: Record<string, string>;
}

const NOT_FOUND: Answer = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" },
};
const FORBIDDEN: Answer = {
  status: 403,
  body: {
    message: "Resource not accessible by personal access token",
    documentation_url: "https://docs.github.com/rest",
    status: "403",
  },
};

/** Answers the few REST resources that a provider needs, in GitHub's shapes; all else is 404. */
export function answerRest(request: RestRequest): Answer {
  const { world, method, path } = request;
  const parts = path.pathname
    .replace(/^\/api\/v3/, "")
    .split("/")
    .slice(1)
    .map(decodeURIComponent);
  const route = `${method} ${parts.join("/")}`;
  const [scheme, token] = (request.authorization ?? "").split(/\s+/);
  const installation = /^POST app\/installations\/(\d+)\/access_tokens$/.exec(route);
  if (installation || route === "GET app") {
    if (!isJwt(token)) return badCredentials("A JSON web token could not be decoded");
    return installation ? installationToken(request, installation[1] as string) : app();
  }
  if (!token || !/^(bearer|token)$/i.test(scheme ?? "") || !request.isKnown(token))
    return badCredentials("Bad credentials");
  if (method !== "GET") return NOT_FOUND;
  if (route === "GET rate_limit") return rateLimit(request.rate);
  if (route === "GET meta")
    return { status: 200, body: { verifiable_password_authentication: true, installed_version: "3.18.0" } };
  const viewer = world.accounts.get(world.viewer);
  if (route === "GET user" && viewer) return { status: 200, body: simpleUser(viewer, request.base) };
  if (parts[0] === "orgs" && parts[1]?.toLowerCase() === world.organisation.login.toLowerCase()) {
    if (parts.length === 2)
      return { status: 200, body: { ...simpleUser(world.organisation, request.base), name: world.organisation.name } };
    if (parts[2] === "repos" && parts.length === 3) return repositories(request);
  }
  if (parts[0] === "repos") return repository(request, parts.slice(1));
  return NOT_FOUND;
}

function repository(request: RestRequest, [owner, name, ...rest]: string[]): Answer {
  const { world } = request;
  const found = world.repositories.find((each) => each.name.toLowerCase() === name?.toLowerCase());
  if (!found || owner?.toLowerCase() !== world.organisation.login.toLowerCase()) return NOT_FOUND;
  if (rest.length === 0) return { status: 200, body: restRepository(request, found) };
  if (rest[0] === "rulesets") {
    if (request.forbidden.has("rulesets") || found.unrecorded.has("rulesets")) return FORBIDDEN;
    if (rest.length === 1)
      return { status: 200, body: found.rulesets.map((each) => restRuleset(request, found, each, false)) };
    const ruleset = found.rulesets.find((each) => String(each.id) === rest[1]);
    return ruleset && rest.length === 2 ? { status: 200, body: restRuleset(request, found, ruleset, true) } : NOT_FOUND;
  }
  if (rest[0] === "branches" && rest.length >= 3 && rest.at(-1) === "protection") {
    if (request.forbidden.has("protection") || found.unrecorded.has("protection")) return FORBIDDEN;
    const branch = rest.slice(1, -1).join("/");
    if (!found.branches.has(branch)) return { ...NOT_FOUND, body: { message: "Branch not found", status: "404" } };
    const rule = found.protections.find((each) => each.pattern === branch);
    return rule
      ? { status: 200, body: restProtection(request, rule) }
      : { ...NOT_FOUND, body: { message: "Branch not protected", status: "404" } };
  }
  return NOT_FOUND;
}

function repositories(request: RestRequest): Answer {
  const { world, path, base } = request;
  const size = Math.min(100, Math.max(1, Number(path.searchParams.get("per_page") ?? 30) || 30));
  const page = Math.max(1, Number(path.searchParams.get("page") ?? 1) || 1);
  const last = Math.max(1, Math.ceil(world.repositories.length / size));
  const link = (number: number, rel: string) =>
    `<${base}/orgs/${world.organisation.login}/repos?per_page=${size}&page=${number}>; rel="${rel}"`;
  const links = [
    ...(page > 1 ? [link(page - 1, "prev"), link(1, "first")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
  ];
  return {
    status: 200,
    body: world.repositories.slice((page - 1) * size, page * size).map((each) => restRepository(request, each)),
    ...(links.length > 0 && { headers: { link: links.join(", ") } }),
  };
}

function badCredentials(message: string): Answer {
  return { status: 401, body: { message, documentation_url: "https://docs.github.com/rest", status: "401" } };
}

function isJwt(token: string | undefined): boolean {
  const parts = token?.split(".") ?? [];
  if (parts.length !== 3 || parts.some((each) => !/^[\w-]+$/.test(each))) return false;
  try {
    const [header, claims] = parts
      .slice(0, 2)
      .map((each) => JSON.parse(Buffer.from(each, "base64url").toString("utf8")));
    return header.alg === "RS256" && claims.iss !== undefined && typeof claims.exp === "number";
  } catch {
    return false;
  }
}

function app(): Answer {
  return {
    status: 200,
    body: { id: 990001, slug: "flowproof-reader", name: "flowproof reader", permissions: PERMISSIONS },
  };
}

const PERMISSIONS = {
  metadata: "read",
  contents: "read",
  pull_requests: "read",
  checks: "read",
  statuses: "read",
  deployments: "read",
  issues: "read",
  administration: "read",
};

function installationToken(request: RestRequest, installation: string): Answer {
  const token = `ghs_${Buffer.from(`sandbox-installation-${installation}`).toString("hex").padEnd(36, "0")}`;
  request.issue(token);
  const expires = new Date(request.now.getTime() + 3_600_000);
  return {
    status: 201,
    body: { token, expires_at: time(expires.getTime()), permissions: PERMISSIONS, repository_selection: "all" },
  };
}

function rateLimit({ limit, used, remaining, resetAt }: RestRequest["rate"]): Answer {
  const graphql = { limit, used, remaining, reset: resetAt };
  const core = { limit: 5000, used: 0, remaining: 5000, reset: resetAt };
  return { status: 200, body: { resources: { core, graphql }, rate: core } };
}

function simpleUser(account: Account, base: string): Record<string, unknown> {
  const prefix = account.kind === "Organization" ? "O" : account.kind === "Bot" ? "BOT" : "U";
  return {
    login: account.kind === "Bot" ? `${account.login}[bot]` : account.login,
    id: account.id,
    node_id: encodeNodeId({ prefix, repository: 0, id: account.id }),
    url: `${base}/users/${account.login}`,
    type: account.kind,
    site_admin: false,
    name: account.name,
  };
}

function restRepository({ world, base }: RestRequest, source: Repository): Record<string, unknown> {
  const { login } = world.organisation;
  return {
    id: source.id,
    node_id: repositoryNodeId(source),
    name: source.name,
    full_name: `${login}/${source.name}`,
    private: source.isPrivate,
    visibility: source.isPrivate ? "private" : "public",
    owner: simpleUser(world.organisation, base),
    description: source.description,
    fork: false,
    url: `${base}/repos/${login}/${source.name}`,
    default_branch: source.defaultBranch,
    archived: source.isArchived,
    disabled: false,
    created_at: time(source.createdAt),
    updated_at: time(source.updatedAt),
    pushed_at: time(source.pushedAt),
    permissions: { admin: false, maintain: false, push: false, triage: false, pull: true },
    ...(!source.unrecorded.has("settings") && {
      allow_merge_commit: source.merge.commit,
      allow_squash_merge: source.merge.squash,
      allow_rebase_merge: source.merge.rebase,
      allow_auto_merge: true,
      delete_branch_on_merge: true,
    }),
  };
}

function restRuleset(
  { world, base }: RestRequest,
  source: Repository,
  ruleset: Ruleset,
  whole: boolean,
): Record<string, unknown> {
  const name = `${world.organisation.login}/${source.name}`;
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: "branch",
    source_type: "Repository",
    source: name,
    enforcement: ruleset.enforcement.toLowerCase(),
    node_id: encodeNodeId({ prefix: "RRS", repository: source.id, id: ruleset.id }),
    _links: { self: { href: `${base}/repos/${name}/rulesets/${ruleset.id}` } },
    created_at: time(ruleset.createdAt),
    updated_at: time(ruleset.updatedAt),
    ...(whole && {
      conditions: { ref_name: { include: ruleset.include, exclude: ruleset.exclude } },
      bypass_actors: ruleset.bypass.map((each) => ({
        actor_id: each.actor === "OrganizationAdmin" ? 1 : each.app,
        actor_type: each.actor === "App" ? "Integration" : each.actor,
        bypass_mode: each.mode.toLowerCase(),
      })),
      rules: ruleset.rules.map((each) => ({
        type: each.type,
        ...(each.parameters && { parameters: each.parameters }),
      })),
    }),
  };
}

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
