import type { Page } from "puppeteer-core";
import { counted } from "../util/counted.ts";
import { type DocumentPart, documentParts, marginPages } from "./document-parts.ts";
import { stableText } from "./html/serialise.ts";
import { type LoadedDocument, withPages } from "./load-document.ts";
import { packEnds } from "./pack-ends.ts";
import { pdfJoin, type TakenPart } from "./pdf/join.ts";
import { type PdfStructure, pdfStructure } from "./pdf-structure.ts";

declare const document: {
  readonly fonts: Iterable<{ load(): Promise<unknown> }>;
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
  /** Table rows that one part of a long document has at least. */
  readonly rows?: number;
}

/**
 * Prints one self-contained document to A4, tagged and with an outline; a long one in parts, two at once, which are joined
 * into one file. Nothing but the document is loaded: any request fails the printing, as does a document whose first or
 * last page is not where its ends are. Elements with `data-target` learn the page their target came to lie on.
 */
export async function printPdf(html: string, options: PrintOptions = {}): Promise<Printed> {
  const { executablePath, onProgress, signal, serialise, rows } = options;
  const parts = documentParts(html, rows);
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
  return withPages(load, async (open) => {
    const serialised = serialise ? await serialisedIn(await open(), html) : undefined;
    const printed = await printParts(parts, open, tell);
    const expected = printed.pages();
    const early = parts.length > 1 ? printMargins(open, html, expected) : undefined;
    // Where settling fails, nobody waits for these any more.
    early?.catch(() => undefined);
    await printed.settle();
    const pages = printed.pages();
    const margins = early && pages !== expected ? early.then(() => printMargins(open, html, pages)) : early;
    const pdf = printed.join(await margins);
    checkEnds(pdfStructure(pdf));
    return { pdf, pages, ...(serialised === undefined ? {} : { serialised }) };
  });
}

async function serialisedIn(loaded: LoadedDocument, html: string): Promise<string> {
  await loaded.load(html);
  const text = await stableText(loaded);
  await loaded.check();
  await loaded.page.close();
  return text;
}

interface PrintedDocument extends DocumentPart {
  readonly pdf: Uint8Array;
  readonly structure: PdfStructure;
}

interface OpenPart {
  readonly part: DocumentPart;
  readonly loaded: LoadedDocument;
}

/** All parts, of which those that quote page numbers are only measured until `settle` has printed them with the numbers that all have then. */
interface PrintedParts {
  pages(): number;
  settle(): Promise<void>;
  join(margins?: Uint8Array): Uint8Array;
}

async function printParts(
  parts: readonly DocumentPart[],
  open: () => Promise<LoadedDocument>,
  tell: (text: string) => void,
): Promise<PrintedParts> {
  const printed = new Map<DocumentPart, PrintedDocument>();
  const inOrder = (): readonly PrintedDocument[] => parts.flatMap((part) => printed.get(part) ?? []);
  // The longest first, so that the two end together.
  const others = parts.filter(({ quotes }) => !quotes).sort((a, b) => b.html.length - a.html.length);
  const waiting = [...others];
  const join = joinInTurn(others, printed);
  const work = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const page = await open();
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { part, loaded } = await openPart(page, next);
      printed.set(part, await printOf(part, loaded, true));
      tell(`printing, ${printed.size} of ${parts.length} parts`);
      join.advance();
    }
    await page.page.close();
  };
  const measure = async (part: DocumentPart): Promise<OpenPart> => {
    const { loaded } = await openPart(await open(), part);
    // What will be numbered takes the room of a number already, so that lines break as they will.
    await numberPages(loaded.page, "00");
    printed.set(part, await printOf(part, loaded, false));
    return { part, loaded };
  };
  tell(parts.length === 1 ? "finding page numbers" : `printing ${parts.length} parts`);
  const [quoting] = await Promise.all([Promise.all(parts.filter(({ quotes }) => quotes).map(measure)), work(), work()]);
  return {
    pages: () => pagesOf(inOrder()),
    settle: async () => {
      if (quoting.length > 0) await settle(quoting, printed, inOrder, tell);
    },
    join: (margins) => join.finish(inOrder(), margins),
  };
}

