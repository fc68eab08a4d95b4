import type { Browser, HTTPRequest, Page } from "puppeteer-core";
import { launchBrowser } from "./browser.ts";
import type { PdfStructure } from "./pdf-structure.ts";
import { pdfStructure } from "./pdf-structure.ts";

// What is used of the page's own globals: functions given to evaluate run there. The DOM's library is left out of the
// compiler's, so that nothing else mistakes this program for a page.
declare const location: { readonly href: string };
declare const document: {
  readonly documentElement: { toggleAttribute(name: string, on: boolean): boolean };
  readonly fonts: { readonly ready: Promise<unknown> };
  getElementById(id: string): object | null;
  querySelector(selector: string): { readonly outerHTML: string } | null;
  querySelectorAll(selector: string): Iterable<{ readonly dataset: { target?: string; page?: string } }>;
};

/** A printed document. */
export interface Printed {
  readonly pdf: Uint8Array;
  readonly pages: number;
}

export interface PrintOptions {
  readonly executablePath?: string;
  readonly onProgress?: (message: string) => void;
}

/** The first Chromium whose page margins carry running text (developer.chrome.com/blog/print-margins). */
const oldest = 131;

/** What stands at the two ends of every pack: both must be on the paper, on the first and on the last page. */
const start = "pack-start";
const end = "pack-end";

/** What could load, run or lead elsewhere, even after a while: a pack has none of it. */
const active =
  'meta[http-equiv="refresh" i], script, iframe, frame, object, embed, base, link, img, audio, video, form';

/**
 * Prints one self-contained document to A4, tagged and with an outline. Nothing but the document is loaded: any request
 * fails the printing, as does a document whose first or last page is not where its ends are. Elements with
 * `data-target` learn the page their target came to lie on.
 */
export async function printPdf(html: string, options: PrintOptions = {}): Promise<Printed> {
  const browser = await launchBrowser(options.executablePath ? { executablePath: options.executablePath } : {});
  try {
    await checkVersion(browser);
    const page = await browser.newPage();
    const refused = await refuseRequests(page);
    await page.setJavaScriptEnabled(false);
    options.onProgress?.("laying out");
    await page.setContent(html, { waitUntil: "load", timeout: 0 });
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await checkLoaded(page, refused);
    const printed = await printNumbered(page, options);
    await checkLoaded(page, refused);
    return printed;
  } finally {
    await browser.close();
  }
}

/** Prints until the page numbers in the text are those of the pages: once to measure, as a rule once more. */
async function printNumbered(page: Page, options: PrintOptions): Promise<Printed> {
  let before = new Map<string, number>() as ReadonlyMap<string, number>;
  for (let round = 1; round <= 4; round += 1) {
    await setMeasuring(page, round === 1);
    options.onProgress?.(round === 1 ? "finding page numbers" : "printing");
    const pdf = await page.pdf({
      preferCSSPageSize: true,
      printBackground: true,
      // The first round only measures.
      tagged: round > 1,
      outline: round > 1,
      timeout: 0,
    });
    const structure = pdfStructure(pdf);
    checkEnds(structure);
    const numbers = await numberPages(page, structure.places);
    if (round > 1 && sameNumbers(before, numbers)) return { pdf, pages: structure.pages };
    before = numbers;
  }
  throw new Error("the pack could not be printed: its page numbers do not settle");
}

/** Whether the document leaves out its long last part, which no page number depends on. */
async function setMeasuring(page: Page, measuring: boolean): Promise<void> {
  await page.evaluate((on) => document.documentElement.toggleAttribute("data-measuring", on), measuring);
}

/** Writes page numbers into the document; answers which. */
async function numberPages(page: Page, places: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>> {
  const written = await page.evaluate(
    (known) => {
      const pages = new Map(known);
      const numbers: [string, number][] = [];
      for (const element of document.querySelectorAll("[data-target]")) {
        const target = element.dataset.target ?? "";
        const number = pages.get(target);
        if (number === undefined) continue;
        element.dataset.page = String(number);
        numbers.push([target, number]);
      }
      return numbers;
    },
    [...places],
  );
  return new Map(written);
}

function sameNumbers(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...b].every(([target, page]) => a.get(target) === page);
}

function checkEnds({ pages, places }: PdfStructure): void {
  if (pages > 0 && places.get(start) === 1 && places.get(end) === pages) return;
  throw new Error(
    `the printed pack is not whole: of ${pages} pages, its start is on ${places.get(start) ?? "none"}, its end on ${places.get(end) ?? "none"}`,
  );
}

async function checkVersion(browser: Browser): Promise<void> {
  const version = await browser.version();
  if (Number(/\/(\d+)\./.exec(version)?.[1] ?? 0) >= oldest) return;
  throw new Error(`${version} cannot print page numbers; Chromium ${oldest} or later is needed`);
}

async function refuseRequests(page: Page): Promise<readonly string[]> {
  const refused: string[] = [];
  await page.setRequestInterception(true);
  page.on("request", (request: HTTPRequest) => {
    // Embedded fonts are data: URLs, which carry their content and reach nobody.
    if (request.url().startsWith("data:font/") || request.url() === "about:blank") {
      void request.continue();
      return;
    }
    refused.push(request.url().slice(0, 200));
    void request.abort();
  });
  return refused;
}

async function checkLoaded(page: Page, refused: readonly string[]): Promise<void> {
  if (refused.length > 0) throw new Error(`the pack asked for ${refused.join(", ")}: it may not load anything`);
  const [whole, foreign] = await page.evaluate(
    (ids, selector) =>
      [
        location.href === "about:blank" && ids.every((id) => document.getElementById(id) !== null),
        document.querySelector(selector)?.outerHTML.slice(0, 100) ?? null,
      ] as const,
    [start, end],
    active,
  );
  if (foreign !== null) throw new Error(`the pack holds ${foreign}: nothing in it may load or run`);
  if (!whole) throw new Error("the pack is not the document that was to be printed");
}
