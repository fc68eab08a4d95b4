import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collect } from "../../../src/pipeline/collect.ts";
import { drawFromStore, sampleSize, type TakenSample } from "../../../src/pipeline/sample.ts";
import { writePapers } from "../../../src/pipeline/sample-papers.ts";
import { fixedPopulation, fixPopulation } from "../../../src/pipeline/sample-population.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { ConfigError, IntegrityError } from "../../../src/util/errors.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { startRiverbank } from "./riverbank.ts";

let riverbank: Awaited<ReturnType<typeof startRiverbank>>;
let ctx: PipelineContext;
const period = parsePeriod("2026-10", "UTC", new Date("2026-11-03T03:00:00Z"));
const changes = { period, population: "changes" } as const;
const drawn = { ...sampleSize({ size: 6 }), seed: "8231", by: "system" } as const;

beforeAll(async () => {
  riverbank = await startRiverbank();
  let second = 0;
  const clock = () => new Date(Date.parse("2026-11-03T03:00:00Z") + 1_000 * second++);
  ctx = riverbank.context((text) => text, { clock });
  await collect(ctx);
});
afterAll(() => riverbank.close());

describe("the size asked for", () => {
  it("is decided by one thing, and says why", () => {
    expect(sampleSize({ preset: "weekly" })).toMatchObject({ size: 5, reason: expect.stringContaining("No standard") });
    expect(sampleSize({ target: { confidence: 95, tolerable: 5, expected: 1 } })).toMatchObject({
      size: 93,
      reason: expect.stringMatching(/at most 1 deviation found, 95 % confidence that no more than 5 %/),
    });
    expect(() => sampleSize({})).toThrow(ConfigError);
    expect(() => sampleSize({ size: 3, preset: "daily" })).toThrow(ConfigError);
    expect(() => sampleSize({ size: 0 })).toThrow(ConfigError);
  });
});

describe("a population", () => {
  it("is fixed before there is a seed, and a seed counts for no other", async () => {
    await expect(drawFromStore(ctx, changes, drawn)).rejects.toThrow(/no population of changes was fixed for 2026-10/);
    const { fixed, before, result } = await fixPopulation(ctx, changes);
    expect(before).toBe(false);
    expect(fixed).toMatchObject({ size: result.population.filter(({ subject }) => subject === "change").length });
    expect(Object.values(fixed.strata.system).reduce((a, b) => a + b)).toBe(fixed.size);
    expect(Object.keys(fixed.strata.class)).toContain("ordinary");
    const again = await fixPopulation(ctx, changes);
    expect(again).toMatchObject({ before: true, fixed: { record: fixed.record, digest: fixed.digest } });
    await expect(fixedPopulation(ctx, { ...changes, digest: "0000" })).rejects.toThrow(ConfigError);
    await expect(fixedPopulation(ctx, { ...changes, asOf: "2026-11-01T00:00:00Z" })).rejects.toMatchObject({
      message: expect.stringMatching(/^no population of changes was fixed for 2026-10 as of 2026-11-01T00:00:00Z: /),
      hint: expect.stringMatching(/ --as-of 2026-11-01T00:00:00Z$/),
    });
    expect((await fixedPopulation(ctx, { ...changes, asOf: fixed.period.asOf })).fixed.record).toBe(fixed.record);
    expect((await fixedPopulation(ctx, { ...changes, digest: fixed.digest.slice(0, 8) })).fixed.record).toBe(
      fixed.record,
    );
  });

  it("that is another by now stops the draw", async () => {
    const other = riverbank.context((text) => text.replace(/ {2}- id: storefront\n(?: {4}.*\n)+/, ""), {
      clock: ctx.clock,
    });
    expect(other.config.systems).toHaveLength(ctx.config.systems.length - 1);
    await expect(fixedPopulation(other, changes)).rejects.toThrow(IntegrityError);
  });
});

