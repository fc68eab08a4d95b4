import { z } from "zod";
import { instantSchema } from "../entity.ts";
import { count, recordRef } from "./base.ts";

/** Values that a target range may be set for: seconds, shares, deployments a day. */
export const targetNames = [
  "leadTime", // median, seconds
  "deploymentsPerDay",
  "recoveryTime", // median, seconds
  "changeFailRate",
  "reworkRate",
  "alertRemediation", // median, seconds
  "standardRules", // share of repositories
] as const;
export type TargetName = (typeof targetNames)[number];

const targetSchema = z.object({ atLeast: z.number().optional(), atMost: z.number().optional() });
export type Target = z.infer<typeof targetSchema>;

const seconds = z.number().min(0).nullable();

export const measuresSchema = z.object({
  /** Successful production deployments, repetitions of the version before counted once; null where none was observed. */
  deployments: count.nullable(),
  perDay: z.number().nullable(),
  fallBacks: count.nullable(),
  /** Changes whose lead time is known: first brought to production in the span. */
  changes: count,
  leadTimeMedian: seconds,
  leadTimeP90: seconds,
  /** Null where no list of incidents covers the span. */
  incidents: z
    .object({
      /** Opened in the span. */
      opened: count,
      /** Of the deployments, those that an incident is linked to. */
      failed: count,
      /** Of these, those all of whose incidents are resolved; failed - recovered are not. */
      recovered: count,
      recoveryMedian: seconds,
      recoveryP90: seconds,
      /** Of the deployments, those that an incident was resolved by. */
      rework: count,
    })
    .nullable(),
});
export type Measures = z.infer<typeof measuresSchema>;

const targetsMet = z.partialRecord(z.enum(targetNames), z.boolean());

const rowSchema = z.object({
  kind: z.enum(["organisation", "team", "system"]),
  name: z.string(),
  measures: measuresSchema,
  /** Management's own targets; no control result. Absent for none. */
  met: targetsMet.optional(),
});
export type DeliveryRow = z.infer<typeof rowSchema>;

const remediationSchema = z.object({
  /** As the source names it; null for all. */
  severity: z.string().nullable(),
  /** Fixed in the period. */
  fixed: count,
  median: seconds,
  p90: seconds,
  openAtEnd: count,
});
export type Remediation = z.infer<typeof remediationSchema>;

/** Context, not control evidence: DORA's five by system, team and organisation, their trend, and what stands beside them. */
export const deliverySchema = z.object({
  targets: z.partialRecord(z.enum(targetNames), targetSchema).optional(),
  /** The organisation, its teams, its systems. */
  rows: z.array(rowSchema),
  /** What of the period was not observed, a sentence each. */
  gaps: z.array(z.string()),
  /** Oldest first: the period's months and, as far as the evidence reaches, those before; up to twelve or as many as the period has. */
  months: z.array(
    z.object({
      /** `2026-10`. */
      id: z.string(),
      from: instantSchema,
      to: instantSchema,
      inPeriod: z.boolean(),
      gaps: z.array(z.string()),
      rows: z.array(rowSchema.omit({ met: true })),
    }),
  ),
  /** The list of incidents; null where none is configured. */
  incidents: z
    .object({
      /** Where it comes from and whose word it is. */
      told: z.string(),
      /** Why it does not cover the period, or not whole; null where it does. */
      gap: z.string().nullable(),
      /** Opened in the period, or linked to a deployment of it. */
      items: z.array(
        z.object({
          id: z.string(),
          system: z.string(),
          openedAt: instantSchema,
          resolvedAt: instantSchema.nullable(),
          /** The deployment it is linked to, `deployment 99`; null for none. */
          deployment: z.string().nullable(),
          /** `named`: by the list itself; `before`: the latest that had finished, a heuristic. */
          linked: z.enum(["named", "before", "none"]),
          record: recordRef,
        }),
      ),
    })
    .nullable(),
  /** Security alerts, opened to fixed; null where none were read. */
  remediation: z
    .object({ all: remediationSchema, bySeverity: z.array(remediationSchema), met: z.boolean().optional() })
    .nullable(),
  /** Repositories by what their configuration tests say of the whole period; the four parts add up to `repositories`. */
  standardRules: z.object({
    repositories: count,
    met: count,
    /** Protected, and policy lets administrators pass the rules by. */
    exempt: count,
    failed: count,
    notVerifiable: count,
    targetMet: z.boolean().optional(),
  }),
});
export type Delivery = z.infer<typeof deliverySchema>;

const times = z.object({ median: z.number(), p90: z.number() });

/** What a board meeting at intervals would have made of the period's changes: a simulation, no evidence. */
export const boardSchema = z.object({
  everyDays: count,
  cutOffDays: count,
  /** The first meeting of the period. */
  first: instantSchema,
  /** Merged in the period = simulated + emergencies + undeployed. */
  merged: count,
  simulated: count,
  emergencies: count,
  undeployed: count,
  /** Seconds from first commit to production; null where nothing was simulated. */
  asItWas: times.nullable(),
  withBoard: times.nullable(),
  /** From merge to meeting. */
  wait: times.nullable(),
  /** The most changes of one system that one release after a meeting would have carried. */
  largestBatch: z.object({ changes: count, system: z.string(), meeting: instantSchema }).nullable(),
  /** The median number of changes that a deployment of the period brought, of those that brought any. */
  changesPerDeployment: z.number().nullable(),
});
export type BoardSimulation = z.infer<typeof boardSchema>;

/** Management's narrative; absent where the configuration leaves it out. */
export const narrativeSchema = z.object({
  /** The organisation's own paragraphs, plain text; absent for none. */
  text: z.array(z.string()).optional(),
  board: boardSchema,
});
