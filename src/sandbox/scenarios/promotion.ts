import type { PullRequest } from "../world.ts";
import { settle } from "./merge.ts";
import { addCommit, headOf, moveBranch, type Stage, wait } from "./stage.ts";
import { open } from "./story.ts";

/** Takes the default branch to another one by a merge that changes nothing, and gives the commit it made. */
export function promote(stage: Stage, target: string, by: string): string {
  const { repository, cast, world } = stage;
  const { defaultBranch } = repository;
  const head = headOf(stage);
  const base = headOf(stage, target);
  const commits: string[] = [];
  for (let oid = head; oid !== base; ) {
    commits.unshift(oid);
    const parent = repository.commits.get(oid)?.parents[0];
    if (parent === undefined || !repository.commits.has(parent)) break;
    oid = parent;
  }
  const story = open(stage, by, { base: target, test: "none", title: "Release" });
  const { change } = story;
  repository.branches.delete(change.headRefName);
  Object.assign(change, { commits, headRefName: defaultBranch, headRefOid: head } satisfies Partial<PullRequest>);
  for (const [key, subject] of stage.subjects)
    if (subject.kind === "change" && subject.number === change.number) stage.subjects.delete(key);
  story.approve("hanna-b");
  const tree = repository.commits.get(head)?.tree as string;
  const message = `Merge pull request #${change.number} from ${world.organisation.login}/${defaultBranch}\n\nRelease`;
  wait(stage);
  const author = cast.git(by);
  const more = { committer: cast.web, changes: [change.number], tree };
  const made = addCommit(stage, { message, author, parents: [base, head], ...more });
  settle(stage, change, by, made.oid);
  moveBranch(stage, target, made.oid, cast.account(by), "pr_merge");
  return made.oid;
}
