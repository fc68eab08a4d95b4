import { z } from "zod";
import { instantSchema } from "../entity.ts";
import { streamKinds } from "../stream.ts";
import { count } from "./base.ts";

export const coverageRowSchema = z.object({
  stream: z.string(),
  source: z.string(),
  repository: z.string(),
  kind: z.enum(streamKinds),
  system: z.string().nullable(),
  /** Over the whole period: the gravest of its intervals. */
  status: z.enum(["complete", "partial", "unobserved"]),
  intervals: z.array(
    z.object({
      from: instantSchema,
      to: instantSchema,
      status: z.enum(["complete", "partial", "unobserved"]),
      reason: z.string().nullable(),
    }),
  ),
  /** Objects stored against the source's own count, where it gives one. */
  stored: count,
  sourceTotal: count.nullable(),
  /** The end of what was ever observed; null where nothing was. */
  until: instantSchema.nullable().optional(),
  /** When the source begins to forget what came after `until`; null where it keeps everything, absent where nothing was observed. */
  keptUntil: instantSchema.nullable().optional(),
});
export type CoverageRow = z.infer<typeof coverageRowSchema>;
