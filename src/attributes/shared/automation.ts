import { z } from "zod";
import type { ChangeDossier } from "../../model/dossier.ts";
import type { Actor, GitPerson } from "../../model/entity.ts";
import type { IdentityMap } from "../../model/identity.ts";
import { partyOfGitPerson } from "../../model/identity.ts";
import { short } from "./verdicts.ts";

/** The policy's word on changes that automation makes. */
export const automationParam = z
  .array(z.object({ account: z.string(), approval: z.enum(["person", "none"]), checks: z.enum(["required", "off"]) }))
  .default([]);
type Entry = z.infer<typeof automationParam>[number];

const bare = (account: string): string => account.toLowerCase().replace(/\[bot\]$/, "");

/** Whether an account is the one a policy names, `github:dependabot`; the source's `[bot]` suffix may be left out. */
export const isAccount = (source: string, actor: Actor, account: string): boolean =>
  bare(`${source}:${actor.login}`) === bare(account);

/** The policy's entry for the automation that opened the change; undefined for a person's account, whatever its name. */
export function entryOfAuthor(dossier: ChangeDossier, automation: readonly Entry[]): Entry | undefined {
  const { change, identities, source } = dossier;
  const author = change.author;
  if (!author || !isAutomation(identities, source, author)) return undefined;
  return automation.find(({ account }) => isAccount(source, author, account));
}

/** Why a change of exempt automation is judged like any other: a commit that the platform does not vouch to be the automation's own. */
export function foreignCommit(dossier: ChangeDossier): string | undefined {
  const { change, commits, identities, source } = dossier;
  if (!change.author) return "the author is unknown";
  const { id } = change.author;
  const party = identities.ofActor(source, change.author).id;
  // The source may write an automation's login otherwise in a commit; its id stays.
  const isOwn = (author: GitPerson) =>
    author.account?.id === id || partyOfGitPerson(identities, source, author)?.id === party;
  if (commits.length < Math.max(1, change.totals.commits)) return "not all of its commits are known";
  // Anyone can write a service account's name into a commit: only the platform's own signature shows who made it.
  const foreign = commits.find((commit) => commit.madeBy !== "platform" || commit.coAuthored || !isOwn(commit.author));
  return foreign && `commit ${short(foreign.oid)} is not shown to be its own by the platform`;
}

/** Whether an account is automation, by the source's word or the organisation's. */
const isAutomation = (identities: IdentityMap, source: string, actor: Actor): boolean =>
  identities.ofActor(source, actor).kind === "automation";
