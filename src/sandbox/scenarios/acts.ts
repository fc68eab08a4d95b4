import type { CheckConclusion, PullRequest, Review, TimelineEvent } from "../world.ts";
import { runTest } from "./pipeline.ts";
import { addCommit, headOf, moveBranch, type Stage } from "./stage.ts";

/** How a commit is pushed to a change's branch. */
export interface PushOptions {
  message?: string;
  /** Who pushes it, where that is not its author. */
  pusher?: string;
  coAuthor?: string;
  /** Git's own date, minutes before now. */
  backdatedBy?: number;
  /** Who commits it, where that is not its author. */
  committer?: string;
  /** The conclusion of the check test on it; none: it never runs. */
  test?: CheckConclusion | "none";
  signed?: boolean;
}

/** Adds a commit to a change's branch, and has its pipeline test it; `author` is null where the account is deleted. */
export function push(stage: Stage, change: PullRequest, author: string | null, options: PushOptions): void {
  const { cast, repository } = stage;
  const { message = "Cover the empty case", coAuthor, backdatedBy, test = "SUCCESS" } = options;
  const identity =
    author === null ? { name: "Robin Castell", email: "robin@former.example", account: null } : cast.git(author);
  const trailer =
    coAuthor === undefined ? "" : `\n\nCo-authored-by: ${cast.git(coAuthor).name} <${cast.git(coAuthor).email}>`;
  const committer = options.signed ? cast.web : options.committer ? cast.git(options.committer) : identity;
  const made = addCommit(stage, {
    message: `${message}${trailer}`,
    author: identity,
    committer,
    parents: [change.headRefOid],
    changes: [change.number],
    ...(options.signed ? { signed: true } : {}),
    ...(backdatedBy === undefined ? {} : { dated: stage.now - backdatedBy * 60_000 }),
  });
  change.commits = [...change.commits, made.oid];
  change.headRefOid = made.oid;
  const pusher = options.pusher ? cast.account(options.pusher) : identity.account;
  moveBranch(stage, change.headRefName, made.oid, pusher);
  if (test !== "none") runTest(stage, { oid: made.oid, branch: change.headRefName, conclusion: test });
  repository.updatedAt = Math.max(repository.updatedAt, stage.now);
}

/** Merges a branch into a change by the platform's button, the base branch unless told otherwise; whoever presses it is the commit's author. */
export function mergeInto(stage: Stage, change: PullRequest, by: string, from: string = change.baseRefName): void {
  const { cast } = stage;
  const made = addCommit(stage, {
    message: `Merge branch '${change.baseRefName}' into ${change.headRefName}`,
    author: cast.git(by),
    committer: cast.web,
    parents: [change.headRefOid, headOf(stage, from)],
    changes: [change.number],
    signed: true,
  });
  change.commits = [...change.commits, made.oid];
  change.headRefOid = made.oid;
  moveBranch(stage, change.headRefName, made.oid, cast.account(by));
  runTest(stage, { oid: made.oid, branch: change.headRefName });
}

/** Replaces the head of a change by another commit. */
export function forcePush(stage: Stage, change: PullRequest, by: string): void {
  const { cast, repository } = stage;
  const lost = change.headRefOid;
  const parent = repository.commits.get(lost)?.parents[0] as string;
  const author = cast.git(by);
  const made = addCommit(stage, { message: change.title, author, parents: [parent], changes: [change.number] });
  change.commits = [...change.commits.slice(0, -1), made.oid];
  change.headRefOid = made.oid;
  for (const each of change.reviews) if (each.commit === lost) each.commit = null;
  moveBranch(stage, change.headRefName, made.oid, cast.account(by), "force_push");
  event(stage, change, "HeadRefForcePushedEvent", cast.account(by), { from: lost, to: made.oid });
  runTest(stage, { oid: made.oid, branch: change.headRefName });
}

/** Adds a review, of the head unless told otherwise; `author` is null where the account is deleted. */
export function review(
  stage: Stage,
  change: PullRequest,
  author: number | null,
  state: Review["state"],
  on: string | null = change.headRefOid,
): void {
  const [id, at] = [stage.nextId(), stage.now];
  const made = { repo: change.repo, change: change.number, id, nodeId: null, author, state, body: "", commit: on };
  change.reviews.push({ kind: "PullRequestReview", ...made, submittedAt: at, updatedAt: at });
  change.updatedAt = at;
}

/** Dismisses what an account has reviewed so far. */
export function dismiss(stage: Stage, change: PullRequest, reviewer: number, actor: number): void {
  for (const each of change.reviews.filter(({ author, state }) => author === reviewer && state !== "COMMENTED")) {
    change.dismissals.push({
      kind: "ReviewDismissedEvent",
      repo: change.repo,
      change: change.number,
      id: stage.nextId(),
      actor,
      at: stage.now,
      review: each.id,
      previous: each.state,
      message: "Reviewed the wrong branch",
    });
    each.state = "DISMISSED";
    each.updatedAt = stage.now;
  }
}

/** Adds something else to a change's timeline. */
export function event(
  stage: Stage,
  change: PullRequest,
  kind: TimelineEvent["kind"],
  actor: number | null,
  more: Partial<Pick<TimelineEvent, "label" | "from" | "to">>,
): void {
  const at = stage.now;
  const rest = { label: null, from: null, to: null, ...more };
  change.events.push({ kind, repo: change.repo, change: change.number, id: stage.nextId(), actor, at, ...rest });
}
