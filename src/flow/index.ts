export { type Meeting, type MergedChange, simulateBoard } from "./board.ts";
export { type LinkedIncident, linkIncidents } from "./link-incidents.ts";
export { type Flow, firstInProduction, nameOf, type Span } from "./measures.ts";
export { type Alert, remediationOf } from "./remediation.ts";
export { heldAgainst, type MeasuredSystem, rowsOf } from "./rows.ts";
export { standardRulesOf } from "./standard-rules.ts";
export { isMet, shareOf, type Targets } from "./targets.ts";
