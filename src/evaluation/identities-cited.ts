import type { ChangeDossier } from "../model/dossier.ts";
import type { Actor, GitPerson } from "../model/entity.ts";
import type { Judged } from "./observe.ts";

/** The attributes that ask whether two accounts are one person's. */
const independence: ReadonlySet<string> = new Set([
  "approved-by-someone-independent",
  "approved-on-final-revision",
  "emergency-reviewed-in-time",
]);

/** The item with the record of the identity map among the evidence of what rests on it; without such a record, as it was. */
export function citingIdentities(judged: Judged, record: number | null | undefined): Judged {
  const { dossier, item } = judged;
  if (typeof record !== "number" || dossier.subject !== "change" || !mapDecides(dossier)) return judged;
  const observations = item.observations.map((one) =>
    independence.has(one.attribute) && one.outcome !== "notApplicable"
      ? { ...one, evidence: [...new Set([...one.evidence, record])].sort((a, b) => a - b) }
      : one,
  );
  return { ...judged, item: { ...item, observations } };
}

/** Whether the map joins two accounts, or an account and an address, of those who made and reviewed the change, or makes one of them automation. */
function mapDecides(dossier: ChangeDossier): boolean {
  const { change, commits, authors, reviews, identities, source } = dossier;
  const people: readonly GitPerson[] = [
    ...commits.flatMap(({ author, committer }) => [author, committer]),
    ...[...authors.values()].flatMap((one) => one.authors),
  ];
  const actors = [change.author, ...reviews.map(({ author }) => author), ...people.map(({ account }) => account)];
  const byParty = new Map<string, Set<string>>();
  const add = (party: string, name: string) => {
    const names = byParty.get(party) ?? new Set();
    byParty.set(party, names.add(name));
  };
  let decides = false;
  for (const actor of actors.filter((one): one is Actor => one !== null)) {
    const party = identities.ofActor(source, actor);
    add(party.id, `account ${actor.id}`);
    decides ||= party.kind !== actor.kind;
  }
  for (const { account, email } of people) {
    const party = identities.ofEmail(email);
    if (party && account?.id === undefined) add(party.id, `address ${email.toLowerCase()}`);
    else if (party && account && identities.ofActor(source, account).id !== party.id) decides = true;
  }
  return decides || [...byParty.values()].some(({ size }) => size > 1);
}
