import { compare } from "../model/compare.ts";
import { sha256Hex } from "../util/hash.ts";

/** A sample that anybody can draw again from the same keys and seed. */
export interface Draw {
  readonly seed: string;
  readonly population: number;
  /** SHA-256 of the sorted keys, each followed by a newline: which population it was drawn from. */
  readonly digest: string;
  /** In the order of the draw. */
  readonly keys: readonly string[];
}

/** The `sample` keys whose SHA-256 of seed followed by key, both UTF-8, come first as hexadecimal text. */
export function draw(population: Iterable<string>, sample: number, seed: string): Draw {
  const keys = [...new Set(population)].sort(compare);
  const ranked = keys.map((key) => ({ key, rank: sha256Hex(seed, key) })).sort((a, b) => compare(a.rank, b.rank));
  return {
    seed,
    population: keys.length,
    digest: sha256Hex(keys.map((key) => `${key}\n`).join("")),
    keys: ranked.slice(0, sample).map(({ key }) => key),
  };
}
