import { z } from "zod";
import type { subjects } from "./dossier.ts";

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "an identifier without spaces");

/** A part of a criterion that guidance names: a SOC 2 point of focus, an ISO 27002 guidance topic; our own wording. */
const pointSchema = z.strictObject({ id, title: z.string().min(1) });

/** One criterion a framework lists; `concluded` ones get a result, the others are only supported. */
const criterionSchema = z.strictObject({
  id,
  title: z.string().min(1),
  concluded: z.boolean().default(false),
  pointsName: z.string().default("points of focus"),
  points: z.array(pointSchema).default([]),
});

export const frameworkSchema = z.strictObject({
  id,
  /** `SOC 2`, as printed before a criterion's id. */
  title: z.string().min(1),
  edition: z.string().min(1),
  criteria: z.array(criterionSchema).min(1),
});
export type Framework = z.infer<typeof frameworkSchema>;

/** One control as data: what the organisation does, how it is tested, and which criteria it meets. */
export const controlSchema = z.strictObject({
  id,
  title: z.string().min(1),
  objective: z.string().min(1),
  /** What in the flow of delivery does it, in a sentence. */
  mechanism: z.string().min(1),
  /** How management's test is done, in a sentence. */
  procedure: z.string().min(1),
  population: z.enum(["commits", "changes", "deployments", "configuration"]),
  key: z.boolean(),
  owner: z.string().default("Engineering"),
  attributes: z.array(z.strictObject({ id, parameters: z.record(z.string(), z.unknown()).default({}) })).min(1),
  /** Management's own share of failed items (0 to 1) from which the result is "above threshold". */
  threshold: z.number().gt(0).max(1).default(0.1),
  mappings: z.array(z.strictObject({ framework: id, criterion: id, points: z.array(id).default([]) })).min(1),
  remediation: z.string().min(1),
});
export type Control = z.infer<typeof controlSchema>;

/** A control under the organisation's own number: ours stay beside it. */
export const ownControlSchema = z.strictObject({
  id,
  title: z.string().min(1),
  owner: z.string().min(1).optional(),
  key: z.boolean().optional(),
  threshold: z.number().gt(0).max(1).optional(),
  covers: z.array(id).min(1),
});
export type OwnControl = z.infer<typeof ownControlSchema>;

/** A control with the organisation's own number for it; null where it has none. */
export type JoinedControl = Control & { readonly own: OwnControl | null };

/** What the catalog room gives: everything validated, in a stable order. */
export interface Catalog {
  readonly frameworks: readonly Framework[];
  readonly controls: readonly JoinedControl[];
  /** SHA-256 over the files as read: two packs with the same digest were judged by the same catalog. */
  readonly digest: string;
}

/** The subject whose dossiers make up a population. */
export const subjectOfPopulation = {
  commits: "commit",
  changes: "change",
  deployments: "deployment",
  configuration: "configuration",
} as const satisfies Record<Control["population"], (typeof subjects)[number]>;
