import { noteVersion } from "./place.ts";
import { ARRIVED, BINDING, NO_BYPASS, PEOPLE_ONLY, PROTECTED, type Scenario } from "./scenario.ts";
import { pushToBranch, type Stage, wait } from "./stage.ts";
import { open } from "./story.ts";

/** What the rules were is not known. */
const UNSEEN = { [PROTECTED]: "notVerifiable", [BINDING]: "notVerifiable" } as const;

const plain = (stage: Stage) => open(stage, "ines-r").approve("farid-k").merge("ines-r");

/** Switches the ruleset off, and on again a minute later. */
function offForAMinute(stage: Stage, meanwhile: () => void): void {
  const { repository, cast } = stage;
  const ruleset = repository.rulesets[0];
  if (!ruleset) throw new Error(`${repository.name} has no ruleset`);
  const administrator = cast.account("viktor-a");
  const off = wait(stage);
  ruleset.enforcement = "DISABLED";
  noteVersion(repository, ruleset, administrator, off, stage.nextId());
  meanwhile();
  ruleset.enforcement = "ACTIVE";
  stage.now = off + 60_000;
  ruleset.updatedAt = stage.now;
  noteVersion(repository, ruleset, administrator, stage.now, stage.nextId());
}

/** What guarded the branch, and whether that could be read. */
export const SETTINGS: readonly Scenario[] = [
  {
    name: "rules-active-throughout",
    covers: [],
    title: "Rules that were active throughout and bind everybody",
    own: {},
    play: plain,
    expect: { configuration: { [PROTECTED]: "pass", [BINDING]: "pass", [PEOPLE_ONLY]: "pass" } },
    because: "The ruleset last changed long before the period and was seen active after it.",
  },
  {
    name: "administrators-may-bypass",
    covers: [14],
    title: "The ruleset lets administrators pass it by",
    play: plain,
    expect: { configuration: { [PROTECTED]: "pass", [BINDING]: "fail" } },
    because: "It guards against everybody else; that administrators are not bound is a failure of its own.",
  },
  {
    name: "workflows-may-approve",
    covers: [2],
    title: "A setting lets workflows approve changes",
    own: {},
    play: (stage) => {
      stage.repository.workflowsMayApprove = true;
      plain(stage);
    },
    expect: { configuration: { [PEOPLE_ONLY]: "fail" } },
    because: "A workflow could approve what it was made to write; the setting is flagged.",
  },
  {
    name: "protection-off-for-a-minute",
    covers: [13],
    title: "Protection is off for one minute, and something is pushed",
    own: {},
    play: (stage) => {
      plain(stage);
      offForAMinute(stage, () => {
        stage.now -= 5 * 60_000 - 20_000;
        pushToBranch(stage, "ines-r", "Quick fix");
      });
    },
    expect: { configuration: { [PROTECTED]: "fail" }, commit: {}, "commit 2": { [ARRIVED]: "fail" } },
    because: "The history of the ruleset shows the minute, and the push is on the branch without a change.",
  },
  {
    name: "protection-off-and-no-history",
    covers: [13],
    title: "Protection was off for one minute, and the history of the rules is not readable",
    own: {},
    play: (stage) => {
      offForAMinute(stage, () => undefined);
      stage.repository.unrecorded = new Set(["rulesetVersions"]);
      plain(stage);
    },
    expect: { configuration: UNSEEN },
    because: "The ruleset was changed within the period; what was in force before that is unobserved.",
  },
  {
    name: "ruleset-in-evaluate-mode",
    covers: [14],
    title: "The ruleset only evaluates",
    own: { rules: "evaluate" },
    play: plain,
    expect: { configuration: UNSEEN, change: { [NO_BYPASS]: "notVerifiable" } },
    because: "It stops nobody and is not credited; whether other protection stood beside it this token may not read.",
  },
  {
    name: "administrators-not-bound",
    covers: [14],
    title: "Branch protection does not bind administrators",
    own: { rules: "classic" },
    play: plain,
    expect: { configuration: UNSEEN, change: { [NO_BYPASS]: "notVerifiable" } },
    because:
      "It has no date and excuses those who could change it unseen, so it is credited to no time but the look's.",
  },
  {
    name: "protection-forbidden",
    covers: [41],
    title: "Protection may not be read (403)",
    own: {},
    play: (stage) => {
      plain(stage);
      stage.repository.unrecorded = new Set(["rulesets", "protection", "rulesetVersions", "ruleSuites"]);
    },
    expect: { configuration: UNSEEN, change: { [NO_BYPASS]: "notVerifiable" } },
    says: [{ of: "configuration", attribute: PROTECTED, text: "last read at 2026-09-30T06:00:00Z" }],
    because: "Not readable is not unprotected: neither a pass nor a failure.",
  },
  {
    name: "protection-not-found",
    covers: [41],
    title: "Protection is not there to be read (404)",
    own: { faults: "missing:protection,missing:rulesets" },
    play: plain,
    expect: { configuration: UNSEEN, change: { [NO_BYPASS]: "notVerifiable" } },
    because: "To whom may not read it, the platform says that it is not there: that is no proof of its absence.",
  },
  {
    name: "repository-renamed",
    covers: [30],
    title: "The repository is renamed between two looks",
    own: {},
    play: (stage) => {
      plain(stage);
      stage.later.push(() => {
        stage.repository.name = "repository-with-a-new-name";
      });
    },
    expect: {},
    told: [{ by: "scope", text: "followed by its id" }],
    because: "It is the same repository by its id; nothing of it is lost.",
  },
  {
    name: "repository-moved",
    covers: [30],
    title: "The repository is transferred to another owner between two looks",
    own: {},
    play: (stage) => {
      plain(stage);
      stage.later.push(() => {
        stage.repository.owner = "another-owner";
      });
    },
    expect: {},
    told: [{ by: "scope", text: "another-owner/repository-moved" }],
    because: "It is the same repository by its id, under whatever owner; that it moved is said.",
  },
  {
    name: "repository-deleted",
    covers: [30],
    title: "The repository is deleted between two looks",
    own: {},
    play: (stage) => {
      plain(stage);
      stage.later.push(() => {
        const { repositories } = stage.world;
        // Places in the list are what everything else refers to: only the last can go.
        if (repositories.pop() !== stage.repository) throw new Error("the repository to be deleted is not the last");
      });
    },
    expect: { configuration: UNSEEN },
    told: [{ by: "coverage", text: "repository-deleted" }],
    because: "What was seen stays; that it can no longer be found is said, and the rest of the period is unobserved.",
  },
];
