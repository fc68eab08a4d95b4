import type { AssessmentResult, Item } from "../model/assessment.ts";
import { draw, sortedKeys } from "../model/draw.ts";
import {
  type FixedPopulation,
  populationItems,
  type Sample,
  type SampledItem,
  type SamplePopulation,
  type Selection,
  type StrataKind,
  stratumOf,
} from "../model/sample.ts";
import { binomialSize, type SamplePreset, type SampleTarget, samplePresets } from "../model/sample-size.ts";
import { ConfigError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import { chosenItems } from "./sample-items.ts";
import { countPopulation, fixedPopulation, type PopulationRequest } from "./sample-population.ts";
import { fromPack, fromStore, type SampleSource } from "./sample-source.ts";
import { type EventsOf, timelines } from "./sample-timeline.ts";
import type { PipelineContext } from "./types.ts";

export { recipe } from "../report/work-paper/index.ts";

/** How many items are drawn, and why so many. */
export interface SampleSize {
  readonly size: number;
  readonly reason: string;
}

/** What decides a sample's size: a number, the practice for a frequency, or what the sample is to show. */
export interface SizeRequest {
  readonly size?: number;
  readonly preset?: SamplePreset;
  readonly target?: SampleTarget;
}

/** The size asked for. Throws ConfigError unless exactly one thing decides it. */
export function sampleSize({ size, preset, target }: SizeRequest): SampleSize {
  if ([size, preset, target].filter((one) => one !== undefined).length !== 1)
    throw new ConfigError("one thing says how many are drawn", {
      hint: "Add --size N, --preset daily, or --confidence 95 --tolerable 5 --expected 0.",
    });
  if (size !== undefined) {
    if (size < 1) throw new ConfigError("--size 0 draws nothing", { hint: "Ask for one or more." });
    return { size, reason: "The size was asked for as such." };
  }
  if (preset !== undefined) {
    const range = preset === "many-a-day" ? "25 to 60, of which the upper end is taken" : String(samplePresets[preset]);
    const what =
      preset === "automated" ? "an automated control" : `a control that operates ${preset.replaceAll("-", " ")}`;
    return {
      size: samplePresets[preset],
      reason: `Common practice of audit firms for ${what}: ${range}. No standard prescribes a size.`,
    };
  }
  const { confidence, tolerable, expected } = target as SampleTarget;
  try {
    return {
      size: binomialSize(target as SampleTarget),
      reason: `Binomial distribution: with at most ${expected} ${expected === 1 ? "deviation" : "deviations"} found, ${confidence} % confidence that no more than ${tolerable} % of the population deviate.`,
    };
  } catch (cause) {
    throw new ConfigError((cause as Error).message, {
      cause,
      hint: "Write --confidence 95 --tolerable 5 --expected 0.",
    });
  }
}

/** A draw by a seed that was given after the population was fixed. */
export interface DrawRequest extends SampleSize {
  readonly seed: string;
  readonly by: StrataKind | null;
}

/** A sample as it was taken, with what its work papers are made from. */
export interface TakenSample {
  readonly sample: Sample;
  readonly source: SampleSource;
}

/** Draws from a population that was put into the ledger before. Throws ConfigError where none was. */
export async function drawFromStore(
  ctx: PipelineContext,
  request: PopulationRequest,
  drawn: DrawRequest,
): Promise<TakenSample> {
  const { fixed, result } = await fixedPopulation(ctx, request);
  const source = await fromStore(ctx, result);
  return drawFrom(source, request.population, drawn, { at: fixed.at, record: fixed.record });
}

/** Draws from a pack in a folder, whose files fix the population. */
export async function drawFromPack(
  directory: string,
  population: SamplePopulation,
  drawn: DrawRequest,
): Promise<TakenSample> {
  return drawFrom(await fromPack(directory), population, drawn, null);
}

/** Takes the items of an auditor's own list. */
export async function takeItems(
  source: SampleSource,
  population: SamplePopulation,
  list: { readonly file: string; readonly content: Uint8Array },
): Promise<TakenSample> {
  const { keys, given, unresolved } = chosenItems(Buffer.from(list.content).toString("utf8"), source.result, {
    file: list.file,
    population,
  });
  const digest = sha256Hex(list.content);
  const selection: Selection = { by: "items", digest, given, unresolved };
  return takenSample(source, { population, keys, selection, fixed: null, suffix: `items-${digest.slice(0, 12)}` });
}

async function drawFrom(
  source: SampleSource,
  population: SamplePopulation,
  { seed, size, reason, by }: DrawRequest,
  fixed: FixedPopulation | null,
): Promise<TakenSample> {
  const items = populationItems(source.result, population);
  if (items.size === 0)
    throw new ConfigError(`${source.result.period.id} has no ${population} to draw from`, {
      hint: "Name another period.",
    });
  const stratum = (key: string): string => stratumOf(items.get(key)?.[0] as Item, by ?? "system");
  const drawn = draw(items.keys(), { seed, size, ...(by === null ? {} : { stratumOf: stratum }) }, sha256Hex);
  if (drawn.strata.length > size)
    throw new ConfigError(`a sample of ${size} cannot hold one of each of ${drawn.strata.length} strata by ${by}`, {
      hint: `Draw ${drawn.strata.length} or more, or leave out --by.`,
    });
  const selection: Selection = { by: "draw", seed, size, reason, strataBy: by, strata: drawn.strata };
  const suffix = [seedName(seed), size, ...(by === null ? [] : ["by", by])].join("-");
  return takenSample(source, { population, keys: drawn.keys, selection, fixed, suffix });
}

/** A seed as part of a folder's name: itself where that is short and plain, else the beginning of its digest. */
const seedName = (seed: string): string =>
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,23}$/.test(seed) ? seed : `seed-${sha256Hex(seed).slice(0, 12)}`;

