import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { extractText, getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { furtherKinds } from "../../src/model/stream.ts";
import { launchBrowser } from "../../src/pack/browser.ts";
import { buildPack, verifyManifest } from "../../src/pack/index.ts";
import { printPdf } from "../../src/pack/print.ts";
import { documentView } from "../../src/report/document.ts";
import { packTitle, renderDocument, renderReport } from "../../src/report/index.ts";
import { assessmentFixture } from "../fixtures/assessment.ts";

const hostile = [
  '<img src="https://evil.example/x.png"><script>document.title="owned"</script>',
  '<iframe src="file:///etc/passwd"></iframe>',
  "<style>@import url(https://evil.example/x.css); body{display:none}</style>",
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '</td></table></main><a href="javascript:alert(1)">x</a>',
].join(" ");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flowproof-print-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a printed pack", () => {
  const result = assessmentFixture();
  let pdf: Buffer;
  let pages: readonly string[];
  let built: Awaited<ReturnType<typeof buildPack>>;

  beforeAll(async () => {
    built = await buildPack(await renderReport(result), {
      directory: join(folder, "riverbank-2026-10"),
      title: packTitle(result),
      author: result.organisation.name,
      tool: "flowproof 0.1.0",
      checkpoint: result.checkpoint,
    });
    pdf = await readFile(join(built.directory, "pack.pdf"));
    pages = (await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: false })).text;
  });

  it("lies beside its manifest, whole", async () => {
    expect((await readdir(built.directory)).sort()).toEqual(built.files);
    expect(built.files).toEqual([
      "assessment.json",
      "assessment.schema.json",
      "bypasses.csv",
      "changes.csv",
      "commits.csv",
      "controls.csv",
      "coverage.csv",
      "deployments.csv",
      "exceptions.csv",
      "manifest.json",
      "not-verifiable.csv",
      "oscal-assessment-results.json",
      "pack.html",
      "pack.pdf",
      "records.csv",
      "settings.csv",
      "unmatched.csv",
      "work-papers.xlsx",
    ]);
    expect(await verifyManifest(built.directory)).toEqual([]);
  });

  it("is A4, tagged, with an outline of its sections", async () => {
    const document = await getDocumentProxy(new Uint8Array(pdf));
    expect(document.numPages).toBe(built.pages);
    expect((await document.getPage(1)).view.map(Math.round)).toEqual([0, 0, 595, 842]);
    expect(await document.getMarkInfo()).toMatchObject({ Marked: true });
    const [root] = (await document.getOutline()) ?? [];
    expect(root?.title).toContain("64 commits reached released branches");
    expect(root?.items.map(({ title }: { title: string }) => title)).toEqual(
      expect.arrayContaining([expect.stringContaining("Exceptions"), expect.stringContaining("How to verify")]),
    );
  });

  it("tells whose it is, and not when it was printed", async () => {
    const { info } = await (await getDocumentProxy(new Uint8Array(pdf))).getMetadata();
    expect(info).toMatchObject({
      Title: "Riverbank Ltd: change management evidence, 2026-10",
      Author: "Riverbank Ltd",
      Creator: "flowproof 0.1.0",
      CreationDate: "D:20261104050000Z",
    });
    expect(pdf.toString("latin1")).not.toContain("HeadlessChrome");
  });

  it("carries its fonts", () => {
    const text = pdf.toString("latin1");
    for (const font of ["SourceSans3", "SourceSerif4", "SourceCodePro"]) expect(text).toContain(font);
    const fonts = [...text.matchAll(/\/BaseFont \/([^\s/]+)/g)].map(([, name]) => name ?? "");
    expect(fonts.filter((name) => !/^[A-Z]{6}\+Source/.test(name))).toEqual([]);
  });

  it("says on every page whose it is, that it is a draft, and which page of how many", () => {
    expect(pages).toHaveLength(built.pages);
    pages.forEach((text, index) => {
      expect(text).toContain("Change management evidence, 1 to 31 October 2026");
      expect(text).toContain("riverbank-2026-10 · draft");
      expect(text).toContain(`${index + 1} of ${built.pages}`);
    });
    expect(pages[0]).toContain("64 commits reached released branches");
    expect(pages.at(-1)).toContain("End of riverbank-2026-10");
  });

  it("keeps each exception whole, from its heading to the room for management's response", () => {
    const told = documentView(assessmentFixture()).exceptions.origins.filter(({ short }) => short);
    expect(told.length).toBeGreaterThan(5);
    const plain = pages.map((text) => text.replace(/\s+/g, ""));
    for (const { id, heading, remediation, waiver } of told) {
      const page = plain.find((text) => text.includes(`${id}${heading}`.replace(/\s+/g, "")));
      const [, after = ""] = page?.split(`${id}${heading}`.replace(/\s+/g, "")) ?? [];
      expect(after, id).toContain(remediation.replace(/\s+/g, ""));
      // What a waiver accepted needs no answer.
      if (waiver === null) expect(after, id).toContain("Compensatingevidence");
    }
  });

  it("names the pages its sections are on", () => {
    for (const title of ["Management's assertion", "Exceptions", "Population", "Record references"]) {
      const said = new RegExp(`${title}\\s*(\\d+)`).exec(pages[0] ?? "")?.[1];
      expect(said, title).toBeDefined();
      expect(pages[Number(said) - 1]).toMatch(new RegExp(`\\d+\\s*${title}`));
    }
    const exceptions = /exceptions: [^.]*?, page (\d+)/.exec((pages[0] ?? "").replace(/\s+/g, " "))?.[1];
    expect(pages[Number(exceptions) - 1]).toContain("Where commits left the flow");
  });
});

