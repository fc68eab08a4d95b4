import type { AssessmentResult } from "../model/assessment.ts";
import type { AnyAttribute } from "../model/attribute.ts";
import type { Catalog } from "../model/control.ts";
import type { ChangeDossier, CommitDossier, ConfigurationDossier, DeploymentDossier } from "../model/dossier.ts";
import type { Policy, Waiver } from "../model/policy.ts";

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
  readonly waivers: readonly SeenWaiver[];
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
