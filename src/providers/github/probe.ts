import type { StreamKind } from "../../model/stream.ts";
import { SourceError } from "../../util/errors.ts";
import type { Capability, ProviderContext } from "../provider.ts";
import * as text from "./fragments.ts";
import { connect } from "./graphql-client.ts";
import { type Needed, neededFurther } from "./rest/permissions.ts";

const plain = (...permissions: readonly string[]): Needed => ({ permissions, scopes: ["repo"] });

/** What each kind of evidence takes. */
const needed: Readonly<Partial<Record<StreamKind, Needed>>> = {
  repositories: plain("metadata"),
  repository: plain("metadata"),
  protection: {
    ...plain("administration"),
    besides: "branch protection rules are shown only to administrators of a repository",
  },
  commits: plain("contents"),
  changes: plain("pull_requests"),
  reviews: plain("pull_requests"),
  files: plain("pull_requests"),
  checks: plain("checks", "statuses"),
  workItems: plain("issues"),
  deployments: plain("deployments"),
  ...neededFurther,
};

const query = `query Viewer { viewer { login databaseId } ${text.price} }`;

/** Who the credential is and what it may read; one request. Throws SourceError where the source refuses it. */
export async function probe(context: ProviderContext) {
  const github = connect(context);
  try {
    const asked = await github.ask({ name: "Viewer", text: query, variables: {} }, 2);
    if (!asked.ok) {
      const { reason, message, hint } = asked.failure;
      throw new SourceError(reason, message, hint === undefined ? {} : { hint });
    }
    const { identity, scopes } = credentialOf(asked.data.viewer, asked.headers, github.permissions());
    return {
      identity,
      scopes,
      serverTime: asked.exchange.serverTime,
      capabilities: [...identityRights(identity, scopes), ...rights(github.permissions(), asked.headers[scopesHeader])],
    };
  } finally {
    await github.close();
  }
}

const scopesHeader = "x-oauth-scopes";

/** Whose credential was used, and its rights: a classic token's scopes, an app's permissions; empty where the source does not say. */
export function credentialOf(
  viewer: unknown,
  headers: Readonly<Record<string, string>>,
  permissions: Readonly<Record<string, string>> | undefined,
): { readonly identity: string; readonly scopes: readonly string[] } {
  const { login, databaseId } = (viewer ?? {}) as { login?: string; databaseId?: number };
  return {
    identity: login === undefined ? "an account the source does not name" : `${login} (${databaseId})`,
    scopes: permissions
      ? Object.entries(permissions)
          .map(([name, right]) => `${name}:${right}`)
          .sort()
      : listOf(headers[scopesHeader]),
  };
}

const listOf = (scopes: string | undefined): readonly string[] =>
  (scopes ?? "")
    .split(",")
    .map((scope) => scope.trim())
    .filter(Boolean)
    .sort();

// A classic scope without "read:" before it writes; so do an app's rights of that name.
// https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
function identityRights(identity: string, scopes: readonly string[]): readonly Capability[] {
  const writing = scopes.filter(
    (scope) => /:(write|admin)$/.test(scope) || !/^(read:|user:email$|[\w-]+:read$)/.test(scope),
  );
  const known: Capability = { kind: "identity", ok: true, message: `signed in as ${identity}` };
  if (writing.length === 0) return [known];
  return [
    known,
    {
      kind: "identity",
      ok: false,
      message: `the credential can write (${writing.join(", ")}): evidence should be read with rights that cannot change it. Use a GitHub App or a fine-grained token with read access only`,
    },
  ];
}

function rights(
  permissions: Readonly<Record<string, string>> | undefined,
  scopes: string | undefined,
): readonly Capability[] {
  return (Object.entries(needed) as [StreamKind, Needed][]).map(
    ([kind, { permissions: names, scopes: any, besides }]) => {
      const more = besides === undefined ? "" : `; ${besides}`;
      if (permissions) {
        const missing = names.filter((name) => permissions[name] === undefined);
        return missing.length === 0
          ? { kind, ok: true, message: `may read ${names.join(", ")}${more}` }
          : { kind, ok: false, message: `lacks ${missing.join(", ")}: grant the app read access to it${more}` };
      }
      if (scopes === undefined || scopes === "") {
        const message = `takes read access to ${names.join(", ")}; a fine-grained token does not say what it may read${more}`;
        return { kind, ok: true, message };
      }
      const granted = listOf(scopes);
      const by = any.find((scope) => granted.includes(scope));
      if (by !== undefined) return { kind, ok: true, message: `may read it by the scope ${by}${more}` };
      const message = any.includes("repo")
        ? `without the scope ${any.join(" or ")} only public repositories are read${more}`
        : `lacks the scope ${any.join(" or ")}${more}`;
      return { kind, ok: false, message };
    },
  );
}
