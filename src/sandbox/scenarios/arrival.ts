import { review } from "./acts.ts";
import { settle } from "./merge.ts";
import { deploy, runTest } from "./pipeline.ts";
import {
  ARRIVED,
  BINDING,
  BYPASSED,
  DEPLOYED,
  FINAL,
  PROTECTED,
  type Scenario,
  UNAPPROVED,
  UNCLEAR,
} from "./scenario.ts";
import { addCommit, headOf, moveBranch, register, type Stage, wait } from "./stage.ts";
import { open, type Story } from "./story.ts";

const DAY = 24 * 60;
/** Administrators may pass the rules by, which is a finding of its own. */
const BYPASSABLE = { configuration: { [BINDING]: "fail" } } as const;

/** Moves the released branch to a commit, past its rules. */
function pushStraight(stage: Stage, by: string, oid: string): void {
  wait(stage);
  moveBranch(stage, stage.repository.defaultBranch, oid, stage.cast.account(by), "push", "bypass");
  register(stage, { kind: "commit", oid });
}

/** The first commit of a change is pushed straight to the branch; a day later the change goes on. */
function pushedBelow(stage: Stage): Story {
  const story = open(stage, "ines-r");
  pushStraight(stage, "ines-r", story.change.headRefOid);
  story.wait(DAY);
  return story.push("ines-r").approve("farid-k");
}

