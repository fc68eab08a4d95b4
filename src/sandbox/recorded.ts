import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { decodeNodeId } from "./node-id.ts";
import {
  type Account,
  type Commit,
  emptyRepository,
  type GitIdentity,
  type PullRequest,
  type Repository,
  type Review,
  type ReviewState,
  type World,
} from "./world.ts";

interface RecordedChange {
  number: number;
  id: string;
  title: string;
  url: string;
  state: PullRequest["state"];
  author: string | null;
  labels: string[];
  body: string;
  createdAt: string;
  updatedAt: string;
  baseRefName: string;
  baseRefOid: string;
  headRepository: string | null;
  headRefName: string;
  headRefOid: string;
  closedAt: string | null;
  mergedAt: string | null;
  mergedBy: string | null;
  mergeCommit: { oid: string } | null;
  reviews: {
    id: string;
    commit: { abbreviatedOid: string } | null;
    author: string | null;
    state: ReviewState;
    body: string;
    createdAt: string;
    updatedAt: string;
  }[];
}

interface RecordedPerson {
  name: string;
  email: string;
  date: string;
}

interface RecordedCommit {
  oid: string;
  parents: string[];
  tree: string;
  author: RecordedPerson;
  committer: RecordedPerson;
  subject: string;
}

const BRANCH = "main";
/** GitHub lists at most this many commits of a pull request. */
const MOST_COMMITS = 250;

/**
 * A recorded repository as a world: DIR holds pulls.json.gz, commits.jsonl.gz and refs.txt.gz. What the recording lacks
 * is marked unrecorded. Accounts get ids of their own, by the order of their logins. Throws where a file is missing.
 */
export function loadRecorded(dir: string): World {
  const read = (name: string) => gunzipSync(readFileSync(join(dir, name))).toString("utf8");
  const export_ = JSON.parse(read("pulls.json.gz")) as { repo: string; timestamp: string; pulls: RecordedChange[] };
  const commits = lines(read("commits.jsonl.gz")).map((each) => JSON.parse(each) as RecordedCommit);
  const refs = lines(read("refs.txt.gz")).map((each) => each.split(" ") as [string, string]);
  const [owner = "", name = ""] = export_.repo.split("/");
  const graph = new Map(commits.map((each) => [each.oid, each]));
  const world = emptyWorld(owner);
  const account = accountsOf(world, export_.pulls);
  const repository = emptyRepository(
    0,
    repositoryId(export_.pulls),
    name,
    Date.parse(export_.pulls[0]?.createdAt ?? ""),
  );
  world.repositories.push(repository);
  const head = refs.find(([ref]) => ref === `refs/heads/${BRANCH}`)?.[1];
  if (!head) throw new Error(`${dir} has no branch ${BRANCH}`);
  for (const [ref, oid] of refs) if (ref.startsWith("refs/heads/")) repository.branches.set(ref.slice(11), oid);
  const ranges = new Map(export_.pulls.map((each) => [each.number, rangeOf(graph, each.headRefOid, each.baseRefOid)]));
  linkEmails(world, export_.pulls, ranges, graph, account);
  const brought = broughtBy(export_.pulls, ranges);
  for (const each of commits) repository.commits.set(each.oid, commitOf(each, world, brought.get(each.oid) ?? []));
  const short = shortOids(commits);
  repository.changes = export_.pulls
    .map((each) => changeOf(each, account, short, ranges.get(each.number) ?? []))
    .sort((a, b) => a.number - b.number);
  describe(repository, export_.timestamp);
  return world;
}

function lines(text: string): string[] {
  return text.split("\n").filter((each) => each !== "");
}

function emptyWorld(owner: string): World {
  return {
    organisation: { kind: "Organization", id: 1, login: owner, name: owner },
    accounts: new Map(),
    apps: new Map(),
    emails: new Map(),
    viewer: 2,
    repositories: [],
    revision: 0,
  };
}

function describe(repository: Repository, timestamp: string): void {
  repository.defaultBranch = BRANCH;
  repository.isPrivate = false;
  repository.updatedAt = Date.parse(timestamp);
  repository.pushedAt =
    repository.commits.get(repository.branches.get(BRANCH) ?? "")?.committedAt ?? repository.updatedAt;
  repository.unrecorded = new Set([
    "checks",
    "deployments",
    "files",
    "issues",
    "rulesets",
    "protection",
    "dismissals",
    "settings",
    "signatures",
    "messages",
    "events",
    "activity",
    "ruleSuites",
    "rulesetVersions",
    "environments",
    "runs",
    "access",
    "auditLog",
    "releases",
    "alerts",
  ]);
}

/** A new node id of a pull request carries the repository's database id. */
function repositoryId(changes: readonly RecordedChange[]): number {
  const refs = changes.map((each) => decodeNodeId(each.id));
  return refs.find((each) => each !== null && each.repository > 0)?.repository ?? 1;
}

function accountsOf(world: World, changes: readonly RecordedChange[]): Map<string, number> {
  const logins = new Set<string>();
  for (const change of changes) {
    for (const login of [change.author, change.mergedBy, ...change.reviews.map((each) => each.author)]) {
      if (login !== null) logins.add(login);
    }
  }
  const reader: Account = { kind: "User", id: 2, login: "flowproof-reader", name: null };
  world.accounts.set(reader.id, reader);
  const ids = new Map<string, number>();
  [...logins].sort().forEach((login, at) => {
    const account: Account = { kind: "User", id: 1001 + at, login, name: null };
    world.accounts.set(account.id, account);
    ids.set(login, account.id);
  });
  return ids;
}

