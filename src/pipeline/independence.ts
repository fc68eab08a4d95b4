import { contributorsOf } from "../attributes/shared/contributors.ts";
import type { Config } from "../config/config.ts";
import type { ChangeDossier } from "../model/dossier.ts";
import type { Actor } from "../model/entity.ts";
import { accountName } from "../model/identity.ts";
import type { Sightings } from "./account-pins.ts";

/** Whether a person had a part in a change: who they are and why it cannot be ruled out, or the reason why they are refused. */
export type Independence = { readonly person: string; readonly doubt: string | null } | { readonly refused: string };

/** Who is known: persons by the configuration, accounts by the evidence. */
export interface Known {
  readonly identities: Config["identities"];
  readonly accounts: Sightings;
  /** Names of accounts that are automation by the source's own word. */
  readonly automation: ReadonlySet<string>;
}

/** The accounts that changes show to be automation, by `accountName`. */
export function automationIn(changes: Iterable<ChangeDossier>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { source, change, commits, reviews } of changes) {
    const actors: readonly (Actor | null)[] = [
      change.author,
      change.merger,
      ...reviews.map(({ author }) => author),
      ...commits.flatMap(({ author, committer }) => [author.account, committer.account]),
    ];
    for (const actor of actors) if (actor?.kind === "automation") names.add(accountName(source, actor.login));
  }
  return names;
}

/** Checks by the evidence that a named person neither contributed to a change nor approved it; `reviewer` is a person under `identities`, one of their accounts, or an account that was seen, such as `github:ada-dev`. */
export function independenceOf(dossier: ChangeDossier, reviewer: string, known: Known): Independence {
  const party = partyOf(dossier, reviewer, known);
  if ("refused" in party) return party;
  const { person, id } = party;
  const { parties, strangers, incomplete } = contributorsOf(dossier);
  const contributed = parties.get(id);
  if (contributed) return { refused: `${person} ${contributed.role}, as ${contributed.as} (r${contributed.record})` };
  const approval = approvalBy(dossier, id);
  if (approval !== undefined) return { refused: `${person} approved it (r${approval})` };
  const doubts = [
    ...(incomplete === undefined ? [] : [incomplete]),
    ...strangers.map(({ who }) => `somebody unknown had a part in it: ${who}`),
  ];
  return { person, doubt: doubts.length === 0 ? null : doubts.join("; ") };
}

function partyOf(
  dossier: ChangeDossier,
  reviewer: string,
  { identities, accounts, automation }: Known,
): { readonly person: string; readonly id: string } | { readonly refused: string } {
  const wanted = reviewer.trim().toLowerCase();
  const declared = identities.find(
    (identity) =>
      ("person" in identity ? identity.person : identity.automation).toLowerCase() === wanted ||
      identity.accounts.some((account) => account.toLowerCase() === wanted),
  );
  if (declared && "person" in declared) return { person: declared.person, id: `person:${declared.person}` };
  if (declared || automation.has(wanted)) return { refused: `${reviewer} is automation, and no person` };
  const ids = [...(accounts.get(wanted)?.keys() ?? [])];
  const [only] = ids;
  if (only !== undefined && ids.length === 1)
    return { person: reviewer.trim(), id: `account:${dossier.source}:${only}` };
  return {
    refused: `${reviewer} is no person under \`identities\` of the configuration, and no account that was seen, such as ${dossier.source}:${dossier.change.merger?.login ?? "ada-dev"}`,
  };
}

/** The record of an approval by that party, also one dismissed since. */
function approvalBy({ reviews, dismissals, identities, source }: ChangeDossier, party: string): number | undefined {
  const dismissed = new Set(
    dismissals.filter(({ previousState }) => previousState === "approved").map(({ review }) => review),
  );
  return reviews.find(
    ({ state, key, id, author }) =>
      (state === "approved" || dismissed.has(key) || dismissed.has(id)) &&
      author !== null &&
      identities.ofActor(source, author).id === party,
  )?.record;
}
