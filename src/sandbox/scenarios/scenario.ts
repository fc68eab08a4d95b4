import type { Stage } from "./stage.ts";

/** What an item's test is expected to give. */
export type Expected = "pass" | "fail" | "notVerifiable" | "notApplicable";

/** Situations beside the catalogue's numbers that must have a scenario each. */
export const EXTRAS = [
  "cross-approval by two authors",
  "only one of two authors approves",
  "approval by a deleted account",
  "approval after the merge, in time",
  "approval after the merge, too late",
  "dismissed, then approved again",
  "changes requested, then nothing",
  "promotion with an identical tree",
  "promotion to a branch that no rule guards",
  "redeployment",
  "rollback",
  "the branch's head deployed, with the tree of the merge commit",
  "300 commits and 150 reviews",
  "a change's own commit pushed straight to the branch",
  "deployed before it was approved and merged",
  "the approver pushed an earlier commit, or elsewhere",
  "merged to another branch, then pushed",
  "two changes with one merge commit",
  "rollback to a version that never ran",
  "an exempt bot's merge that is not in the evidence",
  "a merge of the base after the approval",
  "a waiver used",
  "a significant change with an impact note",
  "a release bot",
  "cherry-pick",
  "backport",
  "revert",
  "merge queue",
  "a squash merge that came back as another commit",
  "checks of which any serves an objective",
  "code owners",
  "a demanded security check",
  "an emergency with its reason",
  "an old version to fall back on",
  "gated: approved by another person",
  "gated: approved by who started it",
  "gated: nobody must approve",
  "gated: nobody approved",
  "gated: the environment is not readable",
  "two suites of one name, one of them run again after the merge",
  "two jobs of one name",
  "a rule of a kind that cannot be read",
  "a rule with an enforcement that nobody knows",
  "a significant change whose named approver saw an older revision",
  "a significant change that was an emergency",
  "production under another name",
  "outside every system's paths",
  "linked and described after the merge",
  "a person's commit in a bot's change",
  "a waiver of one repository's change",
] as const;

/** What a scenario's own repository has that differs from the shared one's. */
export interface OwnSettings {
  rules?: "ruleset" | "evaluate" | "classic" | "none";
  /** Whether administrators may pass its rules by; not unless told otherwise. */
  bypassable?: boolean;
  /** Approvals that its rules demand, 1 unless told otherwise. */
  approvals?: number;
  /** Whether its rules pin the app that runs the check; they do unless told otherwise. */
  pinned?: boolean;
  /** What goes wrong when it is looked at, as `parseFaults` reads it: such scenarios have an organisation of their own. */
  faults?: string;
  /** Lines of the policy for its system, in place of the shared policy's. */
  policy?: readonly string[];
  /** The same once the time between the two looks has passed: the configuration was edited. */
  policyLater?: readonly string[];
  /** An entry of the identity map, and whether the configuration has lost it by the second look at the scenarios. */
  identity?: { lines: readonly string[]; lostLater: boolean };
  /** The configuration has lost its system by then. */
  droppedLater?: boolean;
  /** A waiver that the configuration has had all along. */
  waiver?: string;
  /** A waiver that the configuration has gained by then. */
  waiverLater?: string;
  /** The paths that are its system's, as in a repository that several systems share. */
  paths?: readonly string[];
  /** The branch that changes are promoted to. */
  promotion?: string;
  /** Its rules leave that branch out. */
  promotionUnguarded?: boolean;
  /** Its deployments to production must be approved by hand: the environment names these reviewers. */
  gated?: { reviewers: readonly string[]; selfApproval?: boolean };
  /** Whether its rules demand the approval of who owns the code; not unless told otherwise. */
  codeOwners?: boolean;
}

/** One situation with what must be found, and why. */
export interface Scenario {
  name: string;
  /** Numbers of the catalogue of threats, and entries of {@link EXTRAS}. */
  covers: readonly (number | (typeof EXTRAS)[number])[];
  title: string;
  /** A repository of its own, named after the scenario; absent: the shared one. */
  own?: OwnSettings;
  /** What happens. */
  play: (stage: Stage) => void;
  /**
   * By subject (`change`, `commit`, `deployment`, `configuration`; a second one is `change 2`), what its attributes must
   * give; attributes that are not listed must pass or not apply.
   */
  expect: Readonly<Record<string, Readonly<Record<string, Expected>>>>;
  /** Texts that a message must hold; `$name` stands for the first 8 digits of a commit that the play noted. */
  says?: readonly { of: string; attribute: string; text: string }[];
  /** Outcomes under the earlier rule, which must stand beside them. */
  earlier?: Readonly<Record<string, Readonly<Record<string, Expected>>>>;
  /** Texts that the run or the pack must hold beside its items. */
  told?: readonly { by: "warnings" | "scope" | "coverage" | "rules"; text: string }[];
  because: string;
}

export const ARRIVED = "arrived-by-change";
export const INDEPENDENT = "approved-by-someone-independent";
export const FINAL = "approved-on-final-revision";
export const LINKED = "request-linked";
export const CHECKS = "required-checks-passed";
export const SECURITY = "security-checks-passed";
export const NO_BYPASS = "merged-without-bypass";
export const DEPLOYED = "deployed-as-approved";
export const DEPLOYER = "deployed-by-authorised-identity";
export const EMERGENCY = "emergency-reviewed-in-time";
export const FALL_BACK = "fall-back-possible";
export const APPROVED_BY_HAND = "deployment-approved";
export const DESCRIBED = "change-described";
export const PROTECTED = "branch-protected";
export const BINDING = "rules-bind-administrators";
export const PEOPLE_ONLY = "approvals-by-people-only";

/** No approval by anybody independent, hence none of the final revision. */
export const UNAPPROVED = { [INDEPENDENT]: "fail", [FINAL]: "fail" } as const;
/** Whether anybody independent approved cannot be said. */
export const UNCLEAR = { [INDEPENDENT]: "notVerifiable", [FINAL]: "notVerifiable" } as const;
/** The rules were passed by. */
export const BYPASSED = { [NO_BYPASS]: "fail" } as const;
