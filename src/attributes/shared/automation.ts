import { z } from "zod";
import type { ChangeDossier } from "../../model/dossier.ts";
import type { Actor, GitPerson } from "../../model/entity.ts";
import type { IdentityMap } from "../../model/identity.ts";
import { partyOfGitPerson } from "../../model/identity.ts";
import { matchesAny } from "../../model/paths.ts";
import { releasePaths } from "../../model/policy.ts";
import { checkDemands } from "./checks.ts";
import { judgeMergeContent } from "./merge-content.ts";
import { listed, short } from "./verdicts.ts";

/** The policy's word on changes that automation makes. */
export const automationParam = z
  .array(
    z.object({
      account: z.string(),
      id: z.string().optional(),
      preset: z.enum(["release"]).optional(),
      approval: z.enum(["person", "none"]).optional(),
      checks: z.union([z.enum(["required", "off"]), checkDemands]).optional(),
      paths: z.array(z.string()).optional(),
    }),
  )
  .default([]);

/** One entry with what its preset fills in. */
export interface AutomationEntry {
  readonly account: string;
  /** Shown as a class of its own: a release that only raises versions. */
  readonly release: boolean;
  readonly approval: "person" | "none";
  readonly checks: "required" | "off" | z.infer<typeof checkDemands>;
  /** Globs of the only paths the entry is for; empty for any. */
  readonly paths: readonly string[];
}

const bare = (account: string): string => account.toLowerCase().replace(/\[bot\]$/, "");

/** Whether a name, `github:dependabot`, is the one a policy names; the source's `[bot]` suffix may be left out. */
export const isNamed = (name: string, account: string): boolean => bare(name) === bare(account);

/** Whether an account is the one a policy names. */
export const isAccount = (source: string, actor: Actor, account: string): boolean =>
  isNamed(`${source}:${actor.login}`, account);

/** The policy's entry for the automation that opened the change; undefined for a person's account, whatever its name. */
export function entryOfAuthor(
  { change, identities, source }: ChangeDossier,
  automation: z.infer<typeof automationParam>,
): AutomationEntry | undefined {
  const author = change.author;
  if (!author || !isAutomation(identities, source, author)) return undefined;
  const entry = automation.find(
    ({ account, id }) => isAccount(source, author, account) && (id === undefined || id === author.id),
  );
  if (!entry) return undefined;
  const release = entry.preset === "release";
  return {
    account: entry.account,
    release,
    approval: entry.approval ?? (release ? "none" : "person"),
    checks: entry.checks ?? "required",
    paths: entry.paths ?? (release ? releasePaths : []),
  };
}

/** Why what policy allows this automation does not hold for the change; undefined where it does. */
export function refusalOf(dossier: ChangeDossier, entry: AutomationEntry): string | undefined {
  return foreignCommit(dossier) ?? strayPath(dossier, entry) ?? addedByMerge(dossier);
}

/** A commit that the platform does not vouch to be the automation's own. */
function foreignCommit({ change, commits, identities, source }: ChangeDossier): string | undefined {
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

/** A path outside those that policy gives the automation. */
function strayPath({ paths, gaps }: ChangeDossier, entry: AutomationEntry): string | undefined {
  if (entry.paths.length === 0) return undefined;
  if (gaps.files !== undefined) return `which paths it touches is not known (${gaps.files})`;
  if (paths.length === 0) return "no path that it touches is known";
  const stray = paths.filter((path) => !matchesAny(entry.paths, path));
  return stray.length === 0 ? undefined : `it touches ${listed(stray.slice(0, 3))}, beyond the paths policy gives it`;
}

/** Refuses what nothing speaks against, and nothing shows. */
export const unknownMerge = "what its merge put on the branch is not in the evidence";

function addedByMerge(dossier: ChangeDossier): string | undefined {
  const { outcome, text } = judgeMergeContent(dossier);
  if (outcome === "pass") return undefined;
  if (!dossier.mergeCommit) return unknownMerge;
  return `${text.charAt(0).toLowerCase()}${text.slice(1).replace(/\.$/, "")}`;
}

/** Whether an account is automation, by the source's word or the organisation's. */
const isAutomation = (identities: IdentityMap, source: string, actor: Actor): boolean =>
  identities.ofActor(source, actor).kind === "automation";
