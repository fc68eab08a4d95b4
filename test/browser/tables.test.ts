import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../src/pack/browser.ts";
import { bundled } from "../../src/pack/bundled.ts";
import { draftHtml } from "../../src/pack/html/draft-html.ts";
import { serialised } from "../../src/pack/html/serialise.ts";
import { openPage } from "../fixtures/opened-page.ts";
import { provenReport, sealed } from "../fixtures/sealed-html.ts";

let browser: Browser;
let folder: string;
let draft: string;
let issued: string;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), "flowproof-tables-"));
  const report = provenReport({ title: "Move the <b>ledger</b>" });
  const urlOf = async (name: string, html: string): Promise<string> => {
    await writeFile(join(folder, name), html);
    return pathToFileURL(join(folder, name)).href;
  };
  draft = await urlOf("draft.html", draftHtml(report.html, bundled("draft.js")));
  issued = await urlOf("issued.html", sealed(await serialised(report.html), report, bundled("page.js")).html);
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

/** The longest listing: one bar of tools stands before it. */
const records = "#records .bar-of-tools";

async function opened(url: string): Promise<Page> {
  const { page, asked } = await openPage(browser, url);
  await page.waitForSelector(records);
  expect(asked).toEqual([]);
  return page;
}

/** Texts of what is shown of the records' rows, by column. */
const shown = async (page: Page, column = 0): Promise<readonly string[]> =>
  (await page.evaluate(
    `[...document.querySelectorAll("#records tbody tr")].filter((row) => !row.hidden).map((row) => row.cells[${column}].textContent)`,
  )) as string[];

const told = (page: Page): Promise<unknown> =>
  page.evaluate(`document.querySelector("${records} [role=status]").textContent`);

describe.each([
  ["a draft", () => draft],
  ["an issued pack", () => issued],
])("the long tables of %s", (_what, url) => {
  it("are searched, and say how many rows are shown of how many", async () => {
    const page = await opened(url());
    const all = await shown(page);
    expect(await told(page)).toBe(`${all.length} rows`);
    await page.type(`${records} input`, "change 31");
    const found = await shown(page);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(all.length);
    const texts = (await page.evaluate(
      `[...document.querySelectorAll("#records tbody tr:not([hidden])")].map((row) => row.textContent)`,
    )) as string[];
    expect(texts.filter((text) => !text.includes("change") || !text.includes("31"))).toEqual([]);
    expect(await told(page)).toBe(`${found.length} of ${all.length} rows`);
    await page.click(`${records} button`);
    expect(await shown(page)).toEqual(all);
    expect(await page.evaluate("document.activeElement.type")).toBe("search");
    await page.close();
  });

  it("are sorted by keyboard, upwards, downwards, and back to the order of the document", async () => {
    const page = await opened(url());
    const before = await shown(page, 1);
    const sort = "#records thead th:nth-child(2)";
    const state = (): Promise<unknown> => page.evaluate(`document.querySelector("${sort}").getAttribute("aria-sort")`);
    await page.focus(`${sort} button`);
    await page.keyboard.press("Enter");
    const upwards = await shown(page, 1);
    expect(upwards).toEqual(before.toSorted(new Intl.Collator("en", { numeric: true }).compare));
    expect(upwards).not.toEqual(before);
    expect(await state()).toBe("ascending");
    expect(await told(page)).toBe(`${before.length} rows, by Object, ascending`);
    await page.keyboard.press("Space");
    expect((await shown(page, 1)).at(0)).toBe(upwards.at(-1));
    expect(await state()).toBe("descending");
    await page.keyboard.press("Enter");
    expect(await shown(page, 1)).toEqual(before);
    expect(await state()).toBeNull();
    await page.close();
  });

  it("show a row that a link leads to, whatever had been filtered out", async () => {
    const page = await opened(url());
    const linked = String(
      await page.evaluate(`document.querySelector("#exceptions a[href^='#r']").getAttribute("href")`),
    );
    const all = await shown(page);
    await page.type(`${records} input`, "nothing has this");
    expect(await shown(page)).toEqual([]);
    await page.evaluate(`document.querySelector("#exceptions a[href='${linked}']").click()`);
    expect(await shown(page)).toEqual(all);
    expect(await page.evaluate("document.querySelector(':target').id")).toBe(linked.slice(1));
    expect(await page.evaluate(`document.querySelector("${records} input").value`)).toBe("");

    await page.type(`${records} input`, "nothing has this");
    await page.evaluate(`location.hash = "#${all[0]}"`);
    await page.waitForFunction(`document.getElementById("${all[0]}").getBoundingClientRect().height > 0`);
    await page.close();
  });

  it("print every row, and no tool", async () => {
    const page = await opened(url());
    await page.type(`${records} input`, "nothing has this");
    await page.emulateMediaType("print");
    expect(
      await page.evaluate(`[...document.querySelectorAll("#records tbody tr")].every((row) => row.offsetHeight > 0)`),
    ).toBe(true);
    expect(
      await page.evaluate(`[...document.querySelectorAll(".bar-of-tools")].every((bar) => bar.offsetHeight === 0)`),
    ).toBe(true);
    await page.close();
  });
});

describe("the population", () => {
  it("counts what the choice of outcomes leaves, and a link undoes that choice", async () => {
    const page = await opened(draft);
    const bar = `[...document.querySelectorAll("#population .bar-of-tools")].find((bar) => bar.nextElementSibling.querySelector("tr.f"))`;
    const count = async (): Promise<string> =>
      String(await page.evaluate(`${bar}.querySelector("[role=status]").textContent`));
    const all = Number.parseInt(await count(), 10);
    await page.evaluate("document.querySelector('#show-f').click()");
    const [, few, of] = /^(\d+) of (\d+) rows$/.exec(await count()) ?? [];
    expect(Number(of)).toBe(all);
    expect(Number(few)).toBe(await page.evaluate(`${bar}.nextElementSibling.querySelectorAll("tbody tr.f").length`));
    const passed = await page.evaluate("document.querySelector('.items tr.p').id");
    await page.evaluate(`location.hash = "#${passed}"`);
    await page.waitForFunction(`document.getElementById("${passed}").offsetHeight > 0`);
    expect(await count()).toBe(`${all} rows`);
    await page.close();
  });

  it("offers no choice among combinations of marks", async () => {
    const page = await opened(draft);
    const labels = (await page.evaluate(
      "[...document.querySelectorAll('#population .bar-of-tools select')].map((one) => one.closest('label').firstChild.textContent.trim())",
    )) as string[];
    expect(labels.filter((label) => /^[A-Z]{3,}$/.test(label))).toEqual([]);
    await page.close();
  });
});

describe("a draft's document", () => {
  it("lets its one script run and no other, and is the same each time", async () => {
    const { html } = provenReport();
    const once = draftHtml(html, bundled("draft.js"));
    expect(once).toBe(draftHtml(html, bundled("draft.js")));
    expect(once.split("<script").length).toBe(2);
    await writeFile(join(folder, "more.html"), once.replace("</main>", "</main><script>document.title='ran'</script>"));
    const page = await opened(pathToFileURL(join(folder, "more.html")).href);
    expect(await page.title()).not.toBe("ran");
    await page.close();
  });

  it("is whole where no script runs", async () => {
    const page = await browser.newPage();
    await page.setJavaScriptEnabled(false);
    await page.goto(draft);
    expect((await page.$$(".bar-of-tools")).length).toBe(0);
    expect((await page.$$("#records tbody tr")).length).toBeGreaterThan(100);
    await page.close();
  });
});
