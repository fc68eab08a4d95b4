import { simulate, type World } from "../../src/sandbox/index.ts";
import { emptyRepository, type GitIdentity } from "../../src/sandbox/world.ts";

/** How the world's changes look; one list each longer than a page where it is asked for. */
export interface SquashOptions {
  readonly changes: number;
  readonly reviews?: number;
  readonly files?: number;
  readonly commits?: number;
  readonly statuses?: number;
  readonly workItems?: number;
  readonly checks?: number;
  /** Parents of the commit on top of the branch. */
  readonly parents?: number;
}

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;
const oidOf = (kind: number, at: number, part = 0) =>
  `${kind}${at.toString(16).padStart(15, "0")}${part.toString(16).padStart(24, "0")}`;

/** One repository in which every change is squashed into one commit and deployed once. */
export function squashWorld(options: SquashOptions): World {
  const {
    changes,
    reviews = 1,
    files = 3,
    commits = 2,
    statuses = 2,
    workItems = 1,
    checks = 2,
    parents = 1,
  } = options;
  const { world } = simulate({ changes: 60 });
  const people = [...world.accounts.values()].filter((account) => account.kind === "User").map((account) => account.id);
  const [author, reviewer] = people as [number, number];
  const app = [...world.apps.keys()][0] as number;
  const repository = emptyRepository(0, 42, "squashed", start);
  const platform = { name: "GitHub", email: "noreply@github.com", account: null };
  const person = { name: "Ada", email: "ada@riverbank.example", account: author };
  const commit = (
    oid: string,
    parentOids: readonly string[],
    message: string,
    at: number,
    numbers: readonly number[],
    committer: GitIdentity = person,
  ) => {
    repository.commits.set(oid, {
      kind: "Commit",
      repo: 0,
      oid,
      tree: oid.replace(/^./, "e"),
      parents: parentOids,
      message,
      author: person,
      authoredAt: at,
      committer,
      committedAt: at,
      changes: numbers,
    });
    return oid;
  };
  let head = commit(oidOf(1, 0), [], "Begin", start, []);
  for (let number = 1; number <= changes; number++) {
    const at = start + number * hour;
    const own = Array.from({ length: commits }, (_, index) =>
      commit(oidOf(2, number, index), [head], `Part ${index}`, at - 60_000, [number]),
    );
    const merge = commit(oidOf(1, number), [head], `Change ${number} (#${number})`, at, [number], platform);
    const last = own.at(-1) as string;
    repository.issues.push(
      ...Array.from({ length: workItems }, (_, index) => ({
        kind: "Issue" as const,
        repo: 0,
        id: number * 1000 + index,
        number: 1_000_000 + number * 1000 + index,
        title: "Wanted",
        body: "",
        state: "CLOSED" as const,
        author,
        labels: [],
        createdAt: at - hour,
        closedAt: at,
        updatedAt: at,
      })),
    );
    repository.checks.set(
      last,
      Array.from({ length: checks }, (_, index) => ({
        kind: "CheckRun" as const,
        repo: 0,
        id: number * 1000 + index,
        suite: number,
        oid: last,
        name: `test ${index}`,
        app,
        conclusion: "SUCCESS" as const,
        startedAt: at - 50_000,
        completedAt: at - 40_000,
        run: null,
      })),
    );
    repository.changes.push({
      kind: "PullRequest",
      repo: 0,
      id: number,
      nodeId: null,
      number,
      title: `Change ${number}`,
      body: "Because.",
      url: null,
      state: "MERGED",
      isDraft: false,
      author,
      mergedBy: reviewer,
      createdAt: at - hour,
      updatedAt: at,
      mergedAt: at,
      closedAt: at,
      baseRefName: "main",
      headRefName: `topic-${number}`,
      baseRefOid: head,
      headRefOid: last,
      headRepository: `${world.organisation.login}/squashed`,
      mergeCommit: merge,
      labels: [],
      commits: own,
      files: Array.from({ length: files }, (_, index) => ({
        path: `src/${String(index).padStart(4, "0")}.ts`,
        additions: 1,
        deletions: 0,
        change: "MODIFIED" as const,
      })),
      reviews: Array.from({ length: reviews }, (_, index) => ({
        kind: "PullRequestReview" as const,
        repo: 0,
        change: number,
        id: number * 1000 + index,
        nodeId: null,
        author: reviewer,
        state: index === 0 ? ("APPROVED" as const) : ("COMMENTED" as const),
        body: "",
        commit: last,
        submittedAt: at - 1000 + index,
        updatedAt: at,
      })),
      dismissals: [],
      events: [],
      issues: Array.from({ length: workItems }, (_, index) => 1_000_000 + number * 1000 + index),
      autoMerge: null,
    });
    repository.deployments.push({
      kind: "Deployment",
      repo: 0,
      id: number,
      oid: merge,
      ref: "main",
      environment: "production",
      task: "deploy",
      description: null,
      creator: author,
      createdAt: at + 1000,
      updatedAt: at + 2000,
      statuses: Array.from({ length: statuses }, (_, index) => ({
        id: number * 1000 + index,
        state: index === 0 ? ("SUCCESS" as const) : ("INACTIVE" as const),
        at: at + 2000 + index,
        creator: author,
        run: null,
      })),
    });
    head = merge;
  }
  if (parents > 1) {
    const sides = Array.from({ length: parents - 1 }, (_, index) =>
      commit(oidOf(3, index), [oidOf(1, 0)], `Side ${index}`, start + hour, []),
    );
    head = commit(oidOf(4, 0), [head, ...sides], "Join everything", start + (changes + 1) * hour, []);
  }
  repository.branches.set("main", head);
  return { ...world, repositories: [repository] };
}
