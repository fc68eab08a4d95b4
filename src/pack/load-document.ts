import type { HTTPRequest, Page } from "puppeteer-core";
import { launchBrowser } from "./browser.ts";
import { endBrowser, type WatchOptions, whileAlive } from "./watch-browser.ts";

// What is used of the page's own globals: functions given to evaluate run there. The DOM's library is left out of the
// compiler's, so that nothing else mistakes this program for a page.
declare const location: { readonly href: string };
declare const document: {
  readonly fonts: { readonly ready: Promise<unknown> };
  getElementById(id: string): object | null;
  querySelector(selector: string): { readonly outerHTML: string } | null;
};

export interface LoadOptions extends WatchOptions {
  readonly executablePath?: string;
}

/** A pack's document in a browser that runs nothing of it and loads nothing for it. */
export interface LoadedDocument {
  readonly page: Page;
  /** Puts another document in its place. */
  load(html: string): Promise<void>;
  /** Throws where the document asked for anything, holds what could load or run, or is not whole. */
  check(): Promise<void>;
}

/** The first Chromium whose page margins carry running text (developer.chrome.com/blog/print-margins). */
const oldest = 131;

/** What stands at the two ends of every pack: both must be on the paper, on the first and on the last page. */
export const packEnds = { start: "pack-start", end: "pack-end" } as const;

/** What could load, run or lead elsewhere, even after a while: a pack has none of it. */
const active =
  'meta[http-equiv="refresh" i], script, iframe, frame, object, embed, base, link, img, audio, video, form';

/** Loads one self-contained document, checked, for as long as it is used. Throws ConfigError when there is no browser; where it dies or the signal asks for the end, nothing of it is left running. */
export async function withDocument<T>(
  html: string,
  options: LoadOptions,
  use: (loaded: LoadedDocument) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const browser = await launchBrowser(options.executablePath ? { executablePath: options.executablePath } : {});
  let done = false;
  try {
    checkVersion(await browser.version());
    const page = await browser.newPage();
    const result = await whileAlive(page, options, async () => use(await loadedIn(page, html)));
    done = true;
    return result;
  } finally {
    await endBrowser(browser, done);
  }
}

async function loadedIn(page: Page, html: string): Promise<LoadedDocument> {
  const refused = await refuseRequests(page);
  await page.setJavaScriptEnabled(false);
  const check = (): Promise<void> => checkLoaded(page, refused);
  const load = async (text: string): Promise<void> => {
    await page.setContent(text, { waitUntil: "load", timeout: 0 });
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await check();
  };
  await load(html);
  return { page, load, check };
}

function checkVersion(version: string): void {
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
    [packEnds.start, packEnds.end],
    active,
  );
  if (foreign !== null) throw new Error(`the pack holds ${foreign}: nothing in it may load or run`);
  if (!whole) throw new Error("the pack is not the document that was to be printed");
}
