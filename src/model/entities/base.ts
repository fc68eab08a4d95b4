import { z } from "zod";

/** ISO 8601 in UTC to the second; sorts as text. */
export const instantSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "an instant such as 2026-10-31T23:59:59Z");

/** What every entity has. */
export const base = {
  /** The natural key, unique within the type (see keys.ts). */
  key: z.string(),
  /** The repository's key; of an organisation's entity, the source's id. */
  repository: z.string(),
};

/** An account as the source names it; `automation` is an app or a bot by the source's own word. */
export const actorSchema = z.object({
  id: z.string(),
  login: z.string(),
  kind: z.enum(["person", "automation", "unknown"]),
});
export type Actor = z.infer<typeof actorSchema>;

/** What a commit says of a person: proves nothing but by its `account`, which the source resolved. */
export const gitPersonSchema = z.object({
  name: z.string(),
  email: z.string(),
  account: actorSchema.nullable(),
});
export type GitPerson = z.infer<typeof gitPersonSchema>;

/** How a check or a pipeline run ended; `running` where it has not. */
export const conclusions = ["success", "failure", "neutral", "skipped", "cancelled", "running", "unknown"] as const;
