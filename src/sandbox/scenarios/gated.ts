import { type DeployOptions, deploy } from "./pipeline.ts";
import { APPROVED_BY_HAND, type OwnSettings, type Scenario } from "./scenario.ts";
import { headOf, type Stage } from "./stage.ts";
import { open } from "./story.ts";

const OWN: OwnSettings = { gated: { reviewers: ["hanna-b", "maren-k", "ada-admin"] } };
const FAILED = { deployment: { [APPROVED_BY_HAND]: "fail" } } as const;

/** A change as it should be, deployed by a run that somebody started and others approved. */
function deliver(stage: Stage, run: NonNullable<DeployOptions["run"]>): void {
  open(stage, "ines-r").approve("farid-k").merge("ines-r");
  deploy(stage, headOf(stage), { by: "github-actions", run });
}

/** Systems whose deployments must be approved by hand. */
export const GATED: readonly Scenario[] = [
  {
    name: "gated-approved-by-another",
    covers: ["gated: approved by another person"],
    title: "A deployment approved by a person who did not start it",
    own: OWN,
    play: (stage) => deliver(stage, { startedBy: "ines-r", approvedBy: ["hanna-b"] }),
    expect: { deployment: { [APPROVED_BY_HAND]: "pass" } },
    says: [{ of: "deployment", attribute: APPROVED_BY_HAND, text: "hanna-b" }],
    because: "The environment demands it and lets nobody approve what they started.",
  },
  {
    name: "gated-approved-from-a-second-account",
    covers: ["gated: approved by who started it"],
    title: "Who started the deployment approves it from a second account",
    own: OWN,
    play: (stage) => deliver(stage, { startedBy: "ada-dev", approvedBy: ["ada-admin"] }),
    expect: FAILED,
    because: "The platform sees two accounts; the identity map says that they are one person.",
  },
  {
    name: "gated-approved-by-who-started-it",
    covers: ["gated: approved by who started it"],
    title: "Who started the deployment approves it, as the environment lets them",
    own: { gated: { reviewers: ["hanna-b"], selfApproval: true } },
    play: (stage) => deliver(stage, { startedBy: "hanna-b", approvedBy: ["hanna-b"] }),
    expect: FAILED,
    because: "One person alone brought it to production, and the environment's setting let that happen.",
  },
  {
    name: "gated-without-reviewers",
    covers: ["gated: nobody must approve"],
    title: "The environment of a gated system demands nobody's approval",
    own: { gated: { reviewers: [] } },
    play: (stage) => deliver(stage, { startedBy: "ines-r" }),
    expect: FAILED,
    because: "The system is said to be gated, and its environment holds nothing up.",
  },
  {
    name: "gated-and-nobody-approved",
    covers: ["gated: nobody approved"],
    title: "A deployment that nobody approved",
    own: OWN,
    play: (stage) => deliver(stage, { startedBy: "ines-r" }),
    expect: FAILED,
    because: "The environment demanded it, and the run went on without: somebody passed the environment by.",
  },
  {
    name: "gated-environment-unreadable",
    covers: ["gated: the environment is not readable"],
    title: "What the environment demands may no longer be read",
    own: OWN,
    play: (stage) => {
      deliver(stage, { startedBy: "ines-r", approvedBy: ["hanna-b"] });
      stage.repository.unrecorded = new Set(["environments"]);
    },
    expect: { deployment: { [APPROVED_BY_HAND]: "notVerifiable" } },
    because: "Not readable is neither a pass nor a failure.",
  },
];
