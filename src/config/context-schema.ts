import { z } from "zod";
import { durationSchema } from "../model/policy.ts";

const range = <T extends z.ZodType>(value: T, example: string) =>
  z
    .strictObject({ atLeast: value.optional(), atMost: value.optional() })
    .meta({ description: `For example ${example}.` });

const time = durationSchema.transform((milliseconds) => milliseconds / 1000);
const share = z.number().min(0).max(1);

/** What pack metrics are held against and read from: context, never a control's result. */
export const metricsFileSchema = z.strictObject({
  incidents: z.string().min(1).optional().meta({
    description: "A CSV file, relative to this one: id,opened_at,resolved_at,system and deployment or commit.",
  }),
  targets: z
    .strictObject({
      leadTime: range(time, "{ atMost: 2d }, the median").optional(),
      deploymentsPerDay: range(z.number().min(0), "{ atLeast: 1 }").optional(),
      recoveryTime: range(time, "{ atMost: 4h }, the median").optional(),
      changeFailRate: range(share, "{ atMost: 0.15 }").optional(),
      reworkRate: range(share, "{ atMost: 0.1 }").optional(),
      alertRemediation: range(time, "{ atMost: 30d }, the median").optional(),
      standardRules: range(share, "{ atLeast: 0.95 }").optional(),
    })
    .default({}),
});

/** Management's narrative: whether it is printed, what it assumes, and what the organisation adds. */
export const narrativeFileSchema = z.strictObject({
  off: z.boolean().default(false),
  board: z
    .strictObject({
      everyDays: z.number().int().min(1).max(366).default(14),
      cutOffDays: z.number().int().min(0).max(366).default(3),
    })
    .prefault({}),
  text: z.string().min(1).optional().meta({ description: "A file of plain paragraphs, relative to this one." }),
});
