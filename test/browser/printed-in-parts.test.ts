import { getDocumentProxy } from "unpdf";
import { beforeAll, describe, expect, it } from "vitest";
import { documentParts } from "../../src/pack/document-parts.ts";
import { withPackedObjects } from "../../src/pack/pdf/pack-objects.ts";
import { printPdf } from "../../src/pack/print.ts";
import { renderDocument } from "../../src/report/index.ts";
import { assessmentFixture } from "../fixtures/assessment.ts";

type Tag = { readonly role?: string; readonly alt?: string; readonly children?: readonly Tag[] } | null;
type Heading = { readonly title: string; readonly items: readonly Heading[] };

/** What a reader of another make finds in a printed file. */
interface Seen {
  readonly pages: number;
  readonly texts: readonly string[];
  /** The page of each named place. */
  readonly places: ReadonlyMap<string, number>;
  readonly links: readonly string[];
  readonly outline: readonly string[];
  /** How often each tag occurs on the pages, and what figures are described as. */
  readonly tags: ReadonlyMap<string, number>;
  readonly file: string;
}

async function seen(pdf: Uint8Array): Promise<Seen> {
  const document = await getDocumentProxy(new Uint8Array(pdf));
  const places = new Map<string, number>();
  for (const [name, [page]] of Object.entries((await document.getDestinations()) as Record<string, [never]>)) {
    places.set(name, (await document.getPageIndex(page)) + 1);
  }
  const [texts, links, tags] = [[] as string[], [] as string[], new Map<string, number>()];
  const count = (tag: Tag): void => {
    const name = tag?.role === undefined ? undefined : `${tag.role} ${tag.alt ?? ""}`;
    if (name !== undefined) tags.set(name, (tags.get(name) ?? 0) + 1);
    for (const child of tag?.children ?? []) count(child);
  };
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    texts.push(items.map((item: object) => ("str" in item ? String(item.str) : "")).join(" "));
    for (const link of (await page.getAnnotations()) as { dest?: string; url?: string }[]) {
      links.push(String(link.dest ?? link.url));
    }
    count(await page.getStructTree());
  }
  const listed = (items: readonly Heading[], depth: number): string[] =>
    items.flatMap((item) => [`${"  ".repeat(depth)}${item.title}`, ...listed(item.items, depth + 1)]);
  const outline = listed(((await document.getOutline()) ?? []) as Heading[], 0);
  return { pages: document.numPages, texts, places, links, outline, tags, file: Buffer.from(pdf).toString("latin1") };
}

const rows = 60;
const html = renderDocument(assessmentFixture());
let whole: Seen;
let joined: Seen;
beforeAll(async () => {
  whole = await seen((await printPdf(html)).pdf);
  joined = await seen((await printPdf(html, { rows })).pdf);
});

describe("a document printed in parts", () => {
  it("is cut into several, also within a long section, and loses none of it", () => {
    const parts = documentParts(html, rows);
    expect(parts.length).toBeGreaterThan(6);
    expect(parts.some((part) => /<main class="doc"><section>/.test(part.html))).toBe(true);
    const ids = Array.from(html.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
    expect(parts.flatMap((part) => part.ids)).toEqual(ids);
    expect(documentParts(html)).toHaveLength(1);
  });

  it("has the text of the one printed whole, and the number of every page and of all at its foot", () => {
    // Page numbers apart: a part begins a page.
    const words = ({ texts }: Seen): string =>
      texts
        .join(" ")
        .replaceAll(/\b\d+ of \d+\b|Riverbank|\d+/g, "")
        .split(/\s+/)
        .sort()
        .join(" ");
    expect(words(joined).length).toBeGreaterThan(20_000);
    expect([...new Set(words(joined).split(" "))]).toEqual([...new Set(words(whole).split(" "))]);
    expect(joined.texts.filter((text, i) => !text.includes(`${i + 1} of ${joined.pages}`))).toEqual([]);
    expect(joined.pages - whole.pages).toBeLessThan(documentParts(html, rows).length);
  });

  it("leads every link to the place that it means, and page numbers quoted are those of the file", () => {
    expect([...joined.places.keys()].sort()).toEqual([...whole.places.keys()].sort());
    expect(new Set(joined.links)).toEqual(new Set(whole.links));
    for (const [name, title] of [
      ["population", "Population"],
      ["exceptions", "Exceptions"],
    ] as const) {
      const page = joined.places.get(name) ?? 0;
      expect(joined.texts[page - 1]).toMatch(new RegExp(`\\d+ +${title}`));
      expect(joined.texts.slice(0, 2).join(" ")).toMatch(new RegExp(`${title} +${page}\\b`));
    }
  });

  it("has one outline, of every heading once, and the tags of one document", () => {
    const headings = Array.from(
      html.matchAll(/<h([1-4])\b[^>]*>(.*?)<\/h\1>/gs),
      ([, level, text = ""]) =>
        " ".repeat(2 * (Number(level) - 1)) +
        text
          .replaceAll(/<[^>]+>/g, "")
          .replaceAll("&#x27;", "'")
          .replaceAll(/\s+/g, " ")
          .trim(),
    );
    expect(headings.length).toBeGreaterThan(60);
    expect(joined.outline).toEqual(headings);
    expect(whole.outline).toEqual(headings);
    expect(whole.outline).toContain("  1 Management's assertion");
    for (const tag of ["TH", "TD", "TR", "H1", "H2", "H3", "H4", "Caption", "Document"]) {
      const times = ({ file }: Seen): number => file.split(`/S /${tag}\n`).length - 1;
      expect([tag, times(joined)]).toEqual([tag, times(whole)]);
      expect(times(joined)).toBeGreaterThan(0);
    }
    const figures = (from: Seen): string[] => [...from.tags.keys()].filter((tag) => tag.startsWith("Figure ")).sort();
    expect(figures(joined).length).toBeGreaterThan(3);
    expect(figures(joined)).toEqual(figures(whole));
    const named = Array.from(joined.file.matchAll(/\/ID \(([^)]+)\)/g), ([, id]) => id);
    expect(new Set(named).size).toBe(named.length);
    const heads = Array.from(
      joined.file.matchAll(/\/Headers \[([^\]]+)\]/g),
      ([, ids = ""]) => ids.match(/[\w-]+/g) ?? [],
    );
    expect(named.length).toBeGreaterThan(0);
    expect(heads.flat().length).toBeGreaterThan(0);
    expect(heads.flat().filter((id) => !named.includes(id))).toEqual([]);
  });

  it("says its headings as they read, whatever they are made of", () => {
    const [part] = documentParts(
      "<h2><span>1</span> Who&#x27;s\n  <a href='#x'>&lt;b&gt; &amp;amp;</a> &#x3D;</h2><h3>R&amp;D</h3>",
    );
    expect(part?.headings).toEqual(["1 Who's <b> &amp; =", "R&D"]);
  });

  it("can be packed like any other", async () => {
    const packed = await seen(withPackedObjects(Buffer.from(joined.file, "latin1")));
    expect(packed.outline).toEqual(joined.outline);
    expect(packed.tags).toEqual(joined.tags);
  });
});
