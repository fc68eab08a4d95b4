import { z } from "zod";
import { count } from "./base.ts";

export const alertsSchema = z.object({
  system: z.string(),
  repository: z.string(),
  counts: z.object({ opened: count, fixed: count, dismissed: count, openAtEnd: count }).nullable(),
  /** Why they were not read, or not whole. */
  gap: z.string().nullable(),
});

export const metricsSchema = z.object({
  system: z.string(),
  deployments: count,
  perDay: z.number(),
  leadTimeMedian: z.number().nullable(),
  leadTimeP90: z.number().nullable(),
  fallBacks: count,
});
