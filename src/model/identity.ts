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
  /** The party an address is mapped to; undefined where nobody declared it. */
  ofEmail(email: string): Party | undefined;
}

/** Builds the map; logins compare without case, as the sources do. */
export function identityMap(identities: readonly Identity[]): IdentityMap {
  const byAccount = new Map<string, Party>();
  const byEmail = new Map<string, Party>();
  for (const identity of identities) {
    const party: Party =
      "person" in identity
        ? { id: `person:${identity.person}`, kind: "person" }
        : { id: `automation:${identity.automation}`, kind: "automation" };
    for (const name of identity.accounts) byAccount.set(name.toLowerCase(), party);
    if ("emails" in identity) for (const email of identity.emails) byEmail.set(email.toLowerCase(), party);
  }
  return {
    ofActor: (source, actor) =>
      byAccount.get(`${source}:${actor.login}`.toLowerCase()) ?? {
        id: `account:${source}:${actor.id}`,
        kind: actor.kind,
      },
    ofEmail: (email) => byEmail.get(email.toLowerCase()),
  };
}

/** The party a commit's author or committer is; undefined where only an undeclared address is known. */
export function partyOfGitPerson(map: IdentityMap, source: string, person: GitPerson): Party | undefined {
  return person.account ? map.ofActor(source, person.account) : map.ofEmail(person.email);
}