/** Takes parts into the file while others are printed, always in the same order: that in which the printing of the `first` begins, then the rest. */
function joinInTurn(
  first: readonly DocumentPart[],
  printed: ReadonlyMap<DocumentPart, PrintedDocument>,
): { advance(): void; finish(inOrder: readonly PrintedDocument[], margins?: Uint8Array): Uint8Array } {
  const join = pdfJoin();
  const taken = new Map<string, TakenPart>();
  const take = ({ html, pdf }: PrintedDocument): TakenPart => {
    const part = taken.get(html) ?? join.take(pdf);
    taken.set(html, part);
    return part;
  };
  return {
    advance() {
      for (const part of first.slice(taken.size)) {
        const done = printed.get(part);
        if (done === undefined) return;
        take(done);
      }
    },
    finish: (inOrder, margins) =>
      join.finish(
        inOrder.map((part) => ({ ids: part.ids, headings: part.headings, taken: take(part) })),
        margins,
      ),
  };
}

async function openPart(loaded: LoadedDocument, part: DocumentPart): Promise<OpenPart> {
  await loaded.load(part.html, part.ends);
  return { part, loaded };
}

/** Prints what quotes page numbers until they are those of the pages: once, as a rule. */
async function settle(
  quoting: readonly OpenPart[],
  printed: Map<DocumentPart, PrintedDocument>,
  inOrder: () => readonly PrintedDocument[],
  tell: (text: string) => void,
): Promise<void> {
  for (let [round, quoted] = [1, ""]; round <= 4; round += 1) {
    const places = placesOf(inOrder());
    const found = JSON.stringify([...places]);
    if (found === quoted) return;
    quoted = found;
    tell(`printing ${counted(pagesOf(inOrder()), "page")}`);
    for (const { part, loaded } of quoting) {
      await numberPages(loaded.page, places);
      printed.set(part, await printOf(part, loaded, true));
    }
  }
  throw new Error("the pack could not be printed: its page numbers do not settle");
}

const pagesOf = (parts: readonly PrintedDocument[]): number =>
  parts.reduce((sum, { structure }) => sum + structure.pages, 0);

/** `tagged`, and with an outline, takes twice the time: not where only the places are asked for. */
async function printOf(part: DocumentPart, { page, check }: LoadedDocument, tagged: boolean): Promise<PrintedDocument> {
  const pdf = await page.pdf({ ...paper, tagged, outline: tagged });
  await check();
  return { ...part, pdf, structure: pdfStructure(pdf) };
}

/** pdf()'s own limit of 30 s must not decide. */
const paper = { preferCSSPageSize: true, printBackground: true, timeout: 0 } as const;

async function printMargins(open: () => Promise<LoadedDocument>, html: string, pages: number): Promise<Uint8Array> {
  const loaded = await open();
  await loaded.load(marginPages(html, pages), []);
  // A browser loads the fonts that the text needs, and does not count the margins'.
  await loaded.page.evaluate(() =>
    Promise.all(Array.from(document.fonts, (face) => face.load())).then(() => undefined),
  );
  return loaded.page.pdf({ ...paper, tagged: false, outline: false });
}

/** The page on which each place of the parts comes to lie when they follow each other. */
function placesOf(parts: readonly PrintedDocument[]): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  let before = 0;
  for (const { ids, structure } of parts) {
    for (const id of ids) {
      const page = structure.places.get(id);
      if (page !== undefined) places.set(id, before + page);
    }
    before += structure.pages;
  }
  return places;
}

/** Writes into a document where its targets lie, or the same text for all. */
async function numberPages(page: Page, places: ReadonlyMap<string, number> | string): Promise<void> {
  await page.evaluate(
    (known) => {
      const pages = typeof known === "string" ? undefined : new Map(known);
      for (const element of document.querySelectorAll("[data-target]")) {
        const number = pages ? pages.get(element.dataset.target ?? "") : known;
        if (number === undefined) delete element.dataset.page;
        else element.dataset.page = String(number);
      }
    },
    typeof places === "string" ? places : [...places],
  );
}

function checkEnds({ pages, places }: PdfStructure): void {
  if (pages > 0 && places.get(packEnds.start) === 1 && places.get(packEnds.end) === pages) return;
  throw new Error(
    `the printed pack is not whole: of ${pages} pages, its start is on ${places.get(packEnds.start) ?? "none"}, its end on ${places.get(packEnds.end) ?? "none"}`,
  );
}
