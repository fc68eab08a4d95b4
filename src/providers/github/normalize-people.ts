import type { z } from "zod";
import type { Actor, GitPerson } from "../../model/entity.ts";
import type * as schema from "./schema.ts";

const actorKinds: Readonly<Record<string, Actor["kind"]>> = { User: "person", Bot: "automation" };

/** An account, or null where it was deleted. */
export function actorOf(account: z.infer<typeof schema.accountSchema>): Actor | null {
  if (!account) return null;
  return {
    id: String(account.databaseId ?? account.id ?? ""),
    login: account.login,
    kind: actorKinds[account.__typename] ?? "unknown",
  };
}

/** What a commit says of a person, with the account GitHub resolved. */
export function personOf(person: schema.GitPersonBody): GitPerson {
  return { name: person?.name ?? "", email: person?.email ?? "", account: actorOf(person?.user ?? null) };
}
