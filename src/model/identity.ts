import { z } from "zod";
import type { Actor, GitPerson } from "./entity.ts";

const account = z.string().regex(/^[^:\s]+:\S+$/, "an account such as github:ada-dev");

/** One person's, or one automation's, accounts and addresses, as the organisation declares them. */
export const identitySchema = z.union([
  z.strictObject({
    person: z.string().min(1),
    accounts: z.array(account).default([]),
    emails: z.array(z.string().min(3)).default([]),
  }),
  z.strictObject({ automation: z.string().min(1), accounts: z.array(account).min(1) }),
]);
export type Identity = z.infer<typeof identitySchema>;

/** Who stands behind an account: `id` is equal for all accounts of one person. */
export interface Party {
  readonly id: string;
  readonly kind: "person" | "automation" | "unknown";
}

/** Resolves accounts and addresses to parties by the configured map; pure. */
export interface IdentityMap {
  /** `source` is the source's id, as in `github:ada-dev`. */
  ofActor(source: string, actor: Actor): Party;
  /** The party that a list names by a configured account, `github:ada-dev`, where no id is known; undefined for any other name. */
  ofName(account: string): Party | undefined;
  /** The party an address is mapped to; undefined where nobody declared it. */
  ofEmail(email: string): Party | undefined;
}

/** How an account is looked up: `github:ada-dev`; logins compare without case, as the sources do. */
export const accountName = (source: string, login: string): string => `${source}:${login}`.toLowerCase();

/**
 * Builds the map. `pins` holds the account id first seen with a configured login, by `accountName`: that account is the
 * person whatever its login is now, and no other is; a login without a pin is known by its name alone.
 */
export function identityMap(
  identities: readonly Identity[],
  pins: ReadonlyMap<string, string> = new Map(),
): IdentityMap {
  const byName = new Map<string, Party>();
  const byLogin = new Map<string, Party>();
  const byId = new Map<string, Party>();
  const byEmail = new Map<string, Party>();
  for (const identity of identities) {
    const party: Party =
      "person" in identity
        ? { id: `person:${identity.person}`, kind: "person" }
        : { id: `automation:${identity.automation}`, kind: "automation" };
    for (const account of identity.accounts) {
      const name = account.toLowerCase();
      byName.set(name, party);
      const id = pins.get(name);
      if (id === undefined) byLogin.set(name, party);
      else byId.set(`${name.slice(0, name.indexOf(":"))}:${id}`, party);
    }
    if ("emails" in identity) for (const email of identity.emails) byEmail.set(email.toLowerCase(), party);
  }
  return {
    ofActor: (source, actor) =>
      byId.get(`${source.toLowerCase()}:${actor.id}`) ??
      byLogin.get(accountName(source, actor.login)) ?? { id: `account:${source}:${actor.id}`, kind: actor.kind },
    ofName: (account) => byName.get(account.toLowerCase()),
    ofEmail: (email) => byEmail.get(email.toLowerCase()),
  };
}

/** The party a commit's author or committer is; undefined where only an undeclared address is known. */
export function partyOfGitPerson(map: IdentityMap, source: string, person: GitPerson): Party | undefined {
  return person.account ? map.ofActor(source, person.account) : map.ofEmail(person.email);
}
