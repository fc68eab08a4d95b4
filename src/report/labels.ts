import type { ReReview } from "../model/assessment/re-reviews.ts";
import type {
  Attestation,
  ControlAssessment,
  CoverageRow,
  CriterionAssessment,
  Item,
  ItemClass,
} from "../model/assessment.ts";
import type { AttestationKind } from "../model/attestation.ts";
import type { Outcome } from "../model/attribute.ts";
import type { StreamKind } from "../model/stream.ts";

type AnyResult = CriterionAssessment["points"][number]["result"];

/** What a result is called in a pack, and the tone that colours it; the words alone suffice. */
export const resultLabels: Readonly<Record<AnyResult, { readonly label: string; readonly tone: Tone }>> = {
  aboveThreshold: { label: "Above threshold", tone: "leak" },
  evidenceIncomplete: { label: "Evidence incomplete", tone: "unseen" },
  exceptionsNoted: { label: "Exceptions noted", tone: "leak" },
  noExceptionsNoted: { label: "No exceptions noted", tone: "flow" },
  didNotOperate: { label: "Did not operate", tone: "still" },
  notConcluded: { label: "Cannot be concluded", tone: "still" },
  notAddressed: { label: "Not addressed", tone: "still" },
};

/** `flow`: as it should be; `leak`: something failed; `unseen`: evidence is missing; `still`: nothing to say. */
export type Tone = "flow" | "leak" | "unseen" | "still";

/** What an outcome is called in a sentence. */
export const outcomeNames: Readonly<Record<Outcome, string>> = {
  pass: "passed",
  fail: "failed",
  notApplicable: "not applicable",
  notVerifiable: "not verifiable",
};

/** The label of a result that also says what else the controls under it found, which precedence would hide. */
export function criterionLabel(
  criterion: Pick<CriterionAssessment, "result">,
  exceptions: boolean,
  incomplete: boolean,
): string {
  const { label } = resultLabels[criterion.result];
  if (criterion.result === "evidenceIncomplete" && exceptions) return "Evidence incomplete, exceptions noted";
  if (criterion.result === "aboveThreshold" && incomplete) return "Above threshold, evidence incomplete";
  return label;
}

/** The label of an organisation's criterion, by its own key controls among these. */
export function wholeCriterionLabel(criterion: CriterionAssessment, controls: readonly ControlAssessment[]): string {
  const keys = controls.filter(({ id, key }) => key && criterion.controls.includes(id));
  return criterionLabel(
    criterion,
    keys.some(({ exceptions }) => exceptions.length > 0),
    keys.some(({ tally }) => tally.notVerifiable > 0),
  );
}

/** The order and names of systems' items in a pack. */
export const subjectNames: Readonly<Record<Item["subject"], { readonly one: string; readonly many: string }>> = {
  commit: { one: "commit", many: "commits" },
  change: { one: "change", many: "changes" },
  deployment: { one: "deployment", many: "deployments" },
  configuration: { one: "setting", many: "settings" },
};

/** The branch that a stream is about, where a repository has several of its kind; null for the only or first one. */
export function branchOf({ stream, kind }: Pick<CoverageRow, "stream" | "kind">): string | null {
  const mark = `/${kind}/`;
  return stream.includes(mark) ? stream.slice(stream.indexOf(mark) + mark.length) : null;
}

/** `commits`, `commits of prod`: what a stream holds. */
export function streamName(row: Pick<CoverageRow, "stream" | "kind">): string {
  const branch = branchOf(row);
  const name = streamNames[row.kind];
  return branch === null ? name : `${name} of ${branch}`;
}

/** What is observed in each kind of stream, as a reader calls it. */
export const streamNames: Readonly<Record<StreamKind, string>> = {
  repositories: "list of repositories",
  repository: "repository settings",
  commits: "commits",
  changes: "changes",
  reviews: "reviews",
  checks: "checks",
  workItems: "work items",
  files: "paths touched",
  deployments: "deployments",
  branchActivity: "moves of branches",
  ruleSuites: "evaluations of rules",
  ruleVersions: "versions of rules",
  environments: "environments",
  pipelineRuns: "pipeline runs",
  access: "rights",
  auditLog: "audit log",
  releases: "releases and tags",
  alerts: "security alerts",
  protection: "branch rules",
  incidents: "incidents",
  configuration: "configuration",
};

/** What sets a class of changes apart. */
export const classNames: Readonly<Record<ItemClass, string>> = {
  emergency: "emergencies, by the mark they bore when they merged",
  significant: "significant by policy",
  automated: "opened by automation",
  release: "of those, releases that only raise versions",
  mergedByHand: "merged by hand and pushed, not by the platform",
  editsItsChecks: "edit the workflow that checked them",
  retried: "passed a check that had failed on the same commit",
};

/** What an attestation is about. */
export const attestationKinds: Readonly<Record<AttestationKind, string>> = {
  procedure: "procedure in force",
  "penetration-test": "penetration test",
  "bug-bounty": "bug bounty",
  "game-day": "game day",
  training: "training",
  "access-review": "review of access",
  "architecture-deviation": "deviation from the architecture",
  "continuity-plan": "continuity plan",
  "operating-documents": "operating documents updated",
  "parties-informed": "parties informed",
};

/** How an attestation stands to the period. */
export const attestationStates: Readonly<Record<Attestation["state"], string>> = {
  throughout: "throughout the period",
  part: "for part of the period",
  expiredWithin: "expired within the period",
  expired: "expired before the period",
  withdrawn: "withdrawn",
};

/** What was said of a change that was looked at again. */
export const reReviewResults = { agreed: "agreed", differed: "not agreed", open: "not recorded" } as const;
export const reReviewStand = ({ review }: ReReview["items"][number]): keyof typeof reReviewResults =>
  review === null ? "open" : review.agreed ? "agreed" : "differed";
