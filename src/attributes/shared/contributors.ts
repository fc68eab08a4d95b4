import type { ChangeDossier } from "../../model/dossier.ts";
import { actorName } from "../../model/dossier.ts";
import type { Actor, GitPerson } from "../../model/entity.ts";
import type { Party } from "../../model/identity.ts";
import { partyOfGitPerson } from "../../model/identity.ts";
import { byTimeThenId, short } from "./verdicts.ts";

/** Everybody who made a change, as far as the evidence says; a merger is none. */
export interface Contributors {
  /** By party id: what they did, in words, under which account or git name, and the record that says so. */
  readonly parties: ReadonlyMap<string, { readonly role: string; readonly as: string; readonly record: number }>;
  /** Contributors who are somebody, nobody can say who: each could be one approver and no more. */
  readonly strangers: readonly { readonly who: string; readonly record: number }[];
  /** Why there may be further contributors; undefined when all are listed. */
  readonly incomplete: string | undefined;
}

/**
 * Author, commit authors, co-authors and committers of a change, and who pushed its head: by the source's record of the
 * branch's moves and of the pipeline runs a push started, where they are read. Whoever started a pipeline that changes
 * automation's work is taken for its author too.
 */
export function contributorsOf(dossier: ChangeDossier): Contributors {
  const { change, commits, authors, authorSeenIn, identities, source } = dossier;
  const parties = new Map<string, { role: string; as: string; record: number }>();
  const unknown: { person: GitPerson; role: string; record: number }[] = [];
  const strangers: { who: string; record: number }[] = [];
  const byAccountedEmail = new Map<string, Party>();
  let incomplete: string | undefined;

  const add = (party: Party, as: string, role: string, record: number) => {
    if (!parties.has(party.id)) parties.set(party.id, { role, as, record });
  };
  const addPerson = (person: GitPerson, role: string, record: number) => {
    const party = partyOfGitPerson(identities, source, person);
    const as = person.account ? actorName(person.account) : `${person.name} <${person.email}>`;
    if (party) add(party, as, role, record);
    if (!party) unknown.push({ person, role, record });
    // An address may add a contributor beside the account, never remove one.
    const declared = identities.ofEmail(person.email);
    if (declared) add(declared, as, role, record);
    if (person.account && party) byAccountedEmail.set(person.email.toLowerCase(), party);
  };

  if (change.author)
    add(
      identities.ofActor(source, change.author),
      actorName(change.author),
      "opened the change",
      authorSeenIn ?? change.record,
    );
  else strangers.push({ who: "the change's author, whose account is deleted", record: change.record });
  for (const commit of commits) {
    addPerson(commit.author, `wrote commit ${short(commit.oid)}`, commit.record);
    if (commit.madeBy !== "platform") addPerson(commit.committer, `committed ${short(commit.oid)}`, commit.record);
    if (!commit.coAuthored) continue;
    const all = authors.get(commit.oid);
    if (!all) incomplete ??= `commit ${short(commit.oid)} names co-authors who could not be read`;
    for (const author of all?.authors ?? [])
      addPerson(author, `is an author of commit ${short(commit.oid)}`, all?.record ?? commit.record);
  }
  for (const { by, role, record } of [...pushersOf(dossier), ...startersOf(dossier)]) {
    if (by) add(identities.ofActor(source, by), actorName(by), role, record);
    else strangers.push({ who: `a deleted account, which ${role}`, record });
  }
  if (commits.length < change.totals.commits || !commits.some(({ oid }) => oid === change.headOid)) {
    incomplete ??= `${commits.length} of the change's ${change.totals.commits} commits are known${commits.some(({ oid }) => oid === change.headOid) ? "" : ", its head is not among them"}`;
  }
  const seen = new Set<string>();
  for (const { person, role, record } of unknown) {
    const email = person.email.toLowerCase();
    const known = byAccountedEmail.get(email);
    if (known) add(known, `${person.name} <${person.email}>`, role, record);
    if (known || seen.has(email)) continue;
    seen.add(email);
    strangers.push({
      who: `${person.name} <${person.email}>, who ${role} and whom no account or declared address identifies`,
      record,
    });
  }
  return { parties, strangers, incomplete };
}

interface Deed {
  readonly by: Actor | null;
  readonly role: string;
  readonly record: number;
}

/** Who moved the change's own branch to its head. */
function pushersOf({ change, pushes }: ChangeDossier): Deed[] {
  const own = pushes.filter(
    ({ branch, after, at }) => branch === change.headRef && after === change.headOid && at <= change.mergedAt,
  );
  return own
    .toSorted(byTimeThenId(({ at }) => at))
    .map(({ by, record }) => ({ by, role: `pushed ${short(change.headOid)}`, record }));
}

/** Triggers of a pipeline by which somebody has automation write in their place. */
const byHand = ["workflow_dispatch", "repository_dispatch"];

/** Who caused pipeline runs on the head by pushing it or, of a change by automation, by starting them. */
function startersOf({ change, runs, identities, source }: ChangeDossier): Deed[] {
  const automated = change.author !== null && identities.ofActor(source, change.author).kind === "automation";
  return runs
    .toSorted(byTimeThenId(({ createdAt }) => createdAt))
    .filter(({ oid, createdAt }) => oid === change.headOid && createdAt <= change.mergedAt)
    .filter(({ trigger }) => trigger === "push" || (automated && byHand.includes(trigger)))
    .filter(({ branch, trigger }) => trigger !== "push" || branch === null || branch === change.headRef)
    .flatMap(({ by, startedBy, attempt, trigger, name, record }): Deed[] => {
      const role =
        trigger === "push" ? `pushed ${short(change.headOid)}` : `started ${name} on ${short(change.headOid)}`;
      // Who starts a run again has not changed anything.
      const actors = attempt === 1 && startedBy?.id !== by?.id ? [by, startedBy] : [by];
      return actors.flatMap((actor) => (actor ? [{ by: actor, role, record }] : []));
    });
}
