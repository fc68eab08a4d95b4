import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../src/pack/browser.ts";
import { bundled } from "../../src/pack/bundled.ts";
import { draftHtml } from "../../src/pack/html/draft-html.ts";
import { serialised } from "../../src/pack/html/serialise.ts";
import { renderReport } from "../../src/report/index.ts";
import { answeredFixture } from "../fixtures/answered.ts";
import { assessmentFixture } from "../fixtures/assessment.ts";
import { hostileAssessment } from "../fixtures/hostile.ts";
import { openPage } from "../fixtures/opened-page.ts";
import { provenReport, sealed } from "../fixtures/sealed-html.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let browser: Browser;
let folder: string;
const urls = new Map<string, string>();

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), "flowproof-axe-"));
  const htmlOf = async (...report: Parameters<typeof renderReport>): Promise<string> =>
    draftHtml(String((await renderReport(...report)).get("pack.html")), bundled("draft.js"));
  const report = provenReport();
  const packs = [
    ["a month", await htmlOf(assessmentFixture())],
    ["hostile text", await htmlOf(hostileAssessment())],
    ["a calibration with answers", await htmlOf(answeredFixture(), "calibration")],
    ["an issued pack", sealed(await serialised(report.html), report, bundled("page.js")).html],
  ] as const;
  for (const [name, html] of packs) {
    const path = join(folder, `${urls.size}.html`);
    await writeFile(path, html);
    urls.set(name, pathToFileURL(path).href);
  }
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** Every rule of axe-core, its best practices too; each violation as a line, with the first place of it. */
async function violations(url: string, look: { readonly width: number; readonly dark: boolean }): Promise<string[]> {
  const { page } = await openPage(browser, url, look);
  await page.waitForSelector(".tool");
  // What is far off the screen is looked at too.
  await page.addStyleTag({ content: "#population, #records { content-visibility: visible !important }" });
  await page.evaluate(axe);
  const found = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'], preload: false }).then(({ violations }) => violations)",
  )) as readonly Violation[];
  await page.close();
  return found.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}, ${nodes.length} times: ${nodes[0]?.html.slice(0, 200)}: ${nodes[0]?.failureSummary}`,
  );
}

describe.each([
  { width: 1360, dark: false },
  { width: 1360, dark: true },
  { width: 360, dark: false },
  { width: 360, dark: true },
])("axe-core finds no violation at %o", (look) => {
  it.each(["a month", "hostile text", "a calibration with answers", "an issued pack"])("in %s", async (name) => {
    expect(await violations(urls.get(name) ?? "", look)).toEqual([]);
  });
});
