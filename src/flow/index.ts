export { type Meeting, type MergedChange, simulateBoard } from "./board.ts";
export { type LinkedIncident, linkIncidents } from "./link-incidents.ts";
export { firstInProduction, nameOf, type Span } from "./measures.ts";
export { remediationOf } from "./remediation.ts";
export { heldAgainst, rowsOf } from "./rows.ts";
export { standardRulesOf } from "./standard-rules.ts";
export { isMet, shareOf } from "./targets.ts";
