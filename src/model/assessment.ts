import { z } from "zod";
import { count, recordRef } from "./assessment/base.ts";
import { bypassesSchema, continuitySchema } from "./assessment/branch-rules.ts";
import { identitySchema, policySchema, waiverSchema } from "./assessment/configuration.ts";
import { alertsSchema, metricsSchema } from "./assessment/context.ts";
import { controlAssessmentSchema, criterionAssessmentSchema } from "./assessment/controls.ts";
import { coverageRowSchema } from "./assessment/coverage.ts";
import { deliverySchema, narrativeSchema } from "./assessment/delivery.ts";
import { causeSchema, exceptionSchema } from "./assessment/exceptions.ts";
import { itemSchema } from "./assessment/items.ts";
import { logicSchema } from "./assessment/logic.ts";
import { attestationSchema } from "./assessment/manual.ts";
import { packSchema } from "./assessment/packs.ts";
import { accessSchema } from "./assessment/privileges.ts";
import { provenanceSchema, recordSchema, toolSchema } from "./assessment/provenance.ts";
import { reReviewSchema } from "./assessment/re-reviews.ts";
import { reconciliationSchema } from "./assessment/reconciliation.ts";
import { responseSchema } from "./assessment/responses.ts";
import { restatementSchema } from "./assessment/restatements.ts";
import { partPackSchema, partSchema, rollupRowSchema } from "./assessment/rollup.ts";
import { folderPart, periodSchema, scopeSchema } from "./assessment/scope.ts";
import { subjects } from "./dossier.ts";
import { instantSchema } from "./entity.ts";
import { streamKinds } from "./stream.ts";

export { type Bypass, systemsOf } from "./assessment/branch-rules.ts";
export {
  type ControlAssessment,
  type ControlResult,
  type CriterionAssessment,
  controlResults,
  type Tally,
} from "./assessment/controls.ts";
export type { CoverageRow } from "./assessment/coverage.ts";
export { type Cause, type Exception, isFollowing } from "./assessment/exceptions.ts";
export { type AssessedObservation, type Item, type ItemClass, itemClasses } from "./assessment/items.ts";
export type { LogicTest } from "./assessment/logic.ts";
export type { Attestation } from "./assessment/manual.ts";
export type { IssuedPackRow } from "./assessment/packs.ts";
export type { Access } from "./assessment/privileges.ts";
export { type Disposition, dispositions, type Response } from "./assessment/responses.ts";
export {
  type IssuedOutcome,
  type IssuedOutcomes,
  itemName,
  type Restatement,
  type RestatementDifference,
  type RestatementReason,
} from "./assessment/restatements.ts";
export type { Part, PartPack, RollupRow } from "./assessment/rollup.ts";

/** What evaluation gives and report reads; the only thing packs are made from. Identical input gives identical JSON. */
export const assessmentResultSchema = z.object({
  schemaVersion: z.literal(1),
  tool: toolSchema,
  // Folders are called after the slug and the period, also by who reads another's pack.
  organisation: z.object({ name: z.string(), slug: folderPart, timezone: z.string() }),
  period: periodSchema,
  scope: scopeSchema,
  provenance: provenanceSchema,
  coverage: z.array(coverageRowSchema),
  reconciliation: reconciliationSchema,
  attributes: z.array(
    z.object({
      id: z.string(),
      letter: z.string(),
      title: z.string(),
      subject: z.enum(subjects),
      /** The kinds of streams that add to its answer where they are read; absent for none. */
      considers: z.array(z.enum(streamKinds)).optional(),
    }),
  ),
  /** All items of the period, by subject, system, time, key. */
  population: z.array(itemSchema),
  controls: z.array(controlAssessmentSchema),
  criteria: z.array(criterionAssessmentSchema),
  /** Each team and each system judged by itself; absent where there is only one. */
  rollup: z.array(rollupRowSchema).optional(),
  /** The part of the organisation that this is; absent: it is all of it. */
  part: partSchema.optional(),
  /** The packs that were written from the same run, this one among them; absent where no parts were. */
  parts: z.array(partPackSchema).optional(),
  /** How what judges was itself tested; absent where nothing says. */
  logic: logicSchema.optional(),
  exceptions: z.array(exceptionSchema),
  /** The causes of the exceptions, gravest first; absent where they were not grouped. */
  causes: z.array(causeSchema).optional(),
  /** Management's answers recorded by the cut-off, by id, also those that cover none of these exceptions; absent for none. */
  responses: z.array(responseSchema).optional(),
  /** Management's attestations recorded by the cut-off, by id and version: they decide no result; absent for none. */
  attestations: z.array(attestationSchema).optional(),
  waivers: z.array(waiverSchema),
  policies: z.array(policySchema),
  identities: z.array(identitySchema),
  /** Per system: since when its rules are shown unchanged, and every interval of the period. */
  continuity: z.array(continuitySchema),
  /** Every bypass of the released branches' rules in the period, by time; `observed` says where none can be concluded from their absence. */
  bypasses: bypassesSchema,
  access: z.array(accessSchema),
  /** Deployments of a tag that was seen on more than one commit. */
  movedTags: z.array(
    z.object({
      system: z.string(),
      deployment: z.string(),
      tag: z.string(),
      sightings: z.array(z.object({ commit: z.string(), at: instantSchema, record: recordRef })),
    }),
  ),
  /** Context, not control evidence: security alerts of the period; null where they were not read. */
  alerts: z.array(alertsSchema),
  /** Context, not control evidence: DORA's definitions; seconds, null where nothing was measured. */
  metrics: z.array(metricsSchema),
  /** The same measures in full, with what they are held against; absent in older packs. */
  delivery: deliverySchema.optional(),
  /** Management's narrative, apart from evidence; absent where it is left out. */
  narrative: narrativeSchema.optional(),
  /** Samples of changes that persons without a part in them looked at again, by period; absent where none was drawn. */
  reReviews: z.array(reReviewSchema).optional(),
  /** Every pack issued before the cut-off, oldest first; absent for none. */
  packs: z.array(packSchema).optional(),
  /** Of each period with an issued pack, the latest one compared with what the evidence says by this cut-off; absent for none. */
  restatements: z.array(restatementSchema).optional(),
  /** In a redacted edition only: how many persons and further addresses were replaced. */
  redacted: z.object({ persons: count, addresses: count }).optional(),
  checkpoint: z.object({ size: count, root: z.string(), at: instantSchema }),
  /** Every record the assessment refers to. */
  records: z.array(recordSchema),
});
export type AssessmentResult = z.infer<typeof assessmentResultSchema>;

/** The records that a sentence names, as in `record r12 could not be read`. */
export const recordsNamed = (text: string): readonly number[] =>
  text.includes("record r") ? [...text.matchAll(/\brecord r([1-9]\d{0,14})\b/g)].map(([, id]) => Number(id)) : [];
