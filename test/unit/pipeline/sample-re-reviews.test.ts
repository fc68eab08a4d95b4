import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assessmentResultSchema } from "../../../src/model/assessment.ts";
import { assess } from "../../../src/pipeline/assess.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { withStore } from "../../../src/pipeline/open.ts";
import { personalNames } from "../../../src/pipeline/personal-names.ts";
import { drawReReview, recordReReviews } from "../../../src/pipeline/sample-re-reviews.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { redaction, renderReport } from "../../../src/report/index.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { startRiverbank } from "./riverbank.ts";

let riverbank: Awaited<ReturnType<typeof startRiverbank>>;
let ctx: PipelineContext;
let form: string;
let keys: readonly string[];
let authors: ReadonlyMap<string, string>;
const month = (id: string) => parsePeriod(id, "UTC", new Date("2026-11-03T03:00:00Z"));
const period = month("2026-10");
const request = { period, population: "changes", by: null, seed: "8231" } as const;

beforeAll(async () => {
  riverbank = await startRiverbank();
  let second = 0;
  const clock = () => new Date(Date.parse("2026-11-03T03:00:00Z") + 1_000 * second++);
  const withJane = (text: string): string => text.replace("identities:\n", "identities:\n  - person: jane\n");
  ctx = riverbank.context(withJane, { clock });
  await collect(ctx);
});
afterAll(() => riverbank.close());

/** The form with what is given filled in, by change. */
function filled(
  entries: Readonly<Record<string, { reviewer: string; agreed: boolean; note?: string; on?: string }>>,
): string {
  let text = readFileSync(form, "utf8");
  for (const [key, { reviewer, agreed, note = "", on = "2026-11-03" }] of Object.entries(entries)) {
    const open = `- change: "${key}"\n    reviewer: null\n    on: null\n    agreed: null\n    note: ""`;
    expect(text).toContain(open);
    text = text.replace(
      open,
      `- change: "${key}"\n    reviewer: ${JSON.stringify(reviewer)}\n    on: ${on}\n    agreed: ${agreed}\n    note: ${JSON.stringify(note)}`,
    );
  }
  const path = `${form}.filled.yaml`;
  writeFileSync(path, text);
  return path;
}

