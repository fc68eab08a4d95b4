import { noteVersion } from "./place.ts";
import { BINDING, BYPASSED, CHECKS, NO_BYPASS, PROTECTED, type Scenario } from "./scenario.ts";
import { type Stage, wait } from "./stage.ts";
import { open } from "./story.ts";

/** Only the rules say which checks are demanded. */
const policy = ["requiredChecks: []"];

/** Demands workflows of every change where checks were demanded by name, as an organisation on the larger plans may. */
function demandWorkflows(stage: Stage): void {
  const { repository, cast } = stage;
  const ruleset = repository.rulesets[0];
  if (!ruleset) throw new Error(`${repository.name} has no ruleset`);
  const parameters = { workflows: [{ path: ".github/workflows/test.yml", repository_id: repository.id }] };
  ruleset.rules = [
    ...ruleset.rules.filter(({ type }) => type !== "required_status_checks"),
    { id: stage.nextId(), type: "workflows", parameters },
  ];
  ruleset.updatedAt = wait(stage);
  noteVersion(repository, ruleset, cast.account("viktor-a"), ruleset.updatedAt, stage.nextId());
}

/** Rules that the source tells in words which nobody can read yet. */
export const UNREAD_RULES: readonly Scenario[] = [
  {
    name: "rule-of-an-unread-kind",
    covers: ["a rule of a kind that cannot be read"],
    title: "The rules demand workflows to pass, which cannot be read",
    own: { policy },
    play: (stage) => {
      demandWorkflows(stage);
      stage.repository.unrecorded = new Set(["ruleSuites"]);
      open(stage, "ines-r", { test: "FAILURE" }).approve("farid-k").merge("viktor-a");
    },
    expect: { change: { [CHECKS]: "notVerifiable", [NO_BYPASS]: "notVerifiable" } },
    says: [
      { of: "change", attribute: CHECKS, text: "WORKFLOWS" },
      { of: "change", attribute: NO_BYPASS, text: "WORKFLOWS" },
    ],
    because: "What such a rule demands may be a check; that none is known to be demanded does not show that none was.",
  },
  {
    name: "rule-of-an-unread-kind-evaluated",
    covers: ["a rule of a kind that cannot be read"],
    title: "The rules demand workflows, and the platform's own evaluation of them passed",
    own: { policy },
    play: (stage) => {
      demandWorkflows(stage);
      open(stage, "ines-r").approve("farid-k").merge("ines-r");
    },
    expect: { change: { [CHECKS]: "notVerifiable" } },
    says: [{ of: "change", attribute: NO_BYPASS, text: "not compared: WORKFLOWS" }],
    because:
      "The platform says that its rules were met, so nobody passed them by; which check that was it does not say.",
  },
  {
    name: "rule-of-an-unread-kind-unmet",
    covers: ["a rule of a kind that cannot be read"],
    title: "The rules demand workflows and an approval, and there is no approval",
    own: { policy, bypassable: true },
    play: (stage) => {
      demandWorkflows(stage);
      open(stage, "ines-r").merge("viktor-a", { bypass: true });
    },
    expect: {
      configuration: { [BINDING]: "fail" },
      change: {
        "approved-by-someone-independent": "fail",
        "approved-on-final-revision": "fail",
        [CHECKS]: "notVerifiable",
        ...BYPASSED,
      },
    },
    because: "What can be read and was not met is a failure, whatever else the rules demanded.",
  },
  {
    name: "rules-with-an-unknown-enforcement",
    covers: ["a rule with an enforcement that nobody knows"],
    title: "The platform says in a word nobody knows whether the rules are in force",
    own: { policy, faults: "enum:ACTIVE" },
    play: (stage) => open(stage, "ines-r", { test: "FAILURE" }).approve("farid-k").merge("viktor-a"),
    expect: {
      configuration: { [PROTECTED]: "notVerifiable", [BINDING]: "notVerifiable" },
      change: { [CHECKS]: "notVerifiable", [NO_BYPASS]: "notVerifiable" },
    },
    says: [
      { of: "change", attribute: CHECKS, text: "in a word nobody knows" },
      { of: "change", attribute: NO_BYPASS, text: "in a word nobody knows" },
    ],
    because: "Neither that they guarded the branch nor that nothing did is known.",
  },
];
