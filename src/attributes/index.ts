import type { AnyAttribute } from "../model/attribute.ts";
import { approvalsByPeopleOnly } from "./approvals-by-people-only.ts";
import { approvedBySomeoneIndependent } from "./approved-by-someone-independent.ts";
import { approvedOnFinalRevision } from "./approved-on-final-revision.ts";
import { arrivedByChange } from "./arrived-by-change.ts";
import { branchProtected } from "./branch-protected.ts";
import { changeDescribed } from "./change-described.ts";
import { deployedAsApproved } from "./deployed-as-approved.ts";
import { deployedByAuthorisedIdentity } from "./deployed-by-authorised-identity.ts";
import { deploymentApproved } from "./deployment-approved.ts";
import { emergencyReviewedInTime } from "./emergency-reviewed-in-time.ts";
import { fallBackPossible } from "./fall-back-possible.ts";
import { mergedWithoutBypass } from "./merged-without-bypass.ts";
import { requestLinked } from "./request-linked.ts";
import { requiredChecksPassed } from "./required-checks-passed.ts";
import { rulesBindAdministrators } from "./rules-bind-administrators.ts";
import { securityChecksPassed } from "./security-checks-passed.ts";

export { ownRecord, testOnWholeEvidence } from "./shared/gate.ts";
export { lackingIn, protectingRules } from "./shared/rules.ts";

/** Every attribute there is, in the order in which packs print them. */
export const attributes: readonly AnyAttribute[] = [
  arrivedByChange,
  requestLinked,
  changeDescribed,
  approvedBySomeoneIndependent,
  approvedOnFinalRevision,
  requiredChecksPassed,
  mergedWithoutBypass,
  deployedAsApproved,
  deployedByAuthorisedIdentity,
  securityChecksPassed,
  emergencyReviewedInTime,
  fallBackPossible,
  branchProtected,
  deploymentApproved,
  approvalsByPeopleOnly,
  rulesBindAdministrators,
];
