import type { Commit, PullRequest } from "../world.ts";
import { addCommit, headOf, moveBranch, register, type Stage } from "./stage.ts";

/** How a change is merged. */
export interface MergeOptions {
  method?: "merge" | "squash" | "rebase";
  /** Some rule is not met; who merges may bypass it. */
  bypass?: boolean;
  /** The merge is made on somebody's machine and pushed, clean or with something else in it. */
  byHand?: "clean" | "altered";
}

/** Merges a change, by the platform unless told otherwise. */
export function merge(stage: Stage, change: PullRequest, by: string, options: MergeOptions): void {
  const { cast, repository } = stage;
  const { method = "merge", bypass = false, byHand } = options;
  const base = headOf(stage, change.baseRefName);
  const head = repository.commits.get(change.headRefOid) as Commit;
  const merger = cast.git(by);
  const more = { changes: byHand ? [] : [change.number], committer: byHand ? merger : cast.web };
  const reached: Commit[] = [];
  if (method === "rebase") {
    for (const oid of change.commits) {
      const { message, author, tree } = repository.commits.get(oid) as Commit;
      const parents = [reached.at(-1)?.oid ?? base];
      reached.push(addCommit(stage, { message, author, parents, tree, changes: [change.number], committer: merger }));
    }
  } else {
    const isMerge = method === "merge";
    const title = isMerge
      ? `Merge pull request #${change.number} from ${stage.world.organisation.login}/${change.headRefName}\n\n${change.title}`
      : `${change.title} (#${change.number})`;
    const parents = isMerge ? [base, head.oid] : [base];
    const author = isMerge ? merger : (repository.commits.get(change.commits[0] as string) as Commit).author;
    const tree = byHand === "altered" ? stage.rnd.oid() : head.tree;
    reached.push(addCommit(stage, { message: title, author, parents, tree, ...more }));
  }
  const last = reached.at(-1) as Commit;
  change.baseRefOid = base;
  // Of a merge that was pushed the platform knows only that the head is now on the branch.
  settle(stage, change, by, byHand ? head.oid : last.oid);
  const how = byHand ? "push" : "pr_merge";
  moveBranch(stage, change.baseRefName, last.oid, cast.account(by), how, bypass ? "bypass" : "pass");
  if (change.baseRefName !== repository.defaultBranch) return;
  for (const { oid } of reached) register(stage, { kind: "commit", oid });
}

/** Marks a change as merged now. */
export function settle({ cast, now }: Stage, change: PullRequest, by: string, mergeCommit: string): void {
  const mergedBy = cast.account(by);
  Object.assign(change, {
    state: "MERGED",
    mergedBy,
    mergedAt: now,
    closedAt: now,
    updatedAt: now,
    mergeCommit,
  } satisfies Partial<PullRequest>);
}
