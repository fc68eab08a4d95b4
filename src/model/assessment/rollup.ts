import { z } from "zod";
import { controlResults, tallySchema } from "./controls.ts";

/** One team's or one system's part of an organisation. */
export const partSchema = z.object({ kind: z.enum(["team", "system"]), id: z.string() });
export type Part = z.infer<typeof partSchema>;

/** A pack of the same run: the organisation's, or a part's, by the name of its folder beside this one. */
export const partPackSchema = z.object({
  kind: z.enum(["organisation", "team", "system"]),
  id: z.string(),
  name: z.string(),
});
export type PartPack = z.infer<typeof partPackSchema>;

/** What one part comes to when it is judged by itself, by the same rules and thresholds. */
export const rollupRowSchema = partSchema.extend({
  systems: z.array(z.string()),
  controls: z.array(z.object({ id: z.string(), result: z.enum(controlResults), tally: tallySchema })),
  criteria: z.array(
    z.object({ framework: z.string(), id: z.string(), result: z.enum([...controlResults, "notConcluded"]) }),
  ),
});
export type RollupRow = z.infer<typeof rollupRowSchema>;
