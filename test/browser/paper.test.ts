import type { Browser } from "puppeteer-core";
import { extractText, getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, expect, it } from "vitest";
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
