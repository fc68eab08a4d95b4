import { judgeMergeContent } from "../attributes/shared/merge-content.ts";
import { type Cause, type Exception, isFollowing } from "../model/assessment.ts";
import { compare } from "../model/compare.ts";
import type { Dossier } from "../model/dossier.ts";
import { approvalCause } from "./approval-cause.ts";
import type { Judged } from "./observe.ts";

/** Every cause, gravest first: what a pack calls a group of exceptions, by its id, which never changes its meaning. */
const titles = {
  "branch-rewritten": "The branch's history was rewritten",
  "pushed-directly": "A commit was pushed without a change",
  "merge-holds-more": "The merge holds more than was approved",
  "rules-bypassed": "The branch's rules were bypassed",
  "no-approval": "Nobody approved the change",
  "approver-contributed": "The approver had a part in the change",
  "approved-by-automation": "Only automation approved the change",
  "approval-not-counted": "The approval does not count by policy",
  "approved-older-revision": "An older revision was approved, not the final one",
  "approved-after-merge": "The approval came after the merge",
  "emergency-not-reviewed": "An emergency was not reviewed in time",
  "emergency-without-reason": "An emergency gives no reason",
  "check-failed": "A required check had failed",
  "check-missing": "A required check did not report",
  "check-late": "A required check ended after the merge",
  "check-not-performed": "A required check was not performed",
  "security-check-failed": "A security check had failed",
  "security-check-missing": "A security check did not report",
  "security-check-late": "A security check ended after the merge",
  "security-check-not-performed": "A security check was not performed",
  "deployed-off-branch": "What was deployed is not on the released branch",
  "deployed-moved-tag": "A deployment's tag was moved",
  "deployed-before-merge": "A deployment came before what it brought was merged",
  "deployed-unapproved": "A deployment brought what had not been approved",
  "deployed-by-person": "A person deployed by hand",
  "deployer-not-named": "Somebody deployed whom policy does not name",
  "deployment-not-approved": "Nobody else approved the deployment",
  "deployment-gate-open": "The environment demanded nobody else's approval",
  "branch-unprotected": "The branch's protection lapsed or was weak",
  "administrators-exempt": "The rules did not bind administrators",
  "pipelines-may-approve": "Pipelines could approve changes",
  "request-missing": "The change names no request",
  "impact-not-noted": "A significant change does not say what it affects",
  "not-described": "The change is not described",
  "no-recent-fall-back": "The version to fall back on was too old",
  other: "Another cause",
} as const;
export type CauseId = keyof typeof titles;

/** The attribute that must have failed for a cause, and what else decides it; the first that holds is an exception's. */
const deciding: readonly {
  readonly attribute: string;
  readonly cause: (judged: Judged, message: string) => CauseId | undefined;
}[] = [
  { attribute: "arrived-by-change", cause: ({ dossier }) => arrivalCause(dossier) },
  { attribute: "emergency-reviewed-in-time", cause: (judged) => emergencyCause(judged) },
  {
    attribute: "approved-on-final-revision",
    cause: ({ dossier }) =>
      dossier.subject === "change" && judgeMergeContent(dossier).outcome === "fail" ? "merge-holds-more" : undefined,
  },
  // An approval that is there says more than that the rules let nobody merge with it; one that is not, less.
  { attribute: "approved-by-someone-independent", cause: ({ dossier }, message) => ofApproval(dossier, message) },
  { attribute: "approved-on-final-revision", cause: ({ dossier }, message) => ofApproval(dossier, message) },
  { attribute: "merged-without-bypass", cause: () => "rules-bypassed" },
  { attribute: "approved-by-someone-independent", cause: ({ dossier }, message) => ofChange(dossier, message) },
  { attribute: "approved-on-final-revision", cause: ({ dossier }, message) => ofChange(dossier, message) },
  { attribute: "required-checks-passed", cause: (_, message) => `check-${checkCause(message)}` },
  { attribute: "security-checks-passed", cause: (_, message) => `security-check-${checkCause(message)}` },
  { attribute: "deployed-as-approved", cause: ({ dossier }, message) => deploymentCause(dossier, message) },
  {
    attribute: "deployed-by-authorised-identity",
    cause: (_, message) => (message.includes("; policy allows only ") ? "deployer-not-named" : "deployed-by-person"),
  },
  { attribute: "deployment-approved", cause: ({ dossier }) => gateCause(dossier) },
  {
    attribute: "branch-protected",
    cause: ({ dossier }) =>
      dossier.subject === "configuration" && dossier.rewrites.length + dossier.losses.length > 0
        ? "branch-rewritten"
        : "branch-unprotected",
  },
  { attribute: "rules-bind-administrators", cause: () => "administrators-exempt" },
  { attribute: "approvals-by-people-only", cause: () => "pipelines-may-approve" },
  { attribute: "request-linked", cause: () => "request-missing" },
  {
    attribute: "change-described",
    cause: (_, message) => (message.startsWith("It is significant") ? "impact-not-noted" : "not-described"),
  },
  { attribute: "fall-back-possible", cause: () => "no-recent-fall-back" },
];

