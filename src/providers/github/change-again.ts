import type { Part, SourceRecord, Stream } from "../../model/stream.ts";
import type { ChangeAgain, ProviderContext } from "../provider.ts";
import { askWhole, type Refusal, sizing } from "./ask-whole.ts";
import { changeFields, changeKinds, changeSections } from "./change-query.ts";
import { changeFollowUps, gain } from "./change-walk.ts";
import type { Job } from "./cursors.ts";
import { askByIds, askLists, type FollowUps, type Item } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import { connect } from "./graphql-client.ts";
import { type Session, sessionOf } from "./session.ts";

const pageSizes = [100, 50, 25, 10, 5, 1] as const;

/** Which kinds of records a section of a change gives. */
const kindsOf: Readonly<Record<string, readonly string[]>> = {
  timeline: ["changeEvent"],
  reviews: ["review", "dismissal"],
  checks: ["check"],
  workItems: ["workItem"],
  files: ["files"],
};

/** Asks for changes again by the node ids that their records have, with all that is collected of a change. */
export async function* askAgain(
  repository: { readonly id: string; readonly name: string },
  changes: readonly SourceRecord[],
  context: ProviderContext,
): AsyncGenerator<ChangeAgain> {
  const github = connect(context);
  const session = sessionOf(github, context, repository.name, repository.id, new Map());
  try {
    for (const change of changes) {
      context.progress(`${repository.name}: change #${change.externalId}`);
      yield await readAgain(session, change);
    }
  } finally {
    await github.close();
  }
}

async function readAgain(session: Session, change: SourceRecord): Promise<ChangeAgain> {
  const id = String((change.body as { id?: unknown }).id);
  const whole = await askWhole(
    session.github,
    changeSections,
    sizing(pageSizes.length),
    (without, level) => ({
      name: "ChangeAgain",
      text: `query ChangeAgain($id: ID!, $first: Int!) { node(id: $id) { id ... on PullRequest { repository { databaseId } ${changeFields(changeKinds, changeKinds, without, "$first")} } } ${text.price} }`,
      variables: { id, first: pageSizes[level] },
    }),
    session.denied,
  );
  if (!whole.ok) {
    const { reason, message } = whole.failure;
    return { state: reason === "notFound" ? "gone" : "unread", reason: message };
  }
  for (const [name, refusal] of whole.refused) if (refusal.entirely) session.deny(name, refusal);
  const node = whole.data.node as Item | null;
  if (!node) return { state: "gone", reason: "the source answered null for its id" };
  const { repository, ...item } = node;
  const repositoryId = (repository as { databaseId?: unknown } | null | undefined)?.databaseId;
  if (String(repositoryId) !== session.repositoryId)
    return { state: "gone", reason: `it is in another repository now (${String(repositoryId)})` };
  const given = await allOf(session, item, whole.refused);
  return { state: "given", ...given };
}

async function allOf(
  session: Session,
  item: Item,
  refused: ReadonlyMap<string, Refusal>,
): Promise<{ records: readonly SourceRecord[]; unread: ReadonlyMap<string, string> }> {
  const unread = new Map<string, string>();
  for (const [section, { reason }] of refused) for (const kind of kindsOf[section] ?? []) unread.set(kind, reason);
  const records: SourceRecord[] = [];
  const jobs = new Map<string, Job>();
  for (const kind of changeKinds) {
    const gained = gain(session, kind, item, refused.get(kind), true);
    records.push(...gained.records);
    for (const job of gained.jobs ?? []) if (!refused.has(job.do)) jobs.set(job.key, job);
  }
  await settle(session, jobs, records, (kind, reason) => {
    for (const of of kindsOf[kind === "events" ? "timeline" : kind] ?? [kind]) unread.set(of, reason);
  });
  return { records, unread };
}

/** Asks the jobs and what they leave to be asked, until none is open or the open ones fail. */
async function settle(
  session: Session,
  jobs: Map<string, Job>,
  records: SourceRecord[],
  unread: (kind: string, reason: string) => void,
): Promise<void> {
  const { lists, byIds } = changeFollowUps(session, changeKinds);
  const followOf = (kind: string): FollowUps => ({
    jobs: () => [...jobs.values()],
    done: (done) => {
      for (const { key } of done) jobs.delete(key);
    },
    add: (more) => {
      for (const job of more) jobs.set(job.key, job);
    },
    advance: () => undefined,
    unread: (reason) => unread(kind, reason),
    part: (given): Part => {
      records.push(...given);
      return { stream: nowhere(session), records: given };
    },
  });
  const rest = async (): Promise<void> => {
    for (const [kind, how] of Object.entries(lists)) await drained(askLists(session, followOf(kind), kind, how));
  };
  await rest();
  for (const [kind, how] of Object.entries(byIds)) await drained(askByIds(session, followOf(kind), kind, how));
  // Answers by id may be longer than their page too.
  await rest();
}

/** Its batches have been taken apart already. */
async function drained(batches: AsyncGenerator<unknown>): Promise<void> {
  while (!(await batches.next()).done);
}

/** What is asked again is stored in no stream. */
const nowhere = ({ repositoryId, owner, name, context }: Session): Stream => ({
  id: `${context.source.id}/${repositoryId}/changes`,
  source: context.source.id,
  kind: "changes",
  scopeId: repositoryId,
  scopeName: `${owner}/${name}`,
  since: "",
});
