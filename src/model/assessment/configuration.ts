import { z } from "zod";
import { instantSchema } from "../entity.ts";
import { count } from "./base.ts";

export const waiverSchema = z.object({
  id: z.string(),
  attribute: z.string(),
  owner: z.string(),
  reason: z.string(),
  expires: z.string(),
  used: count,
  firstSeen: instantSchema.nullable(),
  retroactive: z.boolean(),
});

export const policySchema = z.object({
  from: z.string(),
  systems: z.array(z.string()),
  parameters: z.record(z.string(), z.unknown()),
  firstSeen: instantSchema.nullable(),
  retroactive: z.boolean(),
});

export const identitySchema = z.object({
  party: z.string(),
  kind: z.enum(["person", "automation"]),
  accounts: z.array(z.string()),
  emails: count,
});
