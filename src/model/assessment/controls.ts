import { z } from "zod";
import { count } from "./base.ts";

export const controlResults = [
  "aboveThreshold",
  "evidenceIncomplete",
  "exceptionsNoted",
  "noExceptionsNoted",
  "didNotOperate",
] as const;
/** Gravest first, as they take precedence. */
export type ControlResult = (typeof controlResults)[number];

export const tallySchema = z.object({
  items: count,
  pass: count,
  /** Failed and not waived. */
  fail: count,
  waived: count,
  notVerifiable: count,
  notApplicable: count,
});
export type Tally = z.infer<typeof tallySchema>;

export const controlAssessmentSchema = z.object({
  /** The catalog's id, e.g. `CHG-03`. */
  id: z.string(),
  /** The organisation's own, where it has one. */
  own: z.object({ id: z.string(), title: z.string() }).nullable(),
  title: z.string(),
  objective: z.string(),
  mechanism: z.string(),
  procedure: z.string(),
  remediation: z.string(),
  owner: z.string(),
  key: z.boolean(),
  population: z.enum(["commits", "changes", "deployments", "configuration"]),
  attributes: z.array(z.string()),
  threshold: z.number(),
  result: z.enum(controlResults),
  /** The result as a sentence with its numbers. */
  statement: z.string(),
  tally: tallySchema,
  bySystem: z.array(z.object({ system: z.string(), result: z.enum(controlResults), tally: tallySchema })),
  /** Where evidence is incomplete: how many items of which system, and why. */
  incomplete: z.array(z.object({ system: z.string(), items: count, reason: z.string() })),
  exceptions: z.array(z.string()),
  /** Items of another population that bear on its objective, counted by the control named and not here. */
  beside: z.array(z.object({ control: z.string(), items: count, text: z.string() })).optional(),
  mappings: z.array(z.object({ framework: z.string(), criterion: z.string(), points: z.array(z.string()) })),
});
export type ControlAssessment = z.infer<typeof controlAssessmentSchema>;

export const criterionAssessmentSchema = z.object({
  framework: z.string(),
  frameworkTitle: z.string(),
  id: z.string(),
  title: z.string(),
  concluded: z.boolean(),
  /** `notConcluded` where no key control operated. */
  result: z.enum([...controlResults, "notConcluded"]),
  statement: z.string(),
  pointsName: z.string(),
  points: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      /** Key and supporting controls that address it; empty: not addressed, and printed so. */
      controls: z.array(z.string()),
      result: z.enum([...controlResults, "notConcluded", "notAddressed"]),
    }),
  ),
  controls: z.array(z.string()),
});
export type CriterionAssessment = z.infer<typeof criterionAssessmentSchema>;
