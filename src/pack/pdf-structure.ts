/** What a printed pack's own structure says: how many pages, and on which one each linked place lies (from 1). */
export interface PdfStructure {
  readonly pages: number;
  readonly places: ReadonlyMap<string, number>;
}

/**
 * Reads pages and named destinations from a PDF as Chromium writes it: plain objects, no object streams (ISO 32000-1,
 * 7.7.3 and 12.3.2.3). Throws when the page tree is not found; places that cannot be read are left out.
 */
export function pdfStructure(pdf: Uint8Array): PdfStructure {
  const file = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const object = objectReader(file);
  const trailer = file.subarray(Math.max(0, file.lastIndexOf("trailer"))).toString("latin1");
  const catalog = object(/\/Root (\d+) 0 R/.exec(trailer)?.[1]);
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

/** Reads an object's dictionary by its number, at the place the cross-reference table names; empty when there is none. */
function objectReader(file: Buffer): (id: string | undefined) => string {
  const tail = file.subarray(-64).toString("latin1");
  const table = file.subarray(Number(/startxref\s+(\d+)/.exec(tail)?.[1] ?? file.length));
  const head = /^xref\s+0 (\d+)\s*?\n/.exec(table.subarray(0, 64).toString("latin1"));
  return (id) => {
    const number = Number(id);
    if (!head || id === undefined || number >= Number(head[1])) return "";
    // An entry is 20 bytes, the first ten of them the offset (ISO 32000-1, 7.5.4).
    const entry = head[0].length + 20 * number;
    const start = Number(table.subarray(entry, entry + 10).toString("latin1"));
    return file.subarray(start, file.indexOf("endobj", start)).toString("latin1");
  };
}

const decodeName = (name: string): string =>
  name.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
