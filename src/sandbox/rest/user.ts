import { encodeNodeId } from "../node-id.ts";
import type { Account } from "../world.ts";
import type { RestRequest } from "./answer.ts";

/** An account as REST writes it; a bot's login has a suffix there. */
export function simpleUser(account: Account, base: string): Record<string, unknown> {
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

/** The account of an id; null where it is deleted or there is none. */
export function userOf({ world, base }: RestRequest, id: number | null): Record<string, unknown> | null {
  const account = id === null ? undefined : world.accounts.get(id);
  return account ? simpleUser(account, base) : null;
}