describe("a sample", () => {
  const options = { progress: () => undefined, signal: new AbortController().signal };
  let taken: TakenSample;
  beforeAll(async () => {
    await fixPopulation(ctx, changes);
    taken = await drawFromStore(ctx, changes, drawn);
  });

  it("has of each item what happened from its first commit on, in order, and where its records lie", () => {
    const { sample, source } = taken;
    expect(sample.items).toHaveLength(6);
    for (const { key, events, places } of sample.items) {
      const item = source.result.population.find((one) => one.key === key && one.subject === "change");
      expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).toSorted());
      const kinds = events.map(({ kind }) => kind);
      expect(kinds).toEqual(expect.arrayContaining(["commit", "opened", "merged"]));
      expect(events.find(({ kind }) => kind === "merged")?.at).toBe(item?.at);
      if (item?.link) expect(kinds.at(-1)).toBe("deployed");
      expect(places.get(item?.record as number)).toBeLessThan(source.result.checkpoint.size);
    }
  });

  it("needs room for each stratum", async () => {
    await expect(drawFromStore(ctx, changes, { ...drawn, size: 2 })).rejects.toThrow(
      /cannot hold one of each of \d strata/,
    );
  });

  it("drawn twice gives the same bytes but for the PDF's, and work papers that name what they are drawn from", async () => {
    const read = (directory: string): Record<string, string> =>
      Object.fromEntries(
        readdirSync(directory)
          .filter((name) => !/\.pdf$|^manifest/.test(name))
          .map((name) => [name, readFileSync(join(directory, name), "utf8")]),
      );
    const first = await writePapers(taken, options);
    const before = read(first.directory);
    rmSync(first.directory, { recursive: true });
    const second = await writePapers(await drawFromStore(ctx, changes, drawn), options);
    expect(second).toEqual(first);
    expect(read(second.directory)).toEqual(before);
    const { digest } = taken.sample;
    expect(basename(second.directory)).toBe(`riverbank-2026-10-sample-8231-6-by-system-${digest.slice(0, 8)}`);
    const html = before["work-papers.html"] ?? "";
    for (const name of ["<dd>The store, on evidence as of", taken.source.result.checkpoint.root.slice(0, 8)])
      expect(html).toContain(name);
    expect(html.match(/<section class="sheet paper"/g)).toHaveLength(6);
    const sample = JSON.parse(before["sample.json"] ?? "");
    for (const { attributes } of sample.items)
      expect(attributes.map((row: { letter: string }) => row.letter).join("")).toMatch(/^0ABCDEFGHIJKM?L/);
    expect(second.files).toContain("work-papers.pdf");
    expect(before["population.txt"]).toBe(`${taken.sample.keys.join("\n")}\n`);
  });

  it("keeps its papers beside those of another size or other strata by the same seed", async () => {
    const { sample } = taken;
    const others = [
      await drawFromStore(ctx, changes, { ...drawn, size: 7 }),
      await drawFromStore(ctx, changes, { ...drawn, by: null }),
      await drawFromStore(ctx, changes, { ...drawn, seed: "8232" }),
    ];
    expect(new Set([sample.name, ...others.map((other) => other.sample.name)]).size).toBe(4);
    const { directory } = await writePapers(taken, options);
    const [other = taken] = others;
    await expect(writePapers(other, { ...options, out: directory })).rejects.toMatchObject({
      exitCode: 2,
      message: `${directory} holds the work papers of ${sample.name}, which those of ${other.sample.name} must not replace`,
      hint: expect.stringContaining("--out"),
    });
    expect(readdirSync(directory)).toContain("sample.json");
  });

  it("writes nothing once it is interrupted, and leaves no half folder", async () => {
    const reason = new Error("interrupted by SIGINT");
    const interrupted = new AbortController();
    const out = join(ctx.config.reports, "interrupted", "papers");
    const progress = (text: string): void => {
      if (text.startsWith("printing")) interrupted.abort(reason);
    };
    await expect(writePapers(taken, { out, progress, signal: interrupted.signal })).rejects.toBe(reason);
    expect(existsSync(join(ctx.config.reports, "interrupted"))).toBe(false);
  });
});
