import type { LoadedDocument, LoadOptions } from "../load-document.ts";
import { withDocument } from "../load-document.ts";

declare const document: {
  readonly compatMode: string;
  readonly documentElement: { readonly outerHTML: string };
  querySelector(selector: string): { readonly outerHTML: string } | null;
  evaluate(
    path: string,
    from: unknown,
    resolver: null,
    type: number,
  ): { readonly snapshotLength: number; snapshotItem(index: number): { value: string } };
};

/** What a reader or the opening of the file would change, or what another browser would read otherwise: the serialisation must not depend on it. */
const unstable = "[data-seal], details, dialog, template, noscript, pre, textarea, listing, xmp, plaintext";

/**
 * The document as a browser writes it, `<!DOCTYPE html>` first: reading and writing it again gives the same text, in
 * any browser. Throws for a document of which that is not so, and where `printPdf` would.
 */
export async function serialised(html: string, options: LoadOptions = {}): Promise<string> {
  return withDocument(html, options, stableText);
}

/** The same of a document that is loaded already; what is loaded then is the text that is given. */
export async function stableText({ page, load }: LoadedDocument): Promise<string> {
  const doubtful = await page.evaluate(
    (selector) => document.querySelector(selector)?.outerHTML.slice(0, 100) ?? null,
    unstable,
  );
  if (doubtful !== null)
    throw new Error(`the pack holds ${doubtful}: its text would not be the same wherever it is read`);
  await page.evaluate(softenAttributes);
  const text = await page.evaluate(writtenOut);
  await load(text);
  const again = await page.evaluate(writtenOut);
  if (again !== text)
    throw new Error(`the pack reads otherwise than it was written, from ${difference(text, again)} on`);
  return text;
}

/** Runs in the page. */
function writtenOut(): string {
  if (document.compatMode !== "CSS1Compat") throw new Error("the pack has no doctype");
  return `<!DOCTYPE html>${document.documentElement.outerHTML}`;
}

/**
 * Runs in the page: browsers before 2025 leave `<` and `>` in attributes as they are, later ones escape them
 * (developer.chrome.com/blog/escape-attributes), so neither may stand there. No address holds them: URLs are encoded.
 */
function softenAttributes(): void {
  const found = document.evaluate("//@*[contains(., '<') or contains(., '>')]", document, null, 6);
  for (let i = 0; i < found.snapshotLength; i += 1) {
    const attribute = found.snapshotItem(i);
    attribute.value = attribute.value.replaceAll("<", "\u2039").replaceAll(">", "\u203a");
  }
}

function difference(text: string, again: string): string {
  let at = 0;
  while (at < text.length && text[at] === again[at]) at += 1;
  return JSON.stringify(text.slice(Math.max(0, at - 30), at + 30));
}
