import { compare } from "./compare.ts";

/** SHA-256 of the texts joined, as UTF-8, in 64 lower-case hexadecimal digits. */
export type Sha256Hex = (...texts: readonly string[]) => string;

/** A part of the population that is drawn from apart, with how many of it are drawn. */
export interface Stratum {
  readonly name: string;
  readonly population: number;
  readonly sample: number;
}

/** A sample that anybody can draw again from the same keys and seed. */
export interface Draw {
  readonly seed: string;
  readonly population: number;
  /** SHA-256 of the sorted keys, each followed by a newline: which population it was drawn from. */
  readonly digest: string;
  /** In the order of the draw. */
  readonly keys: readonly string[];
  /** By name; empty where the population was drawn from as a whole. */
  readonly strata: readonly Stratum[];
}

/** Each key once, as code units sort. */
export const sortedKeys = (keys: Iterable<string>): readonly string[] => [...new Set(keys)].sort(compare);

/** What identifies a population: SHA-256 of its sorted keys, each followed by a newline. */
export const populationDigest = (keys: Iterable<string>, sha256Hex: Sha256Hex): string =>
  sha256Hex(
    sortedKeys(keys)
      .map((key) => `${key}\n`)
      .join(""),
  );

/**
 * Draws the `size` keys whose SHA-256 of the population's digest, the seed and the key, joined as UTF-8 text, come first
 * as hexadecimal text; with strata, as many of each as {@link allocate} gives it. Pure.
 */
export function draw(
  keys: Iterable<string>,
  {
    size,
    seed,
    stratumOf,
  }: { readonly size: number; readonly seed: string; readonly stratumOf?: (key: string) => string },
  sha256Hex: Sha256Hex,
): Draw {
  const sorted = sortedKeys(keys);
  const digest = populationDigest(sorted, sha256Hex);
  const ranked = sorted
    .map((key) => ({ key, rank: sha256Hex(digest, seed, key) }))
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ key }) => key);
  const drawn = { seed, population: sorted.length, digest };
  if (!stratumOf) return { ...drawn, keys: ranked.slice(0, size), strata: [] };
  const groups = Map.groupBy(ranked, stratumOf);
  const strata = allocate(new Map([...groups].map(([name, own]) => [name, own.length])), size);
  const chosen = new Set(strata.flatMap(({ name, sample }) => groups.get(name)?.slice(0, sample) ?? []));
  return { ...drawn, keys: ranked.filter((key) => chosen.has(key)), strata };
}

/**
 * Shares a sample among strata in proportion to their sizes: one to each, then one at a time to the stratum with most
 * items to each one drawn; of equals the larger, then the first by name. Of fewer than there are strata, the largest have
 * one; never more than a stratum holds.
 */
export function allocate(sizes: ReadonlyMap<string, number>, size: number): readonly Stratum[] {
  const strata = [...sizes]
    .map(([name, population]) => ({ name, population, sample: 0 }))
    .sort((a, b) => b.population - a.population || compare(a.name, b.name));
  const share = ({ population, sample }: Stratum): number => (sample === 0 ? Infinity : population / sample);
  for (let left = size; left > 0; left -= 1) {
    let next: (typeof strata)[number] | undefined;
    for (const one of strata)
      if (one.sample < one.population && (next === undefined || share(one) > share(next))) next = one;
    if (!next) break;
    next.sample += 1;
  }
  return strata.sort((a, b) => compare(a.name, b.name));
}