/** The cause of an item's failures taken by itself: by the attributes that failed, then what its evidence shows. */
export function ownCause(judged: Judged): CauseId {
  const failed = new Map(
    judged.item.observations.flatMap(({ attribute, outcome, message }) =>
      outcome === "fail" ? [[attribute, message] as const] : [],
    ),
  );
  for (const { attribute, cause } of deciding) {
    const message = failed.get(attribute);
    const found = message === undefined ? undefined : cause(judged, message);
    if (found !== undefined) return found;
  }
  return "other";
}

/** The exceptions with the causes of what they follow from in place of their own, where nothing of their own failed beside. */
export function withOrigins(exceptions: readonly Exception[]): Exception[] {
  const byId = new Map(exceptions.map((exception) => [exception.id, exception]));
  return exceptions.map((exception) => {
    const origin = isFollowing(exception) ? byId.get(exception.follows[0] ?? "")?.cause : undefined;
    return origin === undefined ? exception : { ...exception, cause: origin };
  });
}

/** The groups of exceptions by cause, gravest first. */
export function causesOf(exceptions: readonly Exception[]): Cause[] {
  const groups = Map.groupBy(exceptions, ({ cause = "other" }) => cause);
  return Object.entries(titles).flatMap(([id, title]): Cause[] => {
    const group = groups.get(id);
    if (!group) return [];
    const places = Map.groupBy(group, ({ system, team }) => JSON.stringify([system, team]));
    return [
      {
        id,
        title,
        items: group.length,
        waived: group.filter(({ waiver }) => waiver !== null).length,
        following: group.filter(isFollowing).length,
        bySystem: [...places.values()]
          .flatMap((own) => (own[0] ? [{ system: own[0].system, team: own[0].team, items: own.length }] : []))
          .sort((a, b) => compare(a.system, b.system) || compare(a.team, b.team)),
      },
    ];
  });
}

const arrivalCause = (dossier: Dossier): CauseId =>
  dossier.subject === "commit" && dossier.rewritten ? "branch-rewritten" : "pushed-directly";

const ofChange = (dossier: Dossier, message: string): CauseId | undefined =>
  dossier.subject === "change" ? approvalCause(dossier, message) : undefined;

const ofApproval = (dossier: Dossier, message: string): CauseId | undefined => {
  const cause = ofChange(dossier, message);
  return cause === "no-approval" ? undefined : cause;
};

/** An emergency whose review is in order may still lack its reason. */
function emergencyCause({ item }: Judged): CauseId {
  const reviewed = item.observations.every(
    ({ attribute, outcome }) => attribute !== "approved-by-someone-independent" || outcome !== "fail",
  );
  const message = item.observations.find(({ attribute }) => attribute === "emergency-reviewed-in-time")?.message ?? "";
  return reviewed && message.includes("gives no reason under") ? "emergency-without-reason" : "emergency-not-reviewed";
}

/** What the message of a check says of it; of several checks, the gravest. */
function checkCause(message: string): "failed" | "missing" | "late" | "not-performed" {
  if (/ ended as /.test(message.replace(/was not performed on [^:]*: it ended as /g, ""))) return "failed";
  if (message.includes(" is missing on ")) return "missing";
  if (/ only at | had not completed /.test(message)) return "late";
  return "not-performed";
}

function deploymentCause(dossier: Dossier, message: string): CauseId {
  if (dossier.subject !== "deployment") return "other";
  if (dossier.movedTag.length > 0) return "deployed-moved-tag";
  if (dossier.onBranch === false) return "deployed-off-branch";
  return message.includes("which reached the released branch only at ")
    ? "deployed-before-merge"
    : "deployed-unapproved";
}

function gateCause(dossier: Dossier): CauseId {
  const environment = dossier.subject === "deployment" ? dossier.environment : undefined;
  const open = environment && (environment.reviewers.length === 0 || environment.selfApprovalPrevented === false);
  return open ? "deployment-gate-open" : "deployment-not-approved";
}