describe("an independent re-review", () => {
  it("draws once a period, and leaves a form that somebody began", async () => {
    const drawn = await drawReReview(ctx, request);
    expect(drawn).toMatchObject({
      before: null,
      form: { written: true, path: expect.stringMatching(/re-review-2026-10\.yaml$/) },
    });
    const { selection, items } = drawn.taken.sample;
    expect(selection).toMatchObject({ by: "draw", size: 5, seed: "8231" });
    form = drawn.form.path;
    keys = items.map(({ key }) => key);
    authors = new Map(
      drawn.taken.source.result.population
        .filter(({ subject }) => subject === "change")
        .map(({ key, actor }) => [key, `github:${actor.replace(/ \(.*/, "")}`]),
    );
    writeFileSync(form, `${readFileSync(form, "utf8")}# begun by somebody\n`);
    const again = await drawReReview(ctx, request);
    expect(again.taken.sample.items.map(({ key }) => key)).toEqual(keys);
    expect(again).toMatchObject({ before: { record: expect.any(Number) }, form: { written: false } });
    expect(readFileSync(form, "utf8")).toContain("# begun by somebody");
  });

  it("takes for its seed, where none is given, the ledger's root once the population is fixed: nobody chose it", async () => {
    const { seed: _, ...unseeded } = request;
    const { taken } = await drawReReview(ctx, { ...unseeded, period: month("2026-09") });
    const roots = await withStore(ctx, { write: false }, (store) => store.checkpoints());
    const { selection, fixed } = taken.sample;
    const root = roots.find(({ root }) => selection.by === "draw" && root === selection.seed);
    expect(root?.size).toBeGreaterThanOrEqual(fixed?.record ?? Number.POSITIVE_INFINITY);
  });

  it("refuses who had a part in the change, whom nobody knows, and words that cannot be, and records nothing then", async () => {
    const [first = "", second = "", third = "", fourth = ""] = keys;
    const author = authors.get(first) ?? "";
    const party = author.startsWith("github:ada-") ? "ada" : author;
    const before = (await withStore(ctx, { write: false }, (store) => store.checkpoint()))?.size;
    const refused = recordReReviews(
      ctx,
      filled({
        [first]: { reviewer: author, agreed: true },
        [second]: { reviewer: "nobody", agreed: true },
        [third]: { reviewer: "jane", agreed: false },
        [fourth]: { reviewer: "jane", agreed: true, on: "2031-01-01" },
      }),
    );
    await expect(refused).rejects.toThrow(`${first}: ${party} opened the change`);
    await expect(refused).rejects.toThrow(`${second}: nobody is no person under`);
    await expect(refused).rejects.toThrow(`${third}: not agreed, and the note does not say what differed`);
    await expect(refused).rejects.toThrow(`${fourth}: 2031-01-01 lies ahead`);
    expect((await withStore(ctx, { write: false }, (store) => store.checkpoint()))?.size).toBe(before);
  });

  it("refuses who approved the change", async () => {
    const { population, records } = await assess(ctx, { period });
    const approved = keys
      .map((key) => population.find((item) => item.key === key && item.subject === "change"))
      .flatMap((item) => {
        const told = item?.observations.find(
          (one) => one.attribute === "approved-by-someone-independent" && one.outcome === "pass",
        );
        const login = /^(\S+) \(\d+\) approved/.exec(told?.message ?? "")?.[1];
        return item && login ? [{ key: item.key, login }] : [];
      });
    expect(records.length).toBeGreaterThan(0);
    expect(approved.length).toBeGreaterThan(0);
    for (const { key, login } of approved.slice(0, 1))
      await expect(
        recordReReviews(ctx, filled({ [key]: { reviewer: `github:${login}`, agreed: true } })),
      ).rejects.toThrow(new RegExp(`${key}: \\S+ approved it \\(r\\d+\\)`));
  });

  it("is recorded, stands once, and is in the pack: sample, results, what differed", async () => {
    const [first = "", second = ""] = keys;
    const path = filled({
      [first]: { reviewer: "jane", agreed: true },
      [second]: { reviewer: "jane", agreed: false, note: "The roll-back was never tried." },
    });
    expect(await recordReReviews(ctx, path)).toMatchObject({
      recorded: 2,
      standing: 0,
      differed: 1,
      open: keys.slice(2),
    });
    expect(await recordReReviews(ctx, path)).toMatchObject({ recorded: 0, standing: 2 });
    const result = await assess(ctx, { period });
    expect(assessmentResultSchema.safeParse(result).error).toBeUndefined();
    expect(result.reReviews).toMatchObject([{ period: "2026-10", items: keys.map((key) => ({ key })) }]);
    expect(result.reReviews?.[0]?.items.map(({ review }) => review?.agreed ?? null)).toEqual([
      true,
      false,
      null,
      null,
      null,
    ]);
    const ids = new Set(result.records.map(({ id }) => id));
    expect(
      result.reReviews?.every(
        ({ record, items }) => ids.has(record) && items.every(({ review }) => !review || ids.has(review.record)),
      ),
    ).toBe(true);
    const section = sectionOf((await renderReport(result)).get("pack.html"));
    expect(section).toContain("Two were looked at again: one agreed, one not. Three open.");
    expect(section).toContain("The roll-back was never tried.");
    const { result: redacted } = redaction(
      result,
      await withStore(ctx, { write: false }, (store) => personalNames(store, ctx.config)),
    );
    expect(JSON.stringify(redacted.reReviews)).not.toContain("jane");
  });

  it("of another month is in the pack by one sentence that there is none", async () => {
    const result = await assess(ctx, { period: month("2026-08") });
    expect(result.reReviews).toBeUndefined();
    expect(sectionOf((await renderReport(result)).get("pack.html"))).toContain("None was drawn for this period");
  });
});

function sectionOf(html: string | Uint8Array | undefined): string {
  const text = String(html);
  const start = text.indexOf('<section id="reReviews"');
  return text.slice(start, text.indexOf("</section>", start));
}
