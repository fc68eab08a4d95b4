import type { Attribute, Verdict } from "../../model/attribute.ts";
import type { Dossier, DossierOf, Subject } from "../../model/dossier.ts";
import type { StreamKind } from "../../model/stream.ts";
import { listed, notVerifiable } from "./verdicts.ts";

const words: Record<StreamKind, string> = {
  repositories: "list of repositories",
  repository: "repository's settings",
  commits: "branch's commits",
  changes: "change and its commits",
  reviews: "reviews",
  checks: "checks",
  workItems: "linked work items",
  files: "paths touched",
  deployments: "deployments",
  protection: "branch's rules",
  branchActivity: "branch's moves",
  ruleSuites: "source's evaluations of its rules",
  ruleVersions: "versions of the rules",
  environments: "environments",
  pipelineRuns: "pipeline runs",
  access: "access rights",
  auditLog: "audit log",
  releases: "releases and tags",
  alerts: "security alerts",
  incidents: "incidents",
  configuration: "flowproof's own configuration",
};

/** The record that shows the item itself; undefined for a configuration nobody could read. */
export function ownRecord(dossier: Dossier): number | undefined {
  if (dossier.subject === "change") return dossier.change.record;
  if (dossier.subject === "commit") return dossier.graph.record;
  if (dossier.subject === "deployment") return dossier.deployment.record;
  for (const { rules } of dossier.intervals.toReversed()) if (rules.known) return rules.record;
  return undefined;
}

/** Tests one item, but only on whole evidence: a gap in a stream that its attribute requires or considers gives `notVerifiable` with its reason, neither pass nor false alarm. */
export function testOnWholeEvidence<S extends Subject, P>(
  attribute: Attribute<S, P>,
  dossier: DossierOf<S>,
  params: P,
): Verdict {
  const gaps = [...attribute.requires, ...(attribute.considers ?? [])].filter(
    (kind) => dossier.gaps[kind] !== undefined,
  );
  if (gaps.length === 0) return attribute.test(dossier, params);
  const reasons = gaps.map((kind) => `the ${words[kind]} (${dossier.gaps[kind]})`);
  return notVerifiable(`Evidence is missing: ${listed(reasons)}.`, ownRecord(dossier));
}
