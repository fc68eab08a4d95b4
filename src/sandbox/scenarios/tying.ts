import { settle } from "./merge.ts";
import { deploy } from "./pipeline.ts";
import { ARRIVED, BINDING, DEPLOYED, FINAL, PROTECTED, type Scenario } from "./scenario.ts";
import { addCommit, headOf, moveBranch, pushToBranch, register, type Stage, wait } from "./stage.ts";
import { open, type Story } from "./story.ts";

/** Merges changes together, as a queue does: one move of the branch to the last of their merges. */
function mergeByQueue(stage: Stage, stories: readonly Story[], by: string): void {
  const { cast, repository, world } = stage;
  wait(stage, 20);
  let base = headOf(stage);
  for (const { change } of stories) {
    const made = addCommit(stage, {
      message: `Merge pull request #${change.number} from ${world.organisation.login}/${change.headRefName}\n\n${change.title}`,
      author: cast.git(by),
      committer: cast.web,
      parents: [base, change.headRefOid],
      changes: [change.number],
    });
    change.baseRefOid = base;
    settle(stage, change, by, made.oid);
    register(stage, { kind: "commit", oid: made.oid });
    base = made.oid;
  }
  moveBranch(stage, repository.defaultBranch, base, cast.account(by), "merge_queue_merge");
}

/** The branch of an older release, of each scenario its own. */
const older = ({ name }: Stage): string => `${name}-release-0`;

/** How the branch, its changes and its deployments tie together. */
export const TYING: readonly Scenario[] = [
  {
    name: "merge-queue",
    covers: ["merge queue"],
    title: "Two changes are merged by a queue, in one move of the branch",
    play: (stage) => {
      const stories = [open(stage, "ines-r").approve("farid-k"), open(stage, "tomasz-w").approve("hanna-b")];
      mergeByQueue(stage, stories, "ines-r");
    },
    expect: {},
    says: ["commit", "commit 2"].map((of) => ({ of, attribute: ARRIVED, text: "by change #" })),
    because: "Each merge on the branch leads to its change, though the branch moved only once.",
  },
  {
    name: "revert-by-a-change",
    covers: ["revert"],
    title: "A change is reverted by another one",
    play: (stage) => {
      const { change } = open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage);
      open(stage, "tomasz-w", { title: `Revert "${change.title}"` })
        .approve("hanna-b")
        .merge("tomasz-w");
    },
    expect: {},
    because: "A revert is a change as any other, and was approved as one.",
  },
  {
    name: "revert-by-a-push",
    covers: ["revert"],
    title: "A change is reverted by a direct push",
    play: (stage) => {
      const { change } = open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage);
      const reverted = headOf(stage);
      pushToBranch(stage, "viktor-a", `Revert "${change.title}"\n\nThis reverts commit ${reverted}.`);
    },
    expect: { "commit 2": { [ARRIVED]: "fail" }, deployment: { [DEPLOYED]: "pass" } },
    because: "That it takes back what was approved is its message's word only.",
  },
  {
    name: "backport-by-a-change",
    covers: ["backport", "cherry-pick"],
    title: "A change's commit is brought to an older release by a change of its own",
    play: (stage) => {
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      backport(stage);
    },
    expect: {},
    because: "The released branch has the change itself, approved; the older release is not deployed from here.",
  },
  {
    name: "backport-deployed",
    covers: ["backport"],
    title: "An older release with a backport in it is deployed to production",
    play: (stage) => {
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage);
      backport(stage);
      deploy(stage, headOf(stage, older(stage)), { ref: older(stage) });
      stage.deploysAtEnd = false;
    },
    expect: { deployment: { [DEPLOYED]: "pass" }, "deployment 2": { [DEPLOYED]: "fail" } },
    because: "It is not of the released branch, whose approvals cover nothing beside it.",
  },
  {
    name: "cherry-pick-by-a-push",
    covers: ["cherry-pick"],
    title: "An approved commit of another branch is picked onto the released one by a direct push",
    play: (stage) => {
      const { change } = open(stage, "ines-r", { base: older(stage) })
        .approve("farid-k")
        .merge("ines-r");
      forgetLast(stage, "change");
      const message = `${change.title}\n\n(cherry picked from commit ${change.headRefOid})`;
      pushToBranch(stage, "viktor-a", message);
    },
    expect: { commit: { [ARRIVED]: "fail" } },
    because: "What it was picked from is its message's word; no change brought it to this branch.",
  },
  {
    name: "squash-merge-come-back",
    covers: ["a squash merge that came back as another commit"],
    title: "A squash merge vanishes by a force push and comes back as another commit",
    own: { bypassable: true },
    play: (stage) => {
      const { repository, cast } = stage;
      const base = headOf(stage);
      open(stage, "ines-r").approve("farid-k").merge("ines-r", { method: "squash" });
      const lost = headOf(stage);
      const { message, author, tree } = repository.commits.get(lost) as NonNullable<ReturnType<typeof addCommit>>;
      stage.noted.set("lost", lost);
      stage.subjects.delete("commit");
      wait(stage);
      const made = addCommit(stage, { message, author, tree, parents: [base], committer: cast.git("viktor-a") });
      moveBranch(stage, "main", made.oid, cast.account("viktor-a"), "force_push", "bypass");
      register(stage, { kind: "commit", oid: made.oid });
    },
    expect: {
      change: { [FINAL]: "notVerifiable" },
      commit: { [ARRIVED]: "fail" },
      configuration: { [PROTECTED]: "fail", [BINDING]: "fail" },
    },
    says: [{ of: "configuration", attribute: PROTECTED, text: "$lost" }],
    because: "The commit on the branch is none that a change was merged by; its message and tree do not make it one.",
  },
];

/** Takes the last subject of a kind out of what is expected: it is of another branch. */
function forgetLast(stage: Stage, kind: "change"): void {
  const names = [...stage.subjects].filter(([, subject]) => subject.kind === kind).map(([name]) => name);
  stage.subjects.delete(names.at(-1) ?? "");
}

/** Brings what was just merged to an older release, by an approved change. */
function backport(stage: Stage): void {
  stage.repository.branches.set(older(stage), headOf(stage));
  open(stage, "tomasz-w", { base: older(stage), title: "Backport: retry the upload" })
    .approve("hanna-b")
    .merge("tomasz-w");
  forgetLast(stage, "change");
}
