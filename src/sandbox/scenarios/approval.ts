import { review } from "./acts.ts";
import {
  BYPASSED,
  EMERGENCY,
  FINAL,
  INDEPENDENT,
  NO_BYPASS,
  PEOPLE_ONLY,
  type Scenario,
  UNAPPROVED,
  UNCLEAR,
} from "./scenario.ts";
import { wait } from "./stage.ts";
import { open } from "./story.ts";

/** Who approved, what, and when. */
export const APPROVAL: readonly Scenario[] = [
  {
    name: "nothing-wrong",
    covers: [],
    title: "A change as it should be",
    play: (stage) => open(stage, "ines-r").approve("farid-k").merge("ines-r"),
    expect: {},
    because:
      "Approved on its head by a person who contributed nothing, tested, merged by the platform, deployed: no alarm.",
  },
  {
    name: "second-account",
    covers: [1],
    title: "The author approves from a second account",
    play: (stage) => open(stage, "ada-dev").approve("ada-admin").merge("ada-dev"),
    expect: { change: UNAPPROVED },
    says: [{ of: "change", attribute: INDEPENDENT, text: "ada-dev" }],
    because: "The identity map says that both accounts are one person.",
  },
  {
    name: "bot-approval",
    covers: [2],
    title: "Only a bot approves, as a setting lets it",
    own: {},
    play: (stage) => {
      stage.repository.workflowsMayApprove = true;
      open(stage, "ines-r").approve("github-actions").merge("ines-r");
    },
    expect: { change: UNAPPROVED, configuration: { [PEOPLE_ONLY]: "fail" } },
    because:
      "Automation is no person and its approval is not counted, though the platform counts it; the setting is flagged.",
  },
  {
    name: "bot-change-asked-for-by-approver",
    covers: [3],
    title: "A bot's change, made at the approver's request",
    play: (stage) => open(stage, "dependabot", { coAuthor: "farid-k" }).approve("farid-k").merge("ines-r"),
    expect: { change: UNAPPROVED },
    because: "Who had the bot write the change is named as its co-author and cannot approve it.",
  },
  {
    name: "bot-change-triggered-by-approver",
    covers: [3],
    title: "A bot's change, approved by who triggered the bot",
    play: (stage) =>
      open(stage, "release-bot", { test: "none" }).check({ startedBy: "farid-k" }).approve("farid-k").merge("ines-r"),
    expect: { change: UNAPPROVED },
    because: "The pipeline run on the bot's commit was started by farid-k, who then approved what it made.",
  },
  {
    name: "co-author-approval",
    covers: [4],
    title: "Only a co-author approves",
    play: (stage) => open(stage, "ines-r", { coAuthor: "farid-k" }).approve("farid-k").merge("ines-r"),
    expect: { change: UNAPPROVED },
    because: "A trailer names the approver as co-author: a contributor.",
  },
  {
    name: "push-after-approval",
    covers: [5],
    title: "Approved, then pushed to",
    play: (stage) => open(stage, "ines-r").approve("farid-k").push("ines-r").merge("ines-r"),
    expect: { change: { [FINAL]: "fail" } },
    because: "Nobody approved the commit that was merged.",
  },
  {
    name: "backdated-push-after-approval",
    covers: [6],
    title: "Approved, then pushed to with a date before the approval",
    play: (stage) => open(stage, "ines-r").approve("farid-k").push("ines-r", { backdatedBy: 240 }).merge("ines-r"),
    expect: { change: { [FINAL]: "fail" } },
    because: "Order is by commit id and the server's times; git's dates are the author's own word.",
  },
  {
    name: "review-of-a-lost-commit",
    covers: [7],
    title: "A review whose commit a force push took away",
    play: (stage) => open(stage, "ines-r").approve("farid-k").forcePush("ines-r").merge("ines-r"),
    expect: { change: { [FINAL]: "notVerifiable" } },
    because: "The source no longer says which commit was approved, so nobody can say that it was the final one.",
  },
  {
    name: "last-pusher-approves",
    covers: [8],
    title: "Who pushed the last commit approves it",
    play: (stage) => open(stage, "ines-r").push("ines-r", { pusher: "farid-k" }).approve("farid-k").merge("ines-r"),
    expect: { change: UNAPPROVED },
    because: "Git names ines-r, but the platform recorded that farid-k pushed: a pusher is a contributor.",
  },
  {
    name: "committer-approves",
    covers: [8],
    title: "Who committed the last commit approves it",
    play: (stage) => open(stage, "ines-r").push("ines-r", { committer: "farid-k" }).approve("farid-k").merge("ines-r"),
    expect: { change: UNAPPROVED },
    because: "The committer put the commit there and is a contributor.",
  },
  {
    name: "base-changed-after-approval",
    covers: [9],
    title: "The base branch is changed after the approval",
    play: (stage) =>
      open(stage, "ines-r", { base: "release-1" }).approve("farid-k").retarget("ines-r", "main").merge("ines-r"),
    expect: { change: UNAPPROVED },
    because: "The approval was of the change against another branch; nobody approved it against this one.",
  },
  {
    name: "base-changed-then-approved-again",
    covers: [9],
    title: "The base branch is changed, and the change approved again",
    play: (stage) =>
      open(stage, "ines-r", { base: "release-2" })
        .approve("farid-k")
        .retarget("ines-r", "main")
        .approve("farid-k")
        .merge("ines-r"),
    expect: {},
    because: "The second approval is of the change as it was merged.",
  },
  {
    name: "approval-dismissed",
    covers: [10],
    title: "The approval is dismissed before the merge",
    play: (stage) => open(stage, "ines-r").approve("farid-k").dismiss("farid-k").merge("viktor-a", { bypass: true }),
    expect: { change: { ...UNAPPROVED, ...BYPASSED } },
    because: "The last state at the merge counts, and it was dismissed.",
  },
  {
    name: "approval-dismissed-after-the-merge",
    covers: [10],
    title: "The approval is dismissed after the merge",
    play: (stage) => open(stage, "ines-r").approve("farid-k").merge("ines-r").dismiss("farid-k"),
    expect: {},
    because: "At the merge the approval stood; a later dismissal does not reach back.",
  },
  {
    name: "approval-withdrawn",
    covers: [10],
    title: "The reviewer asks for changes after approving",
    play: (stage) =>
      open(stage, "ines-r").approve("farid-k").requestChanges("farid-k").merge("viktor-a", { bypass: true }),
    expect: { change: { ...UNAPPROVED, ...BYPASSED } },
    because: "The same reviewer's last word at the merge was a request for changes.",
  },
  {
    name: "dismissed-then-approved-again",
    covers: ["dismissed, then approved again"],
    title: "Dismissed, then approved again",
    play: (stage) => open(stage, "ines-r").approve("farid-k").dismiss("farid-k").approve("farid-k").merge("ines-r"),
    expect: {},
    because: "The last state at the merge is the second approval.",
  },
  {
    name: "changes-requested-then-nothing",
    covers: ["changes requested, then nothing"],
    title: "Changes are requested, and nobody says anything more",
    play: (stage) => open(stage, "ines-r").requestChanges("farid-k").merge("viktor-a", { bypass: true }),
    expect: { change: { ...UNAPPROVED, ...BYPASSED } },
    because: "A request for changes is no approval.",
  },
  {
    name: "cross-approval",
    covers: ["cross-approval by two authors"],
    title: "Two authors of one change approve each other's part",
    play: (stage) =>
      open(stage, "release-bot", { writer: "ines-r", pusher: "ines-r" })
        .push("farid-k")
        .approve("ines-r")
        .approve("farid-k")
        .merge("ines-r"),
    expect: { change: UNAPPROVED },
    because: "Both contributed, so neither is independent of the change they wrote together.",
  },
  {
    name: "one-of-two-authors-approves",
    covers: ["only one of two authors approves"],
    title: "One of the two authors approves",
    play: (stage) => open(stage, "ines-r").push("farid-k").approve("farid-k").merge("ines-r"),
    expect: { change: UNAPPROVED },
    because: "The approver wrote a commit of the change.",
  },
  {
    name: "approved-by-a-third-of-two-authors",
    covers: ["only one of two authors approves"],
    title: "Two authors, approved by a third person",
    play: (stage) => open(stage, "ines-r").push("farid-k").approve("farid-k").approve("hanna-b").merge("ines-r"),
    expect: {},
    because: "The author's approval is not counted, and the third person's suffices.",
  },
  {
    name: "approval-by-a-deleted-account",
    covers: ["approval by a deleted account"],
    title: "The only approval is of an account that is deleted by now",
    play: (stage) => open(stage, "ines-r").approve(null).merge("ines-r"),
    expect: { change: UNCLEAR },
    because: "Who approved is no longer on record: it may or may not have been a contributor.",
  },
  {
    name: "approver-whose-rights-ended",
    covers: [11],
    title: "The approver could write at the look before the approval, and could not at the look after it",
    play: (stage) => {
      const { repository, cast } = stage;
      open(stage, "ines-r").approve("sofia-d").merge("ines-r");
      repository.collaborators = repository.collaborators.filter(({ account }) => account !== cast.account("sofia-d"));
    },
    expect: { change: { ...UNCLEAR, [NO_BYPASS]: "notVerifiable" } },
    because: "When the right ended is not on record: it may have been before the approval.",
  },
  {
    name: "approver-who-may-not-write",
    covers: [11],
    title: "The approver may not write",
    play: (stage) => open(stage, "ines-r").approve("amara-o").merge("viktor-a", { bypass: true }),
    expect: { change: { ...UNAPPROVED, ...BYPASSED } },
    because:
      "No look ever saw the approver among those who may write; the platform does not count such an approval either.",
  },
  {
    name: "emergency-reviewed-in-time",
    covers: ["approval after the merge, in time"],
    title: "An emergency, reviewed three hours after the merge",
    play: (stage) =>
      open(stage, "ines-r", { labels: ["emergency"] })
        .merge("viktor-a", { bypass: true })
        .wait(180)
        .approve("farid-k"),
    expect: { change: { [EMERGENCY]: "pass" } },
    because: "Policy gives an emergency 24 hours for its review.",
  },
  {
    name: "emergency-reviewed-too-late",
    covers: ["approval after the merge, too late"],
    title: "An emergency, reviewed two days after the merge",
    play: (stage) => {
      const { change } = open(stage, "ines-r", { labels: ["emergency"] }).merge("viktor-a", { bypass: true });
      const now = wait(stage);
      stage.now = now + 48 * 3_600_000;
      review(stage, change, stage.cast.account("farid-k"), "APPROVED");
      stage.now = now;
    },
    expect: { change: { ...UNAPPROVED, [EMERGENCY]: "fail" } },
    because: "The review came after the 24 hours that policy gives.",
  },
  {
    name: "emergency-declared-afterwards",
    covers: ["approval after the merge, too late"],
    title: "The emergency label is set after the merge",
    play: (stage) =>
      open(stage, "ines-r").merge("viktor-a", { bypass: true }).label("ines-r", "emergency").approve("farid-k"),
    expect: { change: { ...UNAPPROVED, ...BYPASSED, [EMERGENCY]: "notApplicable" } },
    because: "It was no emergency when it was merged; a label set later makes none.",
  },
  {
    name: "only-comments",
    covers: ["changes requested, then nothing"],
    title: "Somebody comments, and nobody approves",
    play: (stage) => open(stage, "ines-r").comment("farid-k").merge("viktor-a", { bypass: true }),
    expect: { change: { ...UNAPPROVED, ...BYPASSED } },
    because: "A comment is no approval.",
  },
  {
    name: "approved-only-after-the-merge",
    covers: ["approval after the merge, too late"],
    title: "No emergency, approved only after the merge",
    play: (stage) => open(stage, "ines-r").merge("viktor-a", { bypass: true }).approve("farid-k"),
    expect: { change: { ...UNAPPROVED, ...BYPASSED } },
    because: "Policy allows a review after the merge in an emergency only.",
  },
];
