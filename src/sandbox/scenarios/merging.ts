import { review } from "./acts.ts";
import {
  ARRIVED,
  BINDING,
  BYPASSED,
  CHECKS,
  FINAL,
  NO_BYPASS,
  PROTECTED,
  type Scenario,
  UNAPPROVED,
} from "./scenario.ts";
import { headOf, moveBranch, pushToBranch, wait } from "./stage.ts";
import { open } from "./story.ts";

/** How commits came to the branch. */
export const MERGING: readonly Scenario[] = [
  {
    name: "bypass-of-a-failed-check",
    covers: [12],
    title: "An administrator merges past a missing check",
    play: (stage) =>
      open(stage, "ines-r").push("ines-r", { test: "FAILURE" }).approve("farid-k").merge("viktor-a", { bypass: true }),
    expect: { change: { ...BYPASSED, [CHECKS]: "fail" } },
    says: [{ of: "change", attribute: NO_BYPASS, text: "viktor-a" }],
    because: "The platform's own evaluation of the rules says who bypassed them.",
  },
  {
    name: "bypass-that-only-the-platform-saw",
    covers: [12],
    title: "A bypass of a rule that the change's record does not show",
    play: (stage) => open(stage, "ines-r").approve("farid-k").merge("viktor-a", { bypass: true }),
    expect: { change: BYPASSED },
    says: [{ of: "change", attribute: NO_BYPASS, text: "viktor-a" }],
    because: "Approved and tested, yet the platform recorded that its rules were bypassed, and by whom.",
  },
  {
    name: "branch-rewritten-unseen",
    covers: [15],
    title: "A force push takes a merged change off the branch before any look",
    own: { bypassable: true },
    play: (stage) => {
      const base = headOf(stage);
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      const lost = headOf(stage);
      stage.noted.set("lost", lost);
      stage.subjects.delete("commit");
      const { defaultBranch } = stage.repository;
      wait(stage);
      moveBranch(stage, defaultBranch, base, stage.cast.account("viktor-a"), "force_push", "bypass");
      stage.deploysAtEnd = false;
    },
    expect: {
      change: { [FINAL]: "notVerifiable" },
      configuration: { [PROTECTED]: "fail", [BINDING]: "fail" },
    },
    says: [{ of: "configuration", attribute: PROTECTED, text: "$lost" }],
    because:
      "The platform recorded the force push with the commit that the branch lost, which nobody could read any more.",
  },
  {
    name: "branch-rewritten-seen",
    covers: [15],
    title: "A force push takes away a commit that an earlier look had seen",
    own: { bypassable: true },
    play: (stage) => {
      const base = headOf(stage);
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
      stage.noted.set("lost", headOf(stage));
      stage.deploysAtEnd = false;
      stage.later.push(() => moveBranch(stage, "main", base, stage.cast.account("viktor-a"), "force_push", "bypass"));
    },
    expect: { commit: { [ARRIVED]: "fail" }, configuration: { [BINDING]: "fail" } },
    says: [{ of: "commit", attribute: ARRIVED, text: "$lost" }],
    because: "What the branch lost stays in the population, with the commit it had.",
  },
  {
    name: "push-titled-as-a-merge",
    covers: [16],
    title: "A direct push that calls itself a merge",
    play: (stage) => {
      pushToBranch(stage, "viktor-a", "Merge pull request #1 from proving-ground/quick-fix\n\nRaise the time-out");
    },
    expect: { commit: { [ARRIVED]: "fail" } },
    because: "A message proves nothing: no merged change explains the commit.",
  },
  {
    name: "plain-direct-push",
    covers: [16],
    title: "A direct push",
    play: (stage) => {
      pushToBranch(stage, "viktor-a", "Open the port for the probe");
    },
    expect: { commit: { [ARRIVED]: "fail" } },
    because: "No merged change explains the commit.",
  },
  {
    name: "merge-with-something-else-in-it",
    covers: [17],
    title: "A merge commit whose tree is not the clean merge",
    play: (stage) => open(stage, "ines-r").approve("farid-k").merge("viktor-a", { byHand: "altered", bypass: true }),
    expect: { change: { ...BYPASSED, [FINAL]: "fail" } },
    because:
      "The head was up to date with the branch, so a clean merge has the head's tree; this one, made by hand, holds what nobody approved.",
  },
  {
    name: "merge-by-hand",
    covers: [17],
    title: "A clean merge made by hand and pushed",
    play: (stage) => open(stage, "ines-r").approve("farid-k").merge("viktor-a", { byHand: "clean", bypass: true }),
    expect: { change: BYPASSED },
    says: [{ of: "commit", attribute: ARRIVED, text: "by hand" }],
    because: "Its tree is the approved head's, so nothing else came in; the push itself went past the rules.",
  },
  {
    name: "rebase-of-three-commits",
    covers: [18],
    title: "A rebase merge of three commits",
    play: (stage) =>
      open(stage, "ines-r").push("ines-r").push("ines-r").approve("farid-k").merge("ines-r", { method: "rebase" }),
    expect: {},
    says: ["commit", "commit 2", "commit 3"].map((of) => ({ of, attribute: ARRIVED, text: "by change #" })),
    because: "Each of the three commits on the branch leads to the change that brought it.",
  },
  {
    name: "squash-merge",
    covers: [18],
    title: "A squash merge of two commits",
    play: (stage) => open(stage, "ines-r").push("ines-r").approve("farid-k").merge("ines-r", { method: "squash" }),
    expect: {},
    because: "The one commit on the branch leads to the change that brought it.",
  },
  {
    name: "more-than-250-commits",
    covers: [28],
    title: "An approver who wrote one of 260 commits, the 255th",
    play: (stage) => {
      const story = open(stage, "ines-r", { test: "none" });
      for (let at = 2; at <= 260; at++) {
        stage.now -= 5 * 60_000;
        story.push(at === 255 ? "farid-k" : "ines-r", { message: `Step ${at}`, test: at === 260 ? "SUCCESS" : "none" });
      }
      story.approve("farid-k").merge("ines-r");
    },
    expect: { change: UNAPPROVED },
    because: "The commits are fetched whole, and the approver is among their authors.",
  },
  {
    name: "300-commits-and-150-reviews",
    covers: [28, "300 commits and 150 reviews"],
    title: "300 commits and 150 reviews in one change",
    play: (stage) => {
      const story = open(stage, "ines-r", { test: "none" });
      for (let at = 2; at <= 300; at++) {
        stage.now -= 5 * 60_000;
        story.push("ines-r", { message: `Step ${at}`, test: at === 300 ? "SUCCESS" : "none" });
      }
      wait(stage);
      for (let at = 1; at < 150; at++) {
        stage.now += 1000;
        review(stage, story.change, stage.cast.account(at % 2 === 0 ? "tomasz-w" : "hanna-b"), "COMMENTED");
      }
      story.approve("farid-k").merge("ines-r");
    },
    expect: {},
    because: "Commits and reviews are fetched page by page to the last, which is the approval.",
  },
];
