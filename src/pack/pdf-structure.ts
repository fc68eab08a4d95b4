import { catalogOf, openPdf } from "./pdf/pdf-file.ts";

/** What a printed pack's own structure says: how many pages, and on which one each linked place lies (from 1). */
export interface PdfStructure {
  readonly pages: number;
  readonly places: ReadonlyMap<string, number>;
}

/**
 * Reads pages and named destinations from a PDF as Chromium writes it and this tool packs it: both are plain objects
 * (ISO 32000-1, 7.7.3 and 12.3.2.3). Throws when they are not found; places that cannot be read are left out.
 */
export function pdfStructure(pdf: Uint8Array): PdfStructure {
  const file = openPdf(pdf);
  const object = (id: string | undefined): string => (id === undefined ? "" : file.value(`${id} 0 R`));
  const catalog = object(String(catalogOf(file)));
  const tree = /\/Pages (\d+) 0 R/.exec(catalog)?.[1];
  const pages = new Map<string, number>();
  const walk = (id: string): void => {
    const kids = /\/Kids\s*\[([^\]]*)\]/.exec(object(id))?.[1];
    if (kids === undefined) pages.set(id, pages.size + 1);
    else for (const [, kid] of kids.matchAll(/(\d+) 0 R/g)) if (kid) walk(kid);
  };
  if (tree === undefined) throw new Error("the printed file has no page tree");
  walk(tree);
  const places = new Map<string, number>();
  const destinations = /\/Dests (\d+) 0 R/.exec(catalog)?.[1];
  for (const [, name, page] of object(destinations).matchAll(/\/([^\s/[\]<>()]+)\s*\[\s*(\d+) 0 R/g)) {
    const at = pages.get(page ?? "");
    if (name && at !== undefined) places.set(decodeName(name), at);
  }
  return { pages: pages.size, places };
}

const decodeName = (name: string): string =>
  name.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
