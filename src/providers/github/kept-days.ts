import type { StreamKind } from "../../model/stream.ts";

/**
 * How long GitHub still gives what was not collected, in days; kinds without an entry are kept for good. Checks and
 * pipeline runs are archived after 400 days and gone ten days later; versions of rule sets and the audit log (but its
 * git events, which are gone after 7) are kept for 180, rule suites for a month. Of rules, environments, rights and tags
 * only the present state is read, so nothing of them is kept.
 * @see https://docs.github.com/en/rest/checks/runs
 */
export const keptDays: Readonly<Partial<Record<StreamKind, number>>> = {
  checks: 400,
  pipelineRuns: 400,
  ruleVersions: 180,
  auditLog: 180,
  ruleSuites: 30,
  protection: 0,
  environments: 0,
  access: 0,
  releases: 0,
};