interface Chosen {
  readonly population: SamplePopulation;
  readonly keys: readonly string[];
  readonly selection: Selection;
  readonly fixed: FixedPopulation | null;
  /** What tells it from others of its population. */
  readonly suffix: string;
}

async function takenSample(source: SampleSource, chosen: Chosen): Promise<TakenSample> {
  const { result, pack, evidence } = source;
  const { population, keys, selection, fixed, suffix } = chosen;
  const all = populationItems(result, population);
  const items = keys.flatMap((key) => all.get(key) ?? []);
  const counted = countPopulation(result, population);
  const eventsOf = timelines(await source.entities(items));
  const places = await source.places(recordsAbout(items, result));
  const kind = population === "changes" ? "" : `${population}-`;
  return {
    source,
    sample: {
      // Another population of the same period is another draw.
      name: `${result.organisation.slug}-${result.period.id}-sample-${kind}${suffix}-${counted.digest.slice(0, 8)}`,
      population,
      keys: sortedKeys(counted.keys),
      digest: counted.digest,
      fixed,
      selection,
      items: items.map((item) => sampled(item, source, eventsOf, places)),
      pack,
      evidence,
    },
  };
}

/** The records that the tests of the items rest on, and of the commits, changes, deployments and settings that belong to them. */
function recordsAbout(items: readonly Item[], { population }: AssessmentResult): readonly number[] {
  const keys = new Set(items.map(({ key }) => key));
  // From a commit to its change, and from that to its deployment.
  for (let hop = 0; hop < 2; hop += 1)
    for (const { key, link } of population) if (link !== null && keys.has(key)) keys.add(link);
  const about = population.filter(
    ({ key, link, subject }) => subject === "configuration" || keys.has(key) || (link !== null && keys.has(link)),
  );
  const ids = about.flatMap(({ record, observations }) => [
    ...(record === null ? [] : [record]),
    ...observations.flatMap(({ evidence }) => evidence),
  ]);
  return [...new Set(ids)];
}

function sampled(
  item: Item,
  { result }: SampleSource,
  eventsOf: EventsOf,
  places: ReadonlyMap<number, number>,
): SampledItem {
  const own = result.population.filter(({ system }) => system === item.system);
  const named = (key: string | null | undefined): Item | undefined =>
    key == null ? undefined : own.find((other) => other.key === key);
  const change = item.subject === "commit" ? named(item.link) : undefined;
  const events = eventsOf(item, {
    change,
    deployment: named(item.subject === "change" ? item.link : change?.link),
    brought: own.filter(({ subject, link }) => subject === "change" && link === item.key),
  });
  return { key: item.key, system: item.system, events, places };
}
