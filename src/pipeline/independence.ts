import { contributorsOf } from "../attributes/shared/contributors.ts";
import type { Config } from "../config/config.ts";
import type { ChangeDossier } from "../model/dossier.ts";

/** Whether a person had a part in a change: who they are, the reason why they did, or why that cannot be ruled out. */
export type Independence =
  | { readonly person: string; readonly part: null; readonly doubt: string | null }
  | { readonly person: string | null; readonly part: string };

/** Checks by the evidence that a named person neither contributed to a change nor approved it; `reviewer` is a person under `identities`, or one of their accounts. */
export function independenceOf(
  config: Pick<Config, "identities">,
  dossier: ChangeDossier,
  reviewer: string,
): Independence {
  const wanted = reviewer.toLowerCase();
  const known = config.identities.find(
    (identity) =>
      ("person" in identity ? identity.person : identity.automation).toLowerCase() === wanted ||
      identity.accounts.some((account) => account.toLowerCase() === wanted),
  );
  if (!known) return { person: null, part: `${reviewer} is no person under \`identities\` of the configuration` };
  if (!("person" in known)) return { person: null, part: `${reviewer} is automation, and no person` };
  const { person } = known;
  const id = `person:${person}`;
  const { parties, strangers, incomplete } = contributorsOf(dossier);
  const contributed = parties.get(id);
  if (contributed)
    return { person, part: `${person}, as ${contributed.as}, ${contributed.role} (r${contributed.record})` };
  const approvedBefore = new Set(
    dossier.dismissals.filter(({ previousState }) => previousState === "approved").map(({ review }) => review),
  );
  const approval = dossier.reviews.find(
    (review) =>
      (review.state === "approved" || approvedBefore.has(review.key) || approvedBefore.has(review.id)) &&
      review.author !== null &&
      dossier.identities.ofActor(dossier.source, review.author).id === id,
  );
  if (approval) return { person, part: `${person} approved it (r${approval.record})` };
  const doubt = [...(incomplete === undefined ? [] : [incomplete]), ...strangers.map(({ who }) => `somebody unknown had a part in it: ${who}`)];
  return { person, part: null, doubt: doubt.length === 0 ? null : doubt.join("; ") };
}
