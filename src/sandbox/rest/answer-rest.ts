import { createHash } from "node:crypto";
import { access } from "./access.ts";
import { activity } from "./activity.ts";
import { alerts } from "./alerts.ts";
import { type Answer, NOT_FOUND, ok, type Resource, type RestRequest } from "./answer.ts";
import { app, installationToken } from "./app.ts";
import { auditLog } from "./audit-log.ts";
import { environments } from "./environments.ts";
import { page } from "./pages.ts";
import { releases, tags } from "./releases.ts";
import { restRepository } from "./repository.ts";
import { organisationRuleset, protection, rulesets } from "./rules.ts";
import { runs, workflowPermissions, workflows } from "./runs.ts";
import { simpleUser } from "./user.ts";

/** Answers the REST resources that a provider needs, in GitHub's shapes with strong entity tags; all else is 404. */
export function answerRest(request: RestRequest): Answer {
  const answer = route(request);
  if (answer.status !== 200) return answer;
  const etag = `"${createHash("sha256").update(JSON.stringify(answer.body)).digest("hex")}"`;
  const headers = { ...answer.headers, etag };
  if (request.ifNoneMatch === etag) return { status: 304, body: undefined, headers };
  return { ...answer, headers };
}

function route(request: RestRequest): Answer {
  const { world, method, path } = request;
  const parts = path.pathname
    .replace(/^\/api\/v3/, "")
    .split("/")
    .slice(1)
    .map(decodeURIComponent);
  const name = `${method} ${parts.join("/")}`;
  const [scheme, token] = (request.authorization ?? "").split(/\s+/);
  const installation = /^POST app\/installations\/(\d+)\/access_tokens$/.exec(name);
  if (installation || name === "GET app") {
    if (!isJwt(token)) return badCredentials("A JSON web token could not be decoded");
    return installation ? installationToken(request, installation[1] as string) : app();
  }
  if (!token || !/^(bearer|token)$/i.test(scheme ?? "") || !request.isKnown(token))
    return badCredentials("Bad credentials");
  if (method !== "GET") return NOT_FOUND;
  if (name === "GET rate_limit") return rateLimit(request.rate);
  if (name === "GET meta") return ok({ verifiable_password_authentication: true, installed_version: "3.18.0" });
  const viewer = world.accounts.get(world.viewer);
  if (name === "GET user" && viewer) return ok(simpleUser(viewer, request.base));
  const isOurs = parts[1]?.toLowerCase() === world.organisation.login.toLowerCase();
  if (parts[0] === "orgs" && isOurs) return organisation(request, parts.slice(2));
  if (parts[0] === "repos" && isOurs) return repository(request, parts.slice(2));
  return NOT_FOUND;
}

function organisation(request: RestRequest, rest: readonly string[]): Answer {
  const { world, base } = request;
  if (rest.length === 0) return ok({ ...simpleUser(world.organisation, base), name: world.organisation.name });
  if (rest[0] === "rulesets") return organisationRuleset(request, rest);
  if (rest.length > 1) return NOT_FOUND;
  if (rest[0] === "repos") return page(request, world.repositories, { item: (each) => restRepository(request, each) });
  return rest[0] === "audit-log" ? auditLog(request) : NOT_FOUND;
}

/** Resources of a repository by the beginning of their path. */
const resources: Readonly<Record<string, Resource>> = {
  activity,
  rulesets,
  environments,
  collaborators: access,
  teams: access,
  "actions/permissions/workflow": workflowPermissions,
  "actions/runs": runs,
  "actions/workflows": workflows,
  releases,
  "git/matching-refs/tags": tags,
  "git/tags": tags,
  "dependabot/alerts": alerts,
  "code-scanning/alerts": alerts,
  "secret-scanning/alerts": alerts,
};

function repository(request: RestRequest, [name = "", ...rest]: readonly string[]): Answer {
  const found = request.world.repositories.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (!found) return NOT_FOUND;
  if (rest.length === 0) return ok(restRepository(request, found));
  if (rest[0] === "branches" && rest.length >= 3 && rest.at(-1) === "protection")
    return protection(request, found, rest.slice(1, -1));
  for (const length of [3, 2, 1]) {
    const resource = resources[rest.slice(0, length).join("/")];
    if (resource) return resource(request, found, rest);
  }
  return NOT_FOUND;
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

function rateLimit({ limit, used, remaining, resetAt }: RestRequest["rate"]): Answer {
  const graphql = { limit, used, remaining, reset: resetAt };
  const core = { limit: 5000, used: 0, remaining: 5000, reset: resetAt };
  return ok({ resources: { core, graphql }, rate: core });
}
