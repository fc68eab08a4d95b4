import { z } from "zod";
import type { ChangeDossier } from "../../model/dossier.ts";
import { durationSchema } from "../../model/policy.ts";
import { type LabelFinding, labelAtMerge } from "./labels.ts";

/** The policy's emergency path: the label that marks it, the time for its review, in milliseconds, and the heading under which its description says why. */
export const emergencyParam = z
  .object({
    label: z.string(),
    reviewWithin: z.union([z.number().int().positive(), durationSchema]),
    reason: z.object({ heading: z.string() }).optional(),
  })
  .default({ label: "emergency", reviewWithin: 86_400_000 });
type Emergency = z.infer<typeof emergencyParam>;

/** Whether a change took the emergency path when it merged; a label set later makes none. */
export const emergencyOf = (dossier: ChangeDossier, { label }: Emergency): LabelFinding => labelAtMerge(dossier, label);

/** The instant until which a merged change may still be reviewed, `within` milliseconds after its merge. */
export const dueAfterMerge = ({ change }: ChangeDossier, within: number): string =>
  `${new Date(Date.parse(change.mergedAt) + within).toISOString().slice(0, 19)}Z`;
