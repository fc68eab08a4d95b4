import { z } from "zod";
import { instantSchema } from "../entity.ts";

/** What may be a part of a folder's name, and leads into no other. */
export const folderPart = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u);

export const periodSchema = z.object({
  /** `2026-10`, `2026-Q3` or `2026-10-01..2026-10-15`. */
  id: folderPart,
  from: instantSchema,
  to: instantSchema,
  /** Evidence after this is left out. */
  asOf: instantSchema,
  /** The period is not over, or not observed to its end: population ends here. */
  cutAt: instantSchema.nullable(),
});

export const scopeSchema = z.object({
  systems: z.array(
    z.object({
      id: z.string(),
      team: z.string(),
      profile: z.string(),
      environments: z.array(z.string()),
      /** Where its deployments were read from and whose word that is, a sentence; absent: the source's own records. */
      deployments: z.string().optional(),
      repositories: z.array(
        z.object({
          key: z.string(),
          name: z.string(),
          /** Where changes land: its line is the population. */
          branch: z.string(),
          /** The branches they are promoted through on the way to production. */
          promotedThrough: z.array(z.string()).optional(),
        }),
      ),
    }),
  ),
  /** The organisation's list: every repository in scope, excluded with a reason, or unlisted. */
  repositories: z.array(
    z.object({ name: z.string(), status: z.enum(["inScope", "excluded", "unlisted"]), reason: z.string() }),
  ),
});
