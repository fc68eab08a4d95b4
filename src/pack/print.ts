import type { Page } from "puppeteer-core";
import { stableText } from "./html/serialise.ts";
import { packEnds, withDocument } from "./load-document.ts";
import type { PdfStructure } from "./pdf-structure.ts";
import { pdfStructure } from "./pdf-structure.ts";

declare const document: {
  readonly documentElement: { toggleAttribute(name: string, on: boolean): boolean };
  querySelectorAll(selector: string): Iterable<{ readonly dataset: { target?: string; page?: string } }>;
};

/** A printed document. */
export interface Printed {
  readonly pdf: Uint8Array;
  readonly pages: number;
  /** The document as `serialised` gives it, where that was asked for: without page numbers, which are the paper's. */
  readonly serialised?: string;
}

export interface PrintOptions {
  readonly executablePath?: string;
  /** What is being done, how far, and now and then for how long. */
  readonly onProgress?: (message: string) => void;
  /** Ends the printing at once; nothing of the browser is left running then. */
  readonly signal?: AbortSignal;
  /** Also gives the document in the browser's own form, so that sealing it needs no browser of its own. */
  readonly serialise?: boolean;
}

/**
 * Prints one self-contained document to A4, tagged and with an outline. Nothing but the document is loaded: any request
 * fails the printing, as does a document whose first or last page is not where its ends are. Elements with
 * `data-target` learn the page their target came to lie on.
 */
export async function printPdf(html: string, options: PrintOptions = {}): Promise<Printed> {
  const { executablePath, onProgress, signal, serialise } = options;
  let step = "";
  const tell = (text: string): void => {
    step = text;
    onProgress?.(text);
  };
  tell("laying out");
  const load = {
    ...(executablePath === undefined ? {} : { executablePath }),
    ...(signal === undefined ? {} : { signal }),
    onBeat: (seconds: number) => onProgress?.(`${step}, ${seconds} s so far`),
  };
  return withDocument(html, load, async (loaded) => {
    const serialised = serialise ? await stableText(loaded) : undefined;
    const printed = await printNumbered(loaded.page, tell);
    await loaded.check();
    return serialised === undefined ? printed : { ...printed, serialised };
  });
}

/** Prints until the page numbers in the text are those of the pages: once to measure, as a rule once more. */
async function printNumbered(page: Page, tell: (text: string) => void): Promise<Printed> {
  let before = new Map<string, number>() as ReadonlyMap<string, number>;
  let known = "";
  for (let round = 1; round <= 4; round += 1) {
    await setMeasuring(page, round === 1);
    tell(round === 1 ? "finding page numbers" : `printing ${known} or more`);
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
    known ||= structure.pages === 1 ? "1 page" : `${structure.pages} pages`;
  }
  throw new Error("the pack could not be printed: its page numbers do not settle");
}

/** Whether the document leaves out its long last part, which no page number depends on; what will be numbered takes the room of a number already, so that lines break as they will. */
async function setMeasuring(page: Page, measuring: boolean): Promise<void> {
  await page.evaluate((on) => {
    document.documentElement.toggleAttribute("data-measuring", on);
    if (on) for (const element of document.querySelectorAll("[data-target]")) element.dataset.page = "00";
  }, measuring);
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
        if (number === undefined) {
          delete element.dataset.page;
          continue;
        }
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
  if (pages > 0 && places.get(packEnds.start) === 1 && places.get(packEnds.end) === pages) return;
  throw new Error(
    `the printed pack is not whole: of ${pages} pages, its start is on ${places.get(packEnds.start) ?? "none"}, its end on ${places.get(packEnds.end) ?? "none"}`,
  );
}
