import { runTest, runTestAgain } from "./pipeline.ts";
import { BYPASSED, CHECKS, type Scenario } from "./scenario.ts";
import { open } from "./story.ts";

const FAILED = { [CHECKS]: "fail" } as const;

/** What was tested, by whom, on which commit, and when. */
export const TESTING: readonly Scenario[] = [
  {
    name: "check-skipped",
    covers: [19],
    title: "The required check is skipped",
    play: (stage) => open(stage, "ines-r", { test: "SKIPPED" }).approve("farid-k").merge("ines-r"),
    expect: { change: FAILED },
    because:
      "The platform takes skipped for success; the test was not performed all the same, though no rule was bypassed.",
  },
  {
    name: "check-neutral",
    covers: [19],
    title: "The required check ends as neutral",
    play: (stage) => open(stage, "ines-r", { test: "NEUTRAL" }).approve("farid-k").merge("ines-r"),
    expect: { change: FAILED },
    because: "Neutral says nothing about the commit: the test was not performed.",
  },
  {
    name: "check-of-another-app",
    covers: [20],
    title: "Another app reports a check of the same name",
    play: (stage) =>
      open(stage, "ines-r", { test: "none" })
        .check({ app: "quickcheck" })
        .approve("farid-k")
        .merge("viktor-a", { bypass: true }),
    expect: { change: { ...FAILED, ...BYPASSED } },
    because: "Policy and rules pin the app that must have run it.",
  },
  {
    name: "status-set-by-a-user",
    covers: [20],
    title: "A user sets a status of the check's name",
    play: (stage) =>
      open(stage, "ines-r", { test: "none" })
        .check({ statusBy: "ines-r" })
        .approve("farid-k")
        .merge("viktor-a", { bypass: true }),
    expect: { change: { ...FAILED, ...BYPASSED } },
    because: "Anyone who may write can set a status; the app is pinned.",
  },
  {
    name: "check-without-a-pinned-app",
    covers: [20],
    title: "Another app reports the check, and policy pins none",
    own: { pinned: false, policy: ["requiredChecks: [{ name: test }]"] },
    play: (stage) =>
      open(stage, "ines-r", { test: "none" }).check({ app: "quickcheck" }).approve("farid-k").merge("ines-r"),
    expect: {},
    says: [{ of: "change", attribute: CHECKS, text: "no app is pinned" }],
    because: "It counts where nobody says who must run it, and the weakness is said.",
  },
  {
    name: "fail-fail-pass",
    covers: [21],
    title: "The check fails twice and passes at the third attempt",
    play: (stage) =>
      open(stage, "ines-r", { test: "none" })
        .check({ earlier: ["FAILURE", "FAILURE"] })
        .approve("farid-k")
        .merge("ines-r"),
    expect: {},
    says: [
      { of: "change", attribute: CHECKS, text: "attempts: failure" },
      { of: "change", attribute: CHECKS, text: "success at" },
    ],
    because: "The last attempt decides, and every attempt is shown.",
  },
  {
    name: "check-failed",
    covers: [21],
    title: "The check fails, and somebody merges past it",
    play: (stage) => open(stage, "ines-r", { test: "FAILURE" }).approve("farid-k").merge("viktor-a", { bypass: true }),
    expect: { change: { ...FAILED, ...BYPASSED } },
    because: "The last attempt on the head failed.",
  },
  {
    name: "check-on-an-older-commit",
    covers: [22],
    title: "The check passed on an older commit only",
    play: (stage) =>
      open(stage, "ines-r").push("ines-r", { test: "none" }).approve("farid-k").merge("viktor-a", { bypass: true }),
    expect: { change: { ...FAILED, ...BYPASSED } },
    because: "It never ran on the commit that was merged.",
  },
  {
    name: "check-after-the-merge",
    covers: [22],
    title: "The check passes on the head only after the merge",
    play: (stage) => {
      const story = open(stage, "ines-r", { test: "none" });
      story.approve("farid-k").merge("viktor-a", { bypass: true }).wait(5);
      runTest(stage, { oid: story.change.headRefOid, branch: story.change.headRefName });
    },
    expect: { change: { ...FAILED, ...BYPASSED } },
    because: "When it was merged nothing had been tested.",
  },
  {
    name: "check-still-running-at-the-merge",
    covers: [22],
    title: "The check is still running when the change is merged",
    play: (stage) =>
      open(stage, "ines-r", { test: "none" })
        .check({ takes: 40 })
        .approve("farid-k")
        .merge("viktor-a", { bypass: true }),
    expect: { change: { ...FAILED, ...BYPASSED } },
    because: "A result that came after the merge could not have stopped it.",
  },
  {
    name: "one-of-two-suites-again-after-the-merge",
    covers: [21, 22, "two suites of one name, one of them run again after the merge"],
    title: "The check passes in one suite and fails in another, which is run again after the merge",
    play: (stage) => {
      const story = open(stage, "ines-r").check({ conclusion: "FAILURE" });
      story.approve("farid-k").merge("viktor-a", { bypass: true }).wait(5);
      runTestAgain(stage, story.change.headRefOid);
    },
    expect: { change: { ...FAILED, ...BYPASSED } },
    because: "Both suites had begun when it was merged, and one had failed; that it passed later stopped nothing.",
  },
  {
    name: "two-jobs-of-one-name",
    covers: [20, "two jobs of one name"],
    title: "Two jobs of one workflow have the check's name, and one of them fails",
    play: (stage) => {
      const story = open(stage, "ines-r", { test: "none" });
      story.check({ beside: "FAILURE" }).approve("farid-k").merge("viktor-a", { bypass: true });
    },
    expect: { change: { ...FAILED, ...BYPASSED } },
    because: "Jobs that run beside each other are no attempts of each other: each must succeed.",
  },
  {
    name: "change-edits-its-own-checks",
    covers: [23],
    title: "The change edits the workflow that checks it",
    play: (stage) =>
      open(stage, "ines-r", { files: [".github/workflows/test.yml", "src/service.ts"] })
        .approve("farid-k")
        .merge("ines-r"),
    expect: {},
    says: [{ of: "change", attribute: CHECKS, text: ".github/workflows/test.yml" }],
    because: "The checks passed as the change itself defines them, which must be said.",
  },
];
