import { beforeAll, describe, expect, it } from "vitest";
import { printPdf } from "../../src/pack/print.ts";
import { renderDocument } from "../../src/report/index.ts";
import { assessmentFixture } from "../fixtures/assessment.ts";

// What PDF/UA (ISO 14289-1) asks first, of the paper as Chromium writes it: plain objects, no object streams.

let file: string;
let objects: readonly string[];
beforeAll(async () => {
  const { pdf } = await printPdf(renderDocument(assessmentFixture()));
  file = Buffer.from(pdf).toString("latin1");
  objects = file.split("endobj");
});

/** The structure's elements of a kind. */
const elements = (kind: string): readonly string[] =>
  objects.filter((object) => new RegExp(`/S /${kind}\\b`).test(object));

describe("a printed pack, for who hears it read", () => {
  it("is tagged, says its language, and shows its title instead of a file's name", () => {
    expect(file).toMatch(/\/MarkInfo\s*<<[^>]*\/Marked true/);
    expect(file).toMatch(/\/Lang \(en\)/);
    expect(file).toMatch(/\/DisplayDocTitle true/);
  });

  it("describes every figure", () => {
    const figures = elements("Figure");
    expect(figures.length).toBeGreaterThan(5);
    expect(figures.filter((figure) => !/\/Alt \(.+/.test(figure))).toEqual([]);
  });

  it("has heads of tables that say whether they head a column or a row, in every table", () => {
    const heads = elements("TH");
    expect(heads.length).toBeGreaterThan(300);
    expect(heads.filter((head) => !/\/Scope \/(Column|Row|Both)/.test(head))).toEqual([]);
    expect(elements("TD").length).toBeGreaterThan(heads.length);
  });

  it("has links and headings as such, and the headings skip no level", () => {
    expect(elements("Link").length).toBeGreaterThan(100);
    const levels = [...renderDocument(assessmentFixture()).matchAll(/<h([1-6])\b/g)].map(([, level]) => Number(level));
    const printed = [1, 2, 3, 4].flatMap((level) => elements(`H${level}`).map(() => level));
    expect(printed.toSorted()).toEqual(levels.toSorted());
    const skipped = levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1);
    expect(skipped).toEqual([]);
  });
});
