import type { ChangeDossier } from "../../model/dossier.ts";
import { actorName } from "../../model/dossier.ts";
import type { Actor, GitPerson, PipelineRun } from "../../model/entity.ts";
import type { Party } from "../../model/identity.ts";
import { partyOfGitPerson } from "../../model/identity.ts";
import { number } from "../../model/number.ts";
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
 * Author, commit authors, co-authors and committers of a change, and who pushed its commits: by the source's record of
 * the branches' moves and of the pipeline runs a push started, where they are read. Whoever started a pipeline that
 * changes automation's work is taken for its author too.
 */
export function contributorsOf(dossier: ChangeDossier): Contributors {
  const known = found.get(dossier) ?? findContributors(dossier);
  found.set(dossier, known);
  return known;
}

// Several attributes, and every deployment that brought it, ask of the same change.
const found = new WeakMap<ChangeDossier, Contributors>();

function findContributors(dossier: ChangeDossier): Contributors {
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
    incomplete ??= `${number(commits.length)} of the change's ${number(change.totals.commits)} commits are known${commits.some(({ oid }) => oid === change.headOid) ? "" : ", its head is not among them"}`;
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

/** When a commit was where, by whose deed; nobody's, where it only shows that the commit was there. */
interface Sighting {
  readonly at: string;
  readonly branch: string | null;
  /** What stood there before; undefined where that is not told. */
  readonly before?: string | null;
  readonly oid: string;
  readonly by: readonly (Actor | null)[];
  readonly record: number;
}

/**
 * Who pushed the change's commits before its merge: to its own branch, or to another one where they were seen first. Who
 * only makes a branch of what is already there has pushed nothing.
 */
function pushersOf(dossier: ChangeDossier): Deed[] {
  const { change } = dossier;
  const order = ownOids(dossier);
  const place = new Map(order.map((oid, at) => [oid, at]));
  const known = new Set<string>();
  return [...seenByMoves(dossier), ...seenByRuns(dossier)]
    .filter(({ oid, at, branch }) => place.has(oid) && at <= change.mergedAt && branch !== change.baseRef)
    .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1))
    .flatMap(({ oid, before, branch, by, record }) => {
      const isOwn = branch === null || branch === change.headRef;
      const counts = isOwn || !known.has(oid);
      const tip = place.get(oid) ?? 0;
      // The change's own branch held all its commits up to this one; what else another branch held is not told.
      const from = isOwn && before !== undefined ? (place.get(before ?? "") ?? -1) + 1 : tip;
      for (const each of order.slice(from, tip + 1)) known.add(each);
      return counts ? by.map((actor) => ({ by: actor, role: `pushed ${short(oid)}`, record })) : [];
    });
}

const ownOids = ({ change, commits }: ChangeDossier): readonly string[] => [
  ...new Set([...commits.map(({ oid }) => oid), change.headOid]),
];

const seenByMoves = ({ pushes }: ChangeDossier): Sighting[] =>
  pushes
    .toSorted(byTimeThenId(({ at }) => at))
    .flatMap(({ at, by, branch, before, after, record }) =>
      after === null ? [] : { at, branch, before, oid: after, by: [by], record },
    );

const seenByRuns = ({ runs }: ChangeDossier): Sighting[] =>
  runs.toSorted(byTimeThenId(({ createdAt }) => createdAt)).map((run) => ({
    at: run.createdAt,
    branch: run.branch,
    oid: run.oid,
    by: run.trigger === "push" ? actorsOf(run) : [],
    record: run.record,
  }));

/** Triggers of a pipeline by which somebody has automation write in their place. */
const byHand = ["workflow_dispatch", "repository_dispatch"];

/** Who had automation write in their place, by starting a pipeline on a change that is automation's. */
function startersOf(dossier: ChangeDossier): Deed[] {
  const { change, runs, identities, source } = dossier;
  if (change.author === null || identities.ofActor(source, change.author).kind !== "automation") return [];
  const own = new Set(ownOids(dossier));
  return runs
    .toSorted(byTimeThenId(({ createdAt }) => createdAt))
    .filter(({ oid, createdAt, trigger }) => own.has(oid) && createdAt <= change.mergedAt && byHand.includes(trigger))
    .flatMap((run) =>
      actorsOf(run).map((by) => ({ by, role: `started ${run.name} on ${short(run.oid)}`, record: run.record })),
    );
}

/** Who is behind a run; who starts one again has not changed anything. */
const actorsOf = ({ attempt, by, startedBy }: PipelineRun): Actor[] =>
  (attempt === 1 && startedBy?.id !== by?.id ? [by, startedBy] : [by]).filter((actor) => actor !== null);
