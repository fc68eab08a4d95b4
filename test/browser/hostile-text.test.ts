import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "puppeteer-core";
import { extractText, getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../../src/pack/browser.ts";
import { bundled } from "../../src/pack/bundled.ts";
import { draftHtml } from "../../src/pack/html/draft-html.ts";
import { buildPack } from "../../src/pack/index.ts";
import { pdfStructure } from "../../src/pack/pdf-structure.ts";
import { printPdf } from "../../src/pack/print.ts";
import { documentView } from "../../src/report/document.ts";
import { packTitle, renderDocument, renderReport, sortedJson } from "../../src/report/index.ts";
import { visible } from "../../src/report/visible.ts";
import { sha256Hex } from "../../src/util/hash.ts";
import { assessmentFixture } from "../fixtures/assessment.ts";
import { hostileAssessment, hostileTexts } from "../fixtures/hostile.ts";
import { openPage } from "../fixtures/opened-page.ts";

// The numbers are those of THREATS.md. Every text of a month that somebody outside may have written is hostile here:
// titles, names, branches, labels, requests, messages, environments, reasons.

const result = hostileAssessment();
const plain = (text: string): string => text.replace(/\s+/g, "");
const token = /gh[pousr]_\w{20,}|github_pat_\w{20,}/;

let browser: Browser;
let folder: string;
let files: ReadonlyMap<string, string | Uint8Array>;
let html: string;
let pages: readonly string[];
let pdf: Buffer;
let url: string;

beforeAll(async () => {
  browser = await launchBrowser();
  folder = await mkdtemp(join(tmpdir(), "flowproof-hostile-"));
  files = await renderReport(result);
  html = String(files.get("pack.html"));
  const { directory } = await buildPack(files, {
    directory: join(folder, "riverbank-2026-10"),
    title: packTitle(result),
    tool: "flowproof 0.1.0",
    checkpoint: result.checkpoint,
  });
  pdf = await readFile(join(directory, "pack.pdf"));
  pages = (await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: false })).text;
  url = pathToFileURL(join(directory, "pack.html")).href;
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

const opened = async (address = url): Promise<{ page: Page; asked: readonly string[] }> => {
  const { page, asked } = await openPage(browser, address);
  await page.waitForSelector(".tool");
  return { page, asked };
};

describe("60 markup in every text", () => {
  it("60 is printed as the text that it is, on every page of a whole document", () => {
    const all = plain(pages.join(""));
    for (const text of hostileTexts.slice(0, 8)) expect(all, text).toContain(plain(text));
    pages.forEach((text, index) => {
      expect(text).toContain(`${index + 1} of ${pages.length}`);
      expect(text).toContain("riverbank-2026-10 · draft");
    });
    expect(pages.at(-1)).toContain("End of riverbank-2026-10");
  });

  it("60 swallows no section: each begins on the page that the contents name, in order, and every item is on the paper", () => {
    const { places } = pdfStructure(pdf);
    const named = plain(`${pages[0]}${pages[1]}`);
    let before = 1;
    for (const { anchor, number, title } of documentView(result).contents) {
      const page = places.get(anchor) ?? 0;
      expect(named).toContain(plain(`${number}${title}${page}`));
      expect(plain(pages[page - 1] ?? ""), title).toContain(plain(`${number}${title}`));
      expect(page, title).toBeGreaterThanOrEqual(before);
      before = page;
    }
    const all = plain(pages.join(""));
    for (const { id } of result.exceptions) expect(all, id).toContain(id);
    for (const { label, subject } of assessmentFixture().population)
      if (subject === "change" || subject === "deployment") expect(all, label).toContain(plain(label));
  });

  it("60 makes an opened document ask for nothing, run nothing and hide nothing", async () => {
    const { page, asked } = await opened();
    expect(await page.title()).toBe("Riverbank Ltd: change management evidence, 1 to 31 October 2026 (draft)");
    expect(
      await page.$$eval(
        "img, iframe, link, base, form, object, embed, [onerror], [onload], [onmouseover]",
        (all) => all.length,
      ),
    ).toBe(0);
    expect(await page.$$eval("main > section", (all) => all.length)).toBe(
      documentView(assessmentFixture()).contents.length + 1,
    );
    await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    expect(asked).toEqual([]);
    await page.close();
  });

  it("60 would reach nobody even if it were markup: the policy of the document lets nothing load, and one script run", async () => {
    const hits: string[] = [];
    const server: Server = createServer((request, response) => {
      hits.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const markup = [
      `<img src="${to}/image"><iframe src="${to}/frame"></iframe><link rel="stylesheet" href="${to}/sheet">`,
      `<style>@import url(${to}/import); @font-face{font-family:x;src:url(${to}/font)} .lead{font-family:x;background:url(${to}/background)}</style>`,
      `<script src="${to}/script"></script><script>document.title = "owned"</script><object data="${to}/object"></object>`,
      `<svg onload="document.title = 'owned'"><image href="${to}/vector"/></svg><video src="${to}/video"></video>`,
      `<form action="${to}/form" id="form"><input name="a"></form>`,
    ].join("");
    const path = join(folder, "markup.html");
    await writeFile(
      path,
      draftHtml(
        html.replace('<p class="lead">', () => `${markup}<p class="lead">`),
        bundled("draft.js"),
      ),
    );
    const { page } = await opened(pathToFileURL(path).href);
    await page.evaluate("document.getElementById('form').submit()");
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(hits).toEqual([]);
    expect(await page.title()).not.toBe("owned");
    await page.close();
    server.close();
  });

  it("60 runs no script while it is printed", async () => {
    const document = (extra: string): string =>
      `<!doctype html><html lang="en"><title>x</title><main><p id="pack-start">a</p>${extra}<p>Still here.</p><p id="pack-end"><a href="#pack-start">b</a><a href="#pack-end">c</a></p></main></html>`;
    const remove = "document.querySelector('main').remove()";
    const printed = await printPdf(
      document(
        `<svg onload="${remove}"></svg><style onload="${remove}">p{}</style><a href="#x" onfocus="${remove}" autofocus>x</a>`,
      ),
    );
    const { text } = await extractText(await getDocumentProxy(printed.pdf), { mergePages: true });
    expect(text).toContain("Still here.");
    await expect(printPdf(document(`<script>${remove}</script>`))).rejects.toThrow("holds <script");
    await expect(printPdf(String(draftHtml(html, bundled("draft.js"))))).rejects.toThrow("holds <script");
  });
});

describe("61 links", () => {
  it("61 lead to places in the document or to https; a javascript: link of a source is plain text", async () => {
    expect(result.population.every((item) => item.url?.startsWith("javascript:") ?? true)).toBe(true);
    const { page } = await opened();
    const foreign = await page.$$eval("a", (all) =>
      all.map((link) => link.getAttribute("href") ?? "").filter((href) => !/^#[\w.-]+$|^https:\/\//.test(href)),
    );
    expect(foreign).toEqual([]);
    const broken = await page.evaluate(
      `[...document.querySelectorAll("a[href^='#']")].filter((link) => !document.getElementById(link.getAttribute("href").slice(1))).map((link) => link.outerHTML.slice(0, 120))`,
    );
    expect(broken).toEqual([]);
    await page.close();
    const text = pdf.toString("latin1");
    const addresses = [...text.matchAll(/\/URI \(([^)]*)\)/g)].map(([, to]) => to ?? "");
    expect(addresses.filter((to) => !to.startsWith("https://"))).toEqual([]);
    expect(text).not.toMatch(/\/(JavaScript|Launch|SubmitForm|GoToR|ImportData)\b/);
  });
});

describe("62 characters that deceive", () => {
  // Without the soft hyphen, which our own heads of narrow columns use.
  const deceiving = /\u034f|\u061c|[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e0fff}]|adm\u00adin/u;

  it("62 are written out, and none is in the document, the paper or the tables", async () => {
    const { page } = await opened();
    const text = String(await page.evaluate("document.body.textContent"));
    expect(deceiving.exec(text)).toBeNull();
    for (const shown of ["approved‹U+202E›detcejer", "adm‹U+00AD›in", "p‹U+0430›yments", "‹U+E0041›"])
      expect(text).toContain(shown);
    await page.close();
    expect(deceiving.exec(pages.join(""))).toBeNull();
    expect(plain(pages.join(""))).toContain("approved‹U+202E›detcejer");
    for (const [name, content] of files)
      if (name.endsWith(".csv")) expect(deceiving.exec(String(content)), name).toBeNull();
  });

  it("62 in a name do not hide who it is: the number of the account stands beside it", () => {
    const [twin] = hostileTexts.slice(8, 9);
    expect(visible(`ada-ok\u0430for (410231) ${twin}`)).toContain("ada-ok‹U+0430›for (410231)");
    const authors = [...html.matchAll(/<td class="a">([^<]*)</g)].map(([, author]) => author ?? "");
    expect(authors.length).toBeGreaterThan(50);
    expect(authors.filter((author) => !/\(\d+\)|not on record/.test(author))).toEqual([]);
  });
});

describe("63 what no text should hold", () => {
  it("63 NUL and lone surrogates are shown by their numbers, and kept as they were in the data", () => {
    const all = plain(pages.join(""));
    expect(all).toContain("a‹U+0000›b‹U+0085›c‹U+000D›‹U+000A›d");
    expect(html).not.toMatch(/[\0\ud800-\udbff](?![\udc00-\udfff])/);
    const data = JSON.parse(String(files.get("assessment.json"))) as { population: { title: string }[] };
    expect(data.population.some(({ title }) => title.includes("a\u0000b\u0085c\r\nd"))).toBe(true);
    expect(data.population.some(({ title }) => title.endsWith("\ud83d"))).toBe(true);
  });

  it("63 a title of two megabytes is kept whole in the data, and cut on paper with its length and digest", async () => {
    const title = `begin ${"<b>x\u202e".repeat(400_000)}`;
    const month = assessmentFixture({ title });
    const text = renderDocument(month);
    expect(text.length).toBeLessThan(2_000_000);
    expect(text).toContain(`(2,000,006 characters, SHA-256 ${sha256Hex(title).slice(0, 12)})`);
    expect(sortedJson(month)).toContain(JSON.stringify(title));
  });

  it("63 letters buried under marks stay in their line", () => {
    expect(html).not.toMatch(/\p{M}{5}/u);
  });
});

describe("64 formulas", () => {
  it("64 start no cell of any table", () => {
    for (const [name, content] of files) {
      if (!name.endsWith(".csv")) continue;
      const cells = [...String(content).matchAll(/(?:^|,)"?([^",\n]*)/gm)].map(([, cell]) => cell ?? "");
      expect(
        cells.filter((cell) => /^\s*[=+@\uff1d-]/u.test(cell)),
        name,
      ).toEqual([]);
    }
  });
});

describe("65 tokens", () => {
  it("65 in a title or a name are in no file of the pack", () => {
    expect(hostileTexts.some((text) => token.test(text))).toBe(true);
    for (const [name, content] of files) if (typeof content === "string") expect(token.exec(content), name).toBeNull();
    expect(token.exec(plain(pages.join("")))).toBeNull();
    expect(pages.join("").replace(/\s+/g, " ")).toContain("[redacted token]");
  });
});
