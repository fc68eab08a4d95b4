import type { AssessmentResult, Item } from "./assessment.ts";
import type { Stratum } from "./draw.ts";

/** What can be sampled, by the word of the command line. */
export const samplePopulations = { changes: "change", commits: "commit", deployments: "deployment" } as const;
export type SamplePopulation = keyof typeof samplePopulations;

/** By what a population is divided. */
export const strataKinds = ["team", "system", "class"] as const;
export type StrataKind = (typeof strataKinds)[number];

/** A population as it was put into the ledger before a seed was known. */
export interface FixedPopulation {
  readonly at: string;
  readonly record: number;
}

/** How the items came to be chosen. */
export type Selection =
  | {
      readonly by: "draw";
      readonly seed: string;
      readonly size: number;
      /** Why so many, a sentence. */
      readonly reason: string;
      readonly strataBy: StrataKind | null;
      readonly strata: readonly Stratum[];
    }
  | {
      readonly by: "items";
      /** SHA-256 of the list as given. */
      readonly digest: string;
      readonly given: number;
      /** What of it is no item of the population, or not one alone, each with the reason. */
      readonly unresolved: readonly { readonly given: string; readonly reason: string }[];
    };

/** What happened to an item, at the source's time; a commit's is git's own. */
export interface TimelineEvent {
  readonly at: string;
  readonly kind: "commit" | "opened" | "review" | "approval" | "check" | "merged" | "created" | "deployed";
  /** Of a check: it passed. */
  readonly good: boolean;
  readonly text: string;
  readonly record: number | null;
}

/** One item as a system's policy judged it, with what its work paper shows beside the assessment. */
export interface SampledItem {
  readonly key: string;
  readonly system: string;
  /** By time. */
  readonly events: readonly TimelineEvent[];
  /** Places in the ledger by record, as far as they are known. */
  readonly places: ReadonlyMap<number, number>;
}

/** A sample with everything its work papers are made from besides the assessment. */
export interface Sample {
  /** What its folder is called. */
  readonly name: string;
  readonly population: SamplePopulation;
  /** Sorted. */
  readonly keys: readonly string[];
  readonly digest: string;
  /** Null where it was drawn from an issued pack, which fixes it. */
  readonly fixed: FixedPopulation | null;
  readonly selection: Selection;
  /** In the order of the draw, or of the list. */
  readonly items: readonly SampledItem[];
  /** The pack that it is drawn from, null where that is the store and no issued pack is of the same; `manifest` is the SHA-256 of its manifest.json, where it lies on the disk. */
  readonly pack: { readonly name: string; readonly state: "draft" | "issued"; readonly manifest: string | null } | null;
  /** Where records and proofs lie. */
  readonly evidence: "store" | "bundle";
}

/** The stratum of an item. */
export function stratumOf(item: Pick<Item, "team" | "system" | "classes">, kind: StrataKind): string {
  if (kind !== "class") return item[kind];
  return (["emergency", "automated", "significant"] as const).find((one) => item.classes?.includes(one)) ?? "ordinary";
}

/** The items of a population by key; one that several systems share is one, in the first system's stratum. */
export function populationItems(
  { population }: Pick<AssessmentResult, "population">,
  of: SamplePopulation,
): ReadonlyMap<string, readonly Item[]> {
  return Map.groupBy(
    population.filter(({ subject }) => subject === samplePopulations[of]),
    ({ key }) => key,
  );
}
