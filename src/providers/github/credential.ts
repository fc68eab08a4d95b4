import { createAppAuth } from "@octokit/auth-app";
import type { Clock } from "../../util/clock.ts";
import { SourceError } from "../../util/errors.ts";
import type { HttpClient } from "../../util/http.ts";
import type { Credential } from "../provider.ts";

/** Gives the token to send; `renew` forgets one that the source refused. */
export interface TokenSource {
  token(): Promise<string>;
  renew(): boolean;
  /** The rights of an app's installation, where the source said them. */
  permissions(): Readonly<Record<string, string>> | undefined;
}

/** A token as configured, read anew each time, or one of an app's installation, renewed before it ends. */
export function tokenSource(credential: Credential, baseUrl: string, http: HttpClient, clock: Clock): TokenSource {
  if (credential.type === "token")
    return { token: async () => credential.read(), renew: () => false, permissions: () => undefined };
  let current: { token: string; expires: number; permissions: Record<string, string> } | undefined;
  return {
    token: async () => {
      if (!current || current.expires - clock().getTime() < 300_000)
        current = await installationToken(credential, baseUrl, http);
      return current.token;
    },
    renew: () => {
      current = undefined;
      return true;
    },
    permissions: () => current?.permissions,
  };
}

async function installationToken(credential: Extract<Credential, { type: "app" }>, baseUrl: string, http: HttpClient) {
  let jwt: string;
  try {
    const auth = createAppAuth({ appId: credential.appId, privateKey: credential.readKey() });
    jwt = (await auth({ type: "app" })).token;
  } catch (error) {
    // biome-ignore lint/style/useErrorCause: a SourceError takes it third.
    throw new SourceError("auth", `the key of app ${credential.appId} cannot be used`, {
      cause: error,
      hint: "Give the private key as GitHub made it, PEM.",
    });
  }
  const { status, json } = await http.request({
    method: "POST",
    url: `${baseUrl}/app/installations/${encodeURIComponent(credential.installation)}/access_tokens`,
    headers: { authorization: `bearer ${jwt}`, "user-agent": "flowproof" },
  });
  const { token, expires_at, permissions } = (json ?? {}) as {
    token?: string;
    expires_at?: string;
    permissions?: Record<string, string>;
  };
  if (status >= 400 || !token) {
    throw new SourceError(
      "auth",
      `the source gave app ${credential.appId} no token for installation ${credential.installation} (${status})`,
      {
        hint: "Check the app's id, key and installation, and this machine's clock.",
      },
    );
  }
  return { token, expires: Date.parse(expires_at ?? "") || 0, permissions: permissions ?? {} };
}
