import type { HTTPRequest, Page } from "puppeteer-core";
import { collectGarbage } from "../util/collect-garbage.ts";
import { launchBrowser } from "./browser.ts";
import { packEnds } from "./pack-ends.ts";
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

/** A page of a browser that runs nothing of what it shows and loads nothing for it. */
export interface LoadedDocument {
  readonly page: Page;
  /** Puts a document in the place of what is there; throws, as `check` does, where these ids are not in it: a pack's two ends where none are given. */
  load(html: string, ids?: readonly string[]): Promise<void>;
  /** Throws where the document asked for anything, holds what could load or run, or is not whole. */
  check(): Promise<void>;
}

/** The first Chromium whose page margins carry running text (developer.chrome.com/blog/print-margins). */
const oldest = 131;

/** What could load, run or lead elsewhere, even after a while: a pack has none of it. */
const active =
  'meta[http-equiv="refresh" i], script, iframe, frame, object, embed, base, link, img, audio, video, form';

/** Loads one self-contained document, checked, for as long as it is used. Throws as `withPages` does. */
export const withDocument = <T>(
  html: string,
  options: LoadOptions,
  use: (loaded: LoadedDocument) => Promise<T>,
): Promise<T> =>
  withPages(options, async (open) => {
    const loaded = await open();
    await loaded.load(html);
    return use(loaded);
  });

/** Opens pages of one browser for as long as they are used. Throws ConfigError when there is no browser; where it dies or the signal asks for the end, nothing of it is left running. */
export async function withPages<T>(
  options: LoadOptions,
  use: (open: () => Promise<LoadedDocument>) => Promise<T>,
): Promise<T> {
  options.signal?.throwIfAborted();
  const browser = await launchBrowser(options.executablePath ? { executablePath: options.executablePath } : {});
  // While the browser works and before it has grown.
  const tidying = setTimeout(() => void collectGarbage(), 400);
  let done = false;
  try {
    checkVersion(await browser.version());
    const result = await whileAlive(browser, options, (watch) =>
      use(async () => {
        const page = await browser.newPage();
        watch(page);
        return guarded(page);
      }),
    );
    done = true;
    return result;
  } finally {
    clearTimeout(tidying);
    await endBrowser(browser, done);
  }
}

async function guarded(page: Page): Promise<LoadedDocument> {
  const refused = await refuseRequests(page);
  await page.setJavaScriptEnabled(false);
  let expected: readonly string[] = [];
  const check = (): Promise<void> => checkLoaded(page, refused, expected);
  return {
    page,
    check,
    async load(html, ids = Object.values(packEnds)) {
      expected = ids;
      await page.setContent(html, { waitUntil: "load", timeout: 0 });
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      await check();
    },
  };
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

async function checkLoaded(page: Page, refused: readonly string[], expected: readonly string[]): Promise<void> {
  if (refused.length > 0) throw new Error(`the pack asked for ${refused.join(", ")}: it may not load anything`);
  const [whole, foreign] = await page.evaluate(
    (ids, selector) =>
      [
        location.href === "about:blank" && ids.every((id) => document.getElementById(id) !== null),
        document.querySelector(selector)?.outerHTML.slice(0, 100) ?? null,
      ] as const,
    expected,
    active,
  );
  if (foreign !== null) throw new Error(`the pack holds ${foreign}: nothing in it may load or run`);
  if (!whole) throw new Error("the pack is not the document that was to be printed");
}
