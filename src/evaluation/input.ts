import type { AssessmentResult } from "../model/assessment.ts";
import type { AnyAttribute } from "../model/attribute.ts";
import type { Catalog } from "../model/control.ts";
import type { ChangeDossier, CommitDossier, ConfigurationDossier, DeploymentDossier } from "../model/dossier.ts";
import type { RuleSuite, Seen } from "../model/entity.ts";
import type { IdentityMap } from "../model/identity.ts";
import type { Policy, Waiver } from "../model/policy.ts";
import type { SeenOverride } from "./overrides.ts";

/** A policy of the configuration with the run times that saw it. */
export interface SeenPolicy {
  readonly policy: Policy;
  /** The first run whose configuration had it; null where that is not recorded. */
  readonly firstSeen: string | null;
  /** The run from which on the configuration had it no more; such a policy judges nothing, it only serves as the earlier rule. */
  readonly withdrawn?: string;
}

/** A waiver of the configuration with the run time that first saw it. */
export interface SeenWaiver {
  readonly waiver: Waiver;
  readonly firstSeen: string | null;
}

/** A bypass by the source's own evaluation of its rules, and the system whose released branch it concerns. */
export interface SeenBypass {
  readonly system: string;
  readonly repository: string;
  readonly suite: Seen<RuleSuite>;
}

/** What needs no judging and is passed on as it is. */
type PassedOn = Pick<
  AssessmentResult,
  | "tool"
  | "organisation"
  | "period"
  | "scope"
  | "provenance"
  | "coverage"
  | "reconciliation"
  | "identities"
  | "continuity"
  | "access"
  | "movedTags"
  | "alerts"
  | "metrics"
  | "checkpoint"
>;

/** Everything an assessment derives from; the same input gives the same result. */
export interface EvaluationInput extends PassedOn {
  /** Those that are reported; mappings to other frameworks are left out. */
  readonly catalog: Catalog;
  readonly attributes: readonly AnyAttribute[];
  /** In the order of the configuration. */
  readonly policies: readonly SeenPolicy[];
  /** Identity maps that stood before today's, each over [from, to) as runs recorded it; absent: today's always stood. */
  readonly earlierIdentities?: readonly { readonly from: string; readonly to: string; readonly map: IdentityMap }[];
  readonly waivers: readonly SeenWaiver[];
  /** What the source itself evaluated as a bypass of the branches' rules in the period. */
  readonly bypassed: readonly SeenBypass[];
  /** Overrides of the same rules that the source's audit log tells of; absent: none were looked for. */
  readonly overrides?: readonly SeenOverride[];
  /** The items of the period, in any order. */
  readonly dossiers: {
    readonly commits: readonly CommitDossier[];
    readonly changes: readonly ChangeDossier[];
    readonly deployments: readonly DeploymentDossier[];
    readonly configuration: readonly ConfigurationDossier[];
  };
}

/** An assessment to which the rows of the records it refers to are still to be added. */
export type Assessment = Omit<AssessmentResult, "records">;
