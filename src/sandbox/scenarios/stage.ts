import type { Random } from "../random.ts";
import type { Cast } from "../simulate/organisation.ts";
import type { Commit, GitIdentity, Repository, World } from "../world.ts";

const MINUTE = 60_000;

/** An item that a scenario made, under the name by which its expectations speak of it. */
export type Subject =
  | { kind: "change"; number: number }
  | { kind: "commit"; oid: string }
  | { kind: "deployment"; id: number }
  /** With a branch: of one that changes are promoted through. */
  | { kind: "configuration"; branch?: string };

/** Where a scenario happens, and how far it has got. */
export interface Stage {
  world: World;
  cast: Cast;
  rnd: Random;
  /** The next database id, of whatever kind: below 2^31, as GraphQL's Int demands. */
  nextId: () => number;
  /** The scenario's name. */
  name: string;
  repository: Repository;
  /** The time of the next act, epoch milliseconds; every act moves it on. */
  now: number;
  /** By name, in the order in which they came to be. */
  subjects: Map<string, Subject>;
  /** Commits that messages must name, by name. */
  noted: Map<string, string>;
  /** What happens between the two looks. */
  later: (() => void)[];
  /** Whether the released branch's head is deployed at the end, as every delivery is unless the scenario says otherwise. */
  deploysAtEnd: boolean;
}

/** Lets minutes pass, and tells the time. */
export function wait(stage: Stage, minutes = 5): number {
  stage.now += minutes * MINUTE;
  return stage.now;
}

/** Gives a subject the next free name of its kind. */
export function register(stage: Stage, subject: Subject): void {
  const taken = [...stage.subjects.values()].filter(({ kind }) => kind === subject.kind).length;
  stage.subjects.set(taken === 0 ? subject.kind : `${subject.kind} ${taken + 1}`, subject);
}

/** How a commit is made. */
export interface CommitOptions {
  message: string;
  author: GitIdentity;
  parents: readonly string[];
  committer?: GitIdentity;
  tree?: string;
  changes?: readonly number[];
  /** Git's own date, where it lies. */
  dated?: number;
  /** The platform makes and signs it. */
  signed?: boolean;
}

/** Adds a commit to the repository; on no branch yet. */
export function addCommit(stage: Stage, options: CommitOptions): Commit {
  const { author, message, parents } = options;
  const at = options.dated ?? stage.now;
  const made: Commit = {
    kind: "Commit",
    repo: stage.repository.index,
    oid: stage.rnd.oid(),
    tree: options.tree ?? stage.rnd.oid(),
    parents,
    message,
    author,
    authoredAt: at,
    committer: options.committer ?? author,
    committedAt: at,
    changes: options.changes ?? [],
    ...(options.signed ? { signed: true } : {}),
  };
  stage.repository.commits.set(made.oid, made);
  return made;
}

/** Where a branch points. */
export function headOf({ repository }: Stage, branch: string = repository.defaultBranch): string {
  const oid = repository.branches.get(branch);
  if (oid === undefined) throw new Error(`${repository.name} has no branch ${branch}`);
  return oid;
}

/** Moves a branch, and has the platform record it: the move, and on the default branch its evaluation of the rules. */
export function moveBranch(
  stage: Stage,
  branch: string,
  to: string,
  by: number | null,
  how: "push" | "force_push" | "pr_merge" | "merge_queue_merge" = "push",
  result: "pass" | "bypass" = "pass",
): void {
  const { repository, now: at } = stage;
  const before = repository.branches.get(branch) ?? null;
  repository.branches.set(branch, to);
  repository.pushedAt = Math.max(repository.pushedAt, at);
  const type = before === null ? "branch_creation" : how;
  repository.activity.push({ id: stage.nextId(), branch, type, before, after: to, actor: by, at });
  const ruleset = repository.rulesets.find(({ enforcement }) => enforcement === "ACTIVE");
  if (branch !== repository.defaultBranch || !ruleset) return;
  const broken = how === "force_push" ? "non_fast_forward" : "pull_request";
  const evaluations = ruleset.rules.map(({ type: rule }) => {
    const failed = result === "bypass" && rule === broken;
    const details = failed ? "Changes must be made through a pull request that meets the rules." : null;
    return { ruleset: ruleset.id, rule, result: failed ? ("fail" as const) : ("pass" as const), details };
  });
  repository.ruleSuites.push({ id: stage.nextId(), branch, before, after: to, actor: by, at, result, evaluations });
}

/** Pushes a commit straight to the default branch, past any change; only who may bypass the rules can. */
export function pushToBranch(stage: Stage, by: string, message: string): string {
  wait(stage);
  const made = addCommit(stage, { message, author: stage.cast.git(by), parents: [headOf(stage)] });
  const guarded = stage.repository.rulesets.some(({ enforcement }) => enforcement === "ACTIVE");
  const { defaultBranch } = stage.repository;
  moveBranch(stage, defaultBranch, made.oid, stage.cast.account(by), "push", guarded ? "bypass" : "pass");
  register(stage, { kind: "commit", oid: made.oid });
  return made.oid;
}
