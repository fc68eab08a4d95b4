import { packEnds } from "./pack-ends.ts";

/** A run of a document's sections that is printed by itself. */
export interface DocumentPart {
  /** A whole document: the head of the one it is of, and its own sections. */
  readonly html: string;
  /** The ids of what it holds, in its order. */
  readonly ids: readonly string[];
  /** What its headings say, in its order. */
  readonly headings: readonly string[];
  /** What stands at its two ends. */
  readonly ends: readonly string[];
  /** Whether it quotes page numbers, which are known when everything is printed. */
  readonly quotes: boolean;
}

/** A browser takes more than twice the time for twice the rows; beyond this many, a section is printed by itself. */
const usual = 1500;

/**
 * A pack's document in parts, in its order; one of fewer than twice `rows` table rows stays whole. Cuts are made before
 * sections of the class `sheet`, around sections of many rows and within longer ones: a page begins there. A link to what
 * another part holds leads to an empty mark under its name, and what another part links to is a link's target here too: a
 * browser tells the places of no others. What stands in the pages' margins is left out.
 */
export function documentParts(html: string, rows = usual): readonly DocumentPart[] {
  if (count(html, rowStart) < 2 * rows) return [part(html, Object.values(packEnds))];
  const start = html.indexOf(mainTag);
  const end = html.lastIndexOf("</main>");
  if (start < 0 || end < start) throw new Error("the pack's document has no main part");
  const head = html.slice(0, start).replace("</head>", `${withoutMargins}</head>`);
  const sections = html.slice(start + mainTag.length, end).split(/(?=<section\b)/);
  const parts = gathered(
    sections.flatMap((section) => cutSection(section, rows)),
    rows,
  ).map((piece) => ({
    piece,
    own: new Set(idsOf(piece)),
    links: new Set(linksOf(piece)),
  }));
  const known = new Set(parts.flatMap(({ own }) => [...own]));
  const linked = new Set(parts.flatMap(({ links }) => [...links]));
  return parts.map(({ piece, own, links }, i) => {
    const marks = [...links].filter((id) => known.has(id) && !own.has(id)).map((id) => `<i id="${id}"></i>`);
    const targets = [...own].filter((id) => linked.has(id) && !links.has(id)).map((id) => `<a href="#${id}"></a>`);
    const elsewhere = `<div class="elsewhere">${marks.join("")}</div><div hidden>${targets.join("")}</div>`;
    const ids = [...own];
    const ends = [i === 0 ? packEnds.start : ids[0], i === parts.length - 1 ? packEnds.end : ids.at(-1)];
    return part(
      `${head}${mainTag}${piece}${elsewhere}</main></body></html>`,
      ends.filter((id) => id !== undefined),
      ids,
    );
  });
}

/** A section of more rows than a part should have, cut before elements that say `data-cut`. */
function cutSection(section: string, rows: number): readonly string[] {
  if (count(section, rowStart) <= rows) return [section];
  const pieces = section.split(/(?=<(?:h3|article)\b[^>]* data-cut[ >])/);
  const parts = gather(pieces, (begun) => count(begun, rowStart) >= rows / 2);
  return parts.map((each, i) => `${i > 0 ? "<section>" : ""}${each}${i < parts.length - 1 ? "</section>" : ""}`);
}

/** Sections that may share a part, together. */
const gathered = (sections: readonly string[], rows: number): readonly string[] =>
  gather(sections, (begun, next) => {
    const many = (text: string): boolean => count(text, rowStart) >= rows / 2;
    if (many(begun) || many(next) || next.startsWith("<section>")) return true;
    return (
      next.startsWith('<section class="sheet"') && (begun.includes(pageQuote) || count(begun, rowStart) >= rows / 4)
    );
  });

/** Joins what follows each other, but where `full` says of what was joined that the next does not come to it. */
function gather(pieces: readonly string[], full: (begun: string, next: string) => boolean): readonly string[] {
  const gathered: string[] = [];
  for (const piece of pieces) {
    const begun = gathered.pop();
    if (begun === undefined) gathered.push(piece);
    else gathered.push(...(full(begun, piece) ? [begun, piece] : [begun + piece]));
  }
  return gathered;
}

/** A document of so many empty pages with what stands in the margins of the given one's. */
export function marginPages(html: string, pages: number): string {
  const head = html.slice(0, html.indexOf("</head>"));
  return `${head}<style>p { height: 1px } p + p { break-before: page }</style></head><body>${"<p></p>".repeat(pages)}</body></html>`;
}

const mainTag = '<main class="doc">';
const rowStart = "<tr";
const pageQuote = "data-target=";

/** A mark takes no room, but has a place, which a link needs to be one. */
const withoutMargins = `<style>.doc > section:first-child { margin-top: 0 !important }
.elsewhere, .elsewhere i { position: absolute; top: 0; width: 0; height: 0 }
@page { @top-left { content: none } @top-right { content: none } @bottom-left { content: none } @bottom-center { content: none } @bottom-right { content: none } }</style>`;

const part = (html: string, ends: readonly string[], ids = idsOf(html)): DocumentPart => ({
  html,
  ends,
  ids,
  headings: headingsOf(html),
  quotes: html.includes(pageQuote),
});

const idsOf = (html: string): string[] => Array.from(html.matchAll(/ id="([^"]+)"/g), ([, id = ""]) => id);

const headingsOf = (html: string): string[] =>
  Array.from(html.matchAll(/<h([1-6])\b[^>]*>(.*?)<\/h\1>/gs), ([, , text = ""]) =>
    decoded(text.replace(/<[^>]*>/g, ""))
      .replace(/\s+/g, " ")
      .trim(),
  );

/** A text as it was before it was escaped for HTML. */
const decoded = (text: string): string =>
  text.replace(/&(?:#x([0-9A-Fa-f]+)|#(\d+)|(amp|lt|gt|quot));/g, (_, hex?: string, decimal?: string, name = "") => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return escaped[name] ?? "";
  });

const escaped: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"' };

const linksOf = (html: string): string[] => Array.from(html.matchAll(/ href="#([^"]+)"/g), ([, id = ""]) => id);

function count(text: string, what: string): number {
  let found = 0;
  for (let at = text.indexOf(what); at >= 0; at = text.indexOf(what, at + 1)) found += 1;
  return found;
}
