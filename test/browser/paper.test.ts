import type { Browser } from "puppeteer-core";
import { extractText, getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AssessmentResult } from "../../src/model/assessment.ts";
import { launchBrowser } from "../../src/pack/browser.ts";
import { printPdf } from "../../src/pack/print.ts";
import { documentView } from "../../src/report/document.ts";
import { renderDocument } from "../../src/report/index.ts";
import { assessmentFixture } from "../fixtures/assessment.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A4 less its margins, in CSS pixels. */
const paper = Math.floor(((210 - 2 * 18) / 25.4) * 96);

it.each(["", "W".repeat(300)])(
  "nothing is wider than the paper, which would make all of it smaller (%#)",
  async (title) => {
    const page = await browser.newPage();
    await page.setViewport({ width: paper, height: 900 });
    await page.emulateMediaType("print");
    await page.setContent(renderDocument(assessmentFixture(title === "" ? {} : { title })));
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(paper);
    await page.close();
  },
);

/** What of a table's texts lies beside its cell, and which numbers and identifiers are on two lines; runs in the page. */
const misset = `(() => {
  const [beside, broken] = [[], []];
  for (const cell of document.querySelectorAll("td, th")) {
    const { left, right } = cell.getBoundingClientRect();
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(text);
      const lines = Array.from(range.getClientRects()).filter(({ width }) => width > 0);
      if (lines.some((line) => line.left < left - 1 || line.right > right + 1)) beside.push(text.data);
      const one = /^(?:[0-9][0-9.,]*|(?:EX|BY)-[0-9-]+-[0-9A-Z]+)$/.test(text.data.trim());
      if (one && new Set(lines.map(({ top }) => top)).size > 1) broken.push(text.data);
    }
  }
  return { beside, broken, width: document.documentElement.scrollWidth };
})()`;

/** Five digits in every cell that holds a number and nothing else. */
const enlarge = `for (const cell of document.querySelectorAll("td")) {
  if (!/^[0-9][0-9,]*$/.test(cell.textContent.trim())) continue;
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) if (text.data.trim()) text.data = "88,888";
}`;

it.each(["2026-10", "2026-05-01..2026-10-31"])(
  "every text of a table stays in its cell, and no number is broken, in the pack of %s",
  async (period) => {
    const written = JSON.stringify(assessmentFixture())
      .replaceAll(/\b(EX|BY)-2026-10-(\d{3})\b/g, (_, kind, number) =>
        kind === "EX" ? `EX-${period}-AD7${number}` : `BY-${period}-${number}`,
      )
      .replaceAll('"2026-10"', JSON.stringify(period));
    const html = renderDocument(JSON.parse(written) as AssessmentResult);
    expect(html).toContain(`BY-${period}-001`);
    const page = await browser.newPage();
    await page.setViewport({ width: paper, height: 900 });
    await page.emulateMediaType("print");
    await page.setContent(html);
    expect(await page.evaluate(misset)).toEqual({ beside: [], broken: [], width: paper });
    await page.evaluate(enlarge);
    expect(
      await page.$$eval("td", (cells) => cells.filter((cell) => cell.textContent === "88,888").length),
    ).toBeGreaterThan(100);
    expect(await page.evaluate(misset)).toEqual({ beside: [], broken: [], width: paper });
    await page.close();
  },
);

it("the paper tells the test of the logic by test, and names where each situation is; the screen lists them", async () => {
  const result = assessmentFixture();
  const [first] = result.logic?.scenarios ?? [];
  if (!first) throw new Error("the fixture has no test of the logic");
  const printed = async (): Promise<string> => {
    const { pdf } = await printPdf(renderDocument(result));
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
    return text.replace(/\s+/g, " ");
  };
  expect(renderDocument(result)).toContain(first.title);
  const whole = await printed();
  expect(whole).not.toContain(first.title);
  expect(whole).toContain("in assessment.json, under logic.scenarios");
  expect(whole).toContain("Must stay undecided");
  // What was not found as expected is no page's business to leave out.
  Object.assign(first, { found: [], asExpected: false });
  const differing = documentView(result).logic?.rows[0];
  expect(await printed()).toContain(`${first.title} no alarm expected: ${differing?.expected}`);
});

it("the last page holds more than the line that ends the pack", async () => {
  const { pdf } = await printPdf(renderDocument(assessmentFixture()));
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: false });
  expect(text.at(-1)).toMatch(/deployment \d+[\s\S]*End of riverbank/);
});