/** The commits reachable from a head and not from its base, oldest first. */
function rangeOf(graph: ReadonlyMap<string, RecordedCommit>, head: string, base: string): string[] {
  const below = reachable(graph, base, new Set(), Number.POSITIVE_INFINITY);
  return [...reachable(graph, head, below, MOST_COMMITS)].reverse();
}

function reachable(
  graph: ReadonlyMap<string, RecordedCommit>,
  from: string,
  without: ReadonlySet<string>,
  most: number,
): Set<string> {
  const found = new Set<string>();
  const queue = [from];
  for (let at = 0; at < queue.length && found.size < most; at++) {
    const oid = queue[at] as string;
    const commit = graph.get(oid);
    if (!commit || found.has(oid) || without.has(oid)) continue;
    found.add(oid);
    queue.push(...commit.parents);
  }
  return found;
}

/** An address belongs to a login as its noreply address, or where that login wrote every change whose commits all carry it. */
function linkEmails(
  world: World,
  changes: readonly RecordedChange[],
  ranges: ReadonlyMap<number, readonly string[]>,
  graph: ReadonlyMap<string, RecordedCommit>,
  account: ReadonlyMap<string, number>,
): void {
  const authors = new Map<string, Set<string | null>>();
  for (const change of changes) {
    const range = ranges.get(change.number) ?? [];
    const emails = new Set(range.map((oid) => graph.get(oid)?.author.email.toLowerCase() ?? ""));
    const [email] = emails;
    if (emails.size !== 1 || !email) continue;
    authors.set(email, (authors.get(email) ?? new Set()).add(change.author));
  }
  for (const [email, logins] of authors) {
    const [login] = logins;
    const id = logins.size === 1 && login ? account.get(login) : undefined;
    if (id !== undefined) world.emails.set(email, id);
  }
  const lower = new Map([...account].map(([login, id]) => [login.toLowerCase(), id]));
  for (const { author, committer } of graph.values()) {
    for (const { email } of [author, committer]) {
      const login = /^(?:\d+\+)?(.+)@users\.noreply\.github\.com$/i.exec(email)?.[1]?.toLowerCase();
      const id = login === undefined ? undefined : lower.get(login);
      if (id !== undefined) world.emails.set(email.toLowerCase(), id);
    }
  }
}

/** Which pull requests brought each commit: as their merge commit, or with their head. */
function broughtBy(
  changes: readonly RecordedChange[],
  ranges: ReadonlyMap<number, readonly string[]>,
): Map<string, number[]> {
  const brought = new Map<string, number[]>();
  for (const change of changes) {
    const own = new Set(ranges.get(change.number));
    if (change.mergeCommit) own.add(change.mergeCommit.oid);
    for (const oid of own) brought.set(oid, [...(brought.get(oid) ?? []), change.number]);
  }
  return brought;
}

function commitOf(recorded: RecordedCommit, world: World, changes: readonly number[]): Commit {
  const identity = ({ name, email }: RecordedPerson): GitIdentity => ({
    name,
    email,
    account: world.emails.get(email.toLowerCase()) ?? null,
  });
  return {
    kind: "Commit",
    repo: 0,
    oid: recorded.oid,
    tree: recorded.tree,
    parents: recorded.parents,
    message: recorded.subject,
    author: identity(recorded.author),
    authoredAt: Date.parse(recorded.author.date),
    committer: identity(recorded.committer),
    committedAt: Date.parse(recorded.committer.date),
    changes,
  };
}

/** Full oids by their first seven digits; null where two commits share them. */
function shortOids(commits: readonly RecordedCommit[]): Map<string, string | null> {
  const short = new Map<string, string | null>();
  for (const { oid } of commits) {
    const key = oid.slice(0, 7);
    short.set(key, short.has(key) ? null : oid);
  }
  return short;
}

function changeOf(
  recorded: RecordedChange,
  account: ReadonlyMap<string, number>,
  short: ReadonlyMap<string, string | null>,
  commits: readonly string[],
): PullRequest {
  const who = (login: string | null) => (login === null ? null : (account.get(login) ?? null));
  const when = (at: string | null) => (at === null ? null : Date.parse(at));
  const reviews = recorded.reviews.map(
    (each): Review => ({
      kind: "PullRequestReview",
      repo: 0,
      change: recorded.number,
      id: Number(decodeNodeId(each.id)?.id ?? 0),
      nodeId: each.id,
      author: who(each.author),
      state: each.state,
      body: each.body,
      commit: each.commit ? (short.get(each.commit.abbreviatedOid) ?? null) : null,
      submittedAt: Date.parse(each.createdAt),
      updatedAt: Date.parse(each.updatedAt),
    }),
  );
  return {
    kind: "PullRequest",
    repo: 0,
    id: Number(decodeNodeId(recorded.id)?.id ?? 0),
    nodeId: recorded.id,
    number: recorded.number,
    title: recorded.title,
    body: recorded.body,
    url: recorded.url,
    state: recorded.state,
    isDraft: false,
    author: who(recorded.author),
    mergedBy: who(recorded.mergedBy),
    createdAt: Date.parse(recorded.createdAt),
    updatedAt: Date.parse(recorded.updatedAt),
    mergedAt: when(recorded.mergedAt),
    closedAt: when(recorded.closedAt),
    baseRefName: recorded.baseRefName,
    headRefName: recorded.headRefName,
    baseRefOid: recorded.baseRefOid,
    headRefOid: recorded.headRefOid,
    headRepository: recorded.headRepository,
    mergeCommit: recorded.mergeCommit?.oid ?? null,
    labels: recorded.labels,
    commits,
    files: [],
    reviews: reviews.sort((a, b) => a.submittedAt - b.submittedAt || a.id - b.id),
    dismissals: [],
    events: [],
    issues: [],
    autoMerge: null,
  };
}
