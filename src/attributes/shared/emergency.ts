import { z } from "zod";
import type { ChangeDossier } from "../../model/dossier.ts";
import { durationSchema } from "../../model/policy.ts";

/** The policy's emergency path: the label that marks it and the time for its review, in milliseconds. */
export const emergencyParam = z
  .object({ label: z.string(), reviewWithin: z.union([z.number().int().positive(), durationSchema]) })
  .default({ label: "emergency", reviewWithin: 86_400_000 });
type Emergency = z.infer<typeof emergencyParam>;

/** Until when an emergency change may still be reviewed; undefined for an ordinary change. */
export function reviewDeadline({ change }: ChangeDossier, emergency: Emergency): string | undefined {
  if (!change.labels?.some((label) => label.toLowerCase() === emergency.label.toLowerCase())) return undefined;
  return `${new Date(Date.parse(change.mergedAt) + emergency.reviewWithin).toISOString().slice(0, 19)}Z`;
}
