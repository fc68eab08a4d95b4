import { z } from "zod";
import { count } from "./base.ts";

/** One situation that was played from end to end, what must be found in it and what was. */
const logicScenarioSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** Numbers of the catalogue of threats that it covers; empty for a situation by name. */
  covers: z.array(count),
  /** What must not simply pass, `change: required-checks-passed fail`; empty: no alarm. */
  expected: z.array(z.string()),
  found: z.array(z.string()),
  /** Also in every word that the scenario demands. */
  asExpected: z.boolean(),
});

/** The test of what judges, as it was run last, and whether what judges is still what was tested. */
export const logicTestSchema = z.object({
  /** The version that was tested. */
  version: z.string(),
  /** SHA-256 over the rules as data and the code that judges. */
  digest: z.string(),
  /** How many outcomes were found that no scenario made. */
  beyond: count,
  scenarios: z.array(logicScenarioSchema),
});
export type LogicTest = z.infer<typeof logicTestSchema>;

/** `current`: what judged this pack is what was tested; `changed`: it is not; `unknown`: its sources are not there to compare. */
export const logicSchema = logicTestSchema.extend({ state: z.enum(["current", "changed", "unknown"]) });
