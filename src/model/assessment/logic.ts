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

/** The catalogue's entries that are ways round the controls, each to be played by a scenario: those round review, 403 on protection, rules dated back. */
export const catalogueEntries: readonly number[] = [...Array.from({ length: 30 }, (_, at) => at + 1), 41, 71];

/** What situations cover of the catalogue: each either plays entries of it, or stands by its name alone. */
export function catalogueOf(situations: readonly { readonly covers: readonly unknown[] }[]): {
  /** The entries that are played, ascending. */
  readonly played: readonly number[];
  /** How many situations play them. */
  readonly onEntries: number;
  /** How many play none. */
  readonly byName: number;
} {
  const played = catalogueEntries.filter((entry) => situations.some(({ covers }) => covers.includes(entry)));
  const onEntries = situations.filter(({ covers }) => covers.some((one) => typeof one === "number")).length;
  return { played, onEntries, byName: situations.length - onEntries };
}

/** `current`: what judged this pack is what was tested; `changed`: it is not; `unknown`: its sources are not there to compare. */
export const logicSchema = logicTestSchema.extend({ state: z.enum(["current", "changed", "unknown"]) });