describe("the first page", () => {
  it("holds everything, the contents too, where no further kind of evidence could be read of any repository", async () => {
    const result = assessmentFixture();
    for (const row of result.coverage) {
      if (!furtherKinds.some((kind) => kind === row.kind)) continue;
      row.status = "unobserved";
      row.intervals = row.intervals.map((one) => ({ ...one, status: "unobserved", reason: `403: ${row.kind}` }));
    }
    for (const policy of result.policies) policy.firstSeen = result.period.to;
    const { pdf } = await printPdf(renderDocument(result));
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: false });
    for (const said of ["What we could not see", "nine kinds of further evidence", "Contents", "Population"])
      expect(text[0]?.replace(/\s+/g, " ")).toContain(said);
    expect(text[1]).toContain("To be read, corrected where it is not so");
  });
});

describe("hostile text", () => {
  it("prints as what it is and asks for nothing", async () => {
    const html = renderDocument(assessmentFixture({ title: hostile }));
    const { pdf } = await printPdf(html);
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: true });
    expect(text.replace(/\s/g, "")).toContain(
      '<imgsrc="https://evil.example/x.png"><script>document.title="owned"</script>',
    );
    expect(text).toContain("End of riverbank-2026-10");
  });

  it("of two megabytes, without a blank, is cut and stays on the paper", async () => {
    const html = renderDocument(assessmentFixture({ title: "W".repeat(2_000_000) }));
    expect(html.length).toBeLessThan(2_000_000);
    const { pdf } = await printPdf(html);
    const document = await getDocumentProxy(new Uint8Array(pdf));
    const { text } = await extractText(document, { mergePages: true });
    expect(text.replace(/\s/g, "")).toContain("(2,000,000characters,SHA-256");
    expect((await document.getPage(1)).view.map(Math.round)).toEqual([0, 0, 595, 842]);
  });
});

describe("a document that is not the pack", () => {
  const whole = (extra: string): string =>
    `<html lang="en"><title>x</title><main><p id="pack-start">a</p>${extra}<p id="pack-end"><a href="#pack-start">b</a><a href="#pack-end">c</a></p></main>`;

  it("prints when it loads nothing and is whole", async () => {
    expect((await printPdf(whole(""))).pages).toBe(1);
  });

  it.each([
    ["an image elsewhere", '<img src="https://evil.example/x.png">', /asked for https:\/\/evil\.example/],
    ["a local file", '<iframe src="file:///etc/hostname"></iframe>', /asked for file:|holds <iframe/],
    [
      "another page to go to",
      '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
      /asked for https:|holds <meta|not the document/,
    ],
  ])("fails for %s", async (_what, extra, said) => {
    await expect(printPdf(whole(extra))).rejects.toThrow(said);
  });

  it("fails when an end is missing", async () => {
    await expect(printPdf("<html><p id='pack-start'>a</p></html>")).rejects.toThrow("not the document");
    await expect(printPdf("")).rejects.toThrow("not the document");
  });
});

describe("the pack on a screen", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  async function open(width: number, html: string): Promise<{ page: Page; asked: string[] }> {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith("data:font/")) asked.push(request.url());
    });
    await page.setViewport({ width, height: 900 });
    await page.setContent(html);
    return { page, asked };
  }

  it.each([360, 420, 900, 1400])("does not run over its side at %i pixels and asks for nothing", async (width) => {
    const html = renderDocument(assessmentFixture({ title: `${hostile} ${"W".repeat(150)}` }));
    const { page, asked } = await open(width, html);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    expect(asked).toEqual([]);
    await page.close();
  });

  it("shows failed items alone on request, without a script", async () => {
    const { page } = await open(1200, renderDocument(assessmentFixture()));
    const shown = "[...document.querySelectorAll('.items tbody tr')].filter((row) => row.offsetHeight > 0).length";
    const all = Number(await page.evaluate(shown));
    // Once it lies still: what is far off the screen is not laid out before it is scrolled to.
    await page.locator("#show-f").click();
    const failed = Number(await page.evaluate(shown));
    expect(all).toBe(117);
    expect(failed).toBeGreaterThan(5);
    expect(failed).toBeLessThan(20);
    await page.close();
  });
});
