import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate, draw, populationDigest } from "../../../src/model/draw.ts";
import { sha256Hex } from "../../../src/util/hash.ts";

const keys = Array.from({ length: 50 }, (_, number) => `github/4711#${number}`);
const drawn = (from: readonly string[], size: number, seed: string) => draw(from, { size, seed }, sha256Hex);

describe("the draw", () => {
  it("is the same for the same keys and seed, in whatever order they come, and another for another seed", () => {
    const five = drawn(keys, 5, "8231");
    expect(drawn(keys.toReversed(), 5, "8231")).toEqual(five);
    expect(drawn(keys, 5, "8232").keys).not.toEqual(five.keys);
    expect(drawn(keys, 7, "8231").keys.slice(0, 5)).toEqual(five.keys);
    expect(drawn([...keys, ...keys], 100, "8231")).toMatchObject({ population: 50, digest: five.digest });
  });

  it("is another where a single key of the population is", () => {
    const other = drawn([...keys, "github/4711#50"], 50, "8231");
    const order = (all: readonly string[]): readonly string[] => all.filter((key) => keys.includes(key));
    expect(order(other.keys)).not.toEqual(drawn(keys, 50, "8231").keys);
  });

  it("is what sha256sum and sort give over digest, seed and key", () => {
    const shell = `
      d=$(printf '%s\\n' "$@" | LC_ALL=C sort | sha256sum | cut -c1-64); echo "$d"
      for k in "$@"; do echo "$(printf '%s' "\${d}8231$k" | sha256sum | cut -c1-64) $k"; done | LC_ALL=C sort | cut -d' ' -f2-`;
    const [digest, ...order] = execFileSync("sh", ["-c", shell, "sh", ...keys.slice(0, 9)], { encoding: "utf8" })
      .trim()
      .split("\n");
    const nine = drawn(keys.slice(0, 9), 9, "8231");
    expect(nine.digest).toBe(digest);
    expect(nine.keys).toEqual(order);
    expect(populationDigest(keys.slice(0, 9).toReversed(), sha256Hex)).toBe(digest);
  });
});

describe("strata", () => {
  const stratumOf = (key: string): string =>
    Number(key.split("#")[1]) < 40 ? "large" : key.endsWith("9") ? "one" : "rest";

  it("are drawn from in proportion, the smallest at least once, each by the same order", () => {
    const whole = drawn(keys, 50, "8231").keys;
    const { strata, keys: chosen } = draw(keys, { size: 10, seed: "8231", stratumOf }, sha256Hex);
    expect(strata).toEqual([
      { name: "large", population: 40, sample: 7 },
      { name: "one", population: 1, sample: 1 },
      { name: "rest", population: 9, sample: 2 },
    ]);
    for (const { name, sample } of strata)
      expect(chosen.filter((key) => stratumOf(key) === name)).toEqual(
        whole.filter((key) => stratumOf(key) === name).slice(0, sample),
      );
    expect(chosen).toEqual(whole.filter((key) => chosen.includes(key)));
  });

  it("add up to the sample, hold no more than there is, and leave none out where there is room", () => {
    const sizes = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 200 }), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 300 }), (of, size) => {
        const strata = allocate(new Map(Object.entries(of)), size);
        const total = strata.reduce((sum, { population }) => sum + population, 0);
        expect(strata.reduce((sum, { sample }) => sum + sample, 0)).toBe(Math.min(size, total));
        expect(strata.filter(({ population, sample }) => sample > population)).toEqual([]);
        if (size >= strata.length) expect(strata.filter(({ sample }) => sample === 0)).toEqual([]);
        for (const a of strata)
          for (const b of strata) if (a.population > b.population) expect(a.sample).toBeGreaterThanOrEqual(b.sample);
      }),
    );
  });

  it("of equal size are served by name", () => {
    expect(allocate(new Map(["c", "a", "b"].map((name) => [name, 10])), 4)).toEqual([
      { name: "a", population: 10, sample: 2 },
      { name: "b", population: 10, sample: 1 },
      { name: "c", population: 10, sample: 1 },
    ]);
  });
});