/** Who put what where, and in which order. */
export const ARRIVAL: readonly Scenario[] = [
  ...(["merge", "squash", "rebase"] as const).map(
    (method): Scenario => ({
      name: `pushed-below-a-${method}`,
      covers: [16, "a change's own commit pushed straight to the branch"],
      title: `A change's first commit is pushed straight to the branch, before the change is merged (${method})`,
      own: { bypassable: true },
      play: (stage) => {
        const story = pushedBelow(stage);
        // What is on the branch already is not made anew.
        if (method === "rebase") story.change.commits = story.change.commits.slice(1);
        story.merge("viktor-a", { method });
      },
      expect: { ...BYPASSABLE, commit: { [ARRIVED]: "fail" } },
      says: [{ of: "commit", attribute: ARRIVED, text: "pushed by ines-r" }],
      because: "The push put it there, a day before anybody approved the change, and not its merge.",
    }),
  ),
  {
    name: "pushed-below-and-deployed",
    covers: [16, "a change's own commit pushed straight to the branch"],
    title: "A change's first commit, pushed straight to the branch, is deployed before the change is approved",
    own: { bypassable: true },
    play: (stage) => {
      const story = open(stage, "ines-r");
      pushStraight(stage, "ines-r", story.change.headRefOid);
      deploy(stage);
      story.wait(DAY).push("ines-r").approve("farid-k").merge("viktor-a");
    },
    expect: {
      ...BYPASSABLE,
      commit: { [ARRIVED]: "fail" },
      deployment: { [DEPLOYED]: "fail" },
      "deployment 2": { [DEPLOYED]: "pass" },
    },
    because: "What ran for a day was a direct push; the approval came after it, for the change that followed.",
  },
  {
    name: "deployed-before-its-merge",
    covers: ["deployed before it was approved and merged"],
    title: "A change's head is deployed a day before it is approved and merged",
    own: {},
    play: (stage) => {
      const story = open(stage, "ines-r");
      deploy(stage, story.change.headRefOid, { ref: story.change.headRefName });
      story.wait(DAY).approve("farid-k").merge("ines-r");
      deploy(stage);
    },
    expect: { deployment: { [DEPLOYED]: "fail" }, "deployment 2": { [DEPLOYED]: "pass" } },
    says: [{ of: "deployment", attribute: DEPLOYED, text: "after the deployment succeeded at" }],
    because: "An approval that was still to come allowed nothing, though it covers the identical tree.",
  },
  {
    name: "middle-commit-by-the-approver",
    covers: [8, "the approver pushed an earlier commit, or elsewhere"],
    title: "The approver pushes a middle commit under the author's name",
    play: (stage) =>
      open(stage, "ines-r").push("ines-r", { pusher: "farid-k" }).push("ines-r").approve("farid-k").merge("ines-r"),
    expect: { change: UNAPPROVED },
    says: [{ of: "change", attribute: FINAL, text: "pushed" }],
    because: "Every pusher contributed, not only the last; git's author is only a name.",
  },
  {
    name: "pushed-elsewhere-by-the-approver",
    covers: [8, "the approver pushed an earlier commit, or elsewhere"],
    title: "The approver pushes the head to another branch, and the author moves her branch to it",
    play: (stage) => {
      const story = open(stage, "ines-r");
      const { change } = story;
      const author = stage.cast.git("ines-r");
      const { oid } = addCommit(stage, {
        message: "Cover the empty case",
        author,
        parents: [change.headRefOid],
        changes: [change.number],
      });
      wait(stage);
      moveBranch(stage, `${stage.name}-aside`, oid, stage.cast.account("farid-k"));
      wait(stage);
      change.commits = [...change.commits, oid];
      change.headRefOid = oid;
      moveBranch(stage, change.headRefName, oid, stage.cast.account("ines-r"));
      runTest(stage, { oid, branch: change.headRefName });
      story.approve("farid-k").merge("ines-r");
    },
    expect: { change: UNAPPROVED },
    says: [{ of: "change", attribute: FINAL, text: "pushed" }],
    because: "The one who brought the commit to the platform made it, whichever branch took it over.",
  },
  {
    name: "branch-made-by-the-approver",
    covers: ["the approver pushed an earlier commit, or elsewhere"],
    title: "The approver makes a branch of the change's head, to try it",
    play: (stage) => {
      const story = open(stage, "ines-r");
      wait(stage);
      moveBranch(stage, `${stage.name}-trial`, story.change.headRefOid, stage.cast.account("farid-k"));
      story.approve("farid-k").merge("ines-r");
    },
    expect: {},
    because: "The commit was there already: a branch of it adds nothing to the change.",
  },
  {
    name: "merged-elsewhere-then-pushed",
    covers: ["merged to another branch, then pushed"],
    title: "A change is merged to dev, and the branch is then moved to that merge by a push",
    own: { bypassable: true },
    play: (stage) => {
      open(stage, "ines-r", { base: "dev" }).approve("farid-k").merge("ines-r");
      pushStraight(stage, "ines-r", headOf(stage, "dev"));
    },
    expect: {
      ...BYPASSABLE,
      commit: { [ARRIVED]: "notVerifiable" },
      change: BYPASSED,
      deployment: { [DEPLOYED]: "notVerifiable" },
    },
    because: "The deployment can be no surer than the commit that it brought.",
  },
  {
    name: "two-changes-of-one-commit",
    covers: ["two changes with one merge commit"],
    title: "Two changes have one head; an unapproved one is merged, and both are marked as merged by its commit",
    own: { bypassable: true },
    play: (stage) => {
      const first = open(stage, "ines-r");
      const { change } = open(stage, "ines-r");
      change.headRefOid = first.change.headRefOid;
      change.commits = [...first.change.commits];
      review(stage, change, stage.cast.account("farid-k"), "APPROVED");
      first.merge("viktor-a", { bypass: true });
      settle(stage, change, "viktor-a", headOf(stage));
    },
    expect: {
      ...BYPASSABLE,
      change: { ...UNAPPROVED, ...BYPASSED },
      "change 2": BYPASSED,
      deployment: { [DEPLOYED]: "fail" },
    },
    because: "Each change of a commit is judged, and the gravest decides on its deployment.",
  },
  {
    name: "rollback-to-what-never-ran",
    covers: ["rollback to a version that never ran"],
    title: "Production goes back to an unapproved version that was never deployed by itself",
    own: { bypassable: true },
    play: (stage) => {
      open(stage, "ines-r").merge("viktor-a", { bypass: true });
      const unapproved = headOf(stage);
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage);
      deploy(stage, unapproved);
      stage.deploysAtEnd = false;
    },
    expect: {
      ...BYPASSABLE,
      change: { ...UNAPPROVED, ...BYPASSED },
      deployment: { [DEPLOYED]: "fail" },
      "deployment 2": { [DEPLOYED]: "fail" },
    },
    because: "No deployment had vouched for that version, so its own change does.",
  },
  {
    name: "rollback-to-an-approved-version-that-never-ran",
    covers: ["rollback to a version that never ran"],
    title: "Production goes back to an approved version that was never deployed by itself",
    own: {},
    play: (stage) => {
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      const approved = headOf(stage);
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      deploy(stage);
      deploy(stage, approved);
      stage.deploysAtEnd = false;
    },
    expect: { "deployment 2": { [DEPLOYED]: "pass" } },
    because: "The change that made that version was approved as policy asks.",
  },
  {
    name: "exempt-bot-with-an-unknown-merge",
    covers: ["an exempt bot's merge that is not in the evidence"],
    title: "The merge of an exempt bot's change is gone before anybody looked",
    own: {
      bypassable: true,
      approvals: 0,
      policy: ["automation: [{ account: github:dependabot, approval: none, checks: required }]"],
    },
    play: (stage) => {
      const base = headOf(stage);
      open(stage, "dependabot", { signed: true }).merge("ines-r");
      stage.subjects.delete("commit");
      wait(stage);
      moveBranch(stage, "main", base, stage.cast.account("viktor-a"), "force_push", "bypass");
      stage.deploysAtEnd = false;
    },
    expect: {
      change: UNCLEAR,
      configuration: { [PROTECTED]: "fail", [BINDING]: "fail" },
    },
    because: "Whether the merge added anything to the bot's own work is not in the evidence.",
  },
  {
    name: "lost-after-its-period",
    covers: [15],
    title: "A commit of September, seen then, is gone in October; the source keeps no move that took it",
    own: { bypassable: true },
    play: (stage) => {
      const { repository, cast } = stage;
      const oid = headOf(stage);
      const parents = [repository.commits.get(oid)?.parents[0] as string];
      register(stage, { kind: "commit", oid });
      stage.noted.set("lost", oid);
      const again = addCommit(stage, { message: "Begin again", author: cast.git("viktor-a"), parents });
      repository.branches.set("main", again.oid);
      register(stage, { kind: "commit", oid: again.oid });
      repository.activity = repository.activity.filter(({ branch }) => branch !== "main");
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
    },
    expect: {
      commit: { [ARRIVED]: "fail" },
      // What came in its place came after the look of September, which does not tell the month.
      "commit 2": { [ARRIVED]: "notVerifiable" },
      deployment: { [DEPLOYED]: "fail" },
      configuration: { [PROTECTED]: "fail", [BINDING]: "fail" },
    },
    says: [
      { of: "commit", attribute: ARRIVED, text: "$lost" },
      { of: "configuration", attribute: PROTECTED, text: "$lost" },
    ],
    because: "The first look without it shows the loss, in whose period it is listed with the commit that was lost.",
  },
];
