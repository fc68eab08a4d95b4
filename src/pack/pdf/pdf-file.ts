import { type Raw, readDictionary, referenceOf } from "./syntax.ts";

/** An object of a PDF that is a dictionary: its entries, where each value begins, and, of a stream, where its bytes begin. */
export interface PdfObject {
  readonly entries: ReadonlyMap<string, Raw>;
  readonly places: ReadonlyMap<string, number>;
  readonly stream: number | undefined;
}

/** A PDF with classic cross-reference tables, as Chromium writes and this tool continues it. */
export interface PdfFile {
  readonly bytes: Buffer;
  /** Where its last cross-reference table begins. */
  readonly lastTable: number;
  /** Of the last section. */
  readonly trailer: ReadonlyMap<string, Raw>;
  /** The dictionary under a number; throws where there is none. */
  object(number: number): PdfObject;
  /** The text of the value that is meant: of what is referred to, or the value itself. */
  value(raw: Raw): Raw;
}

interface Section {
  readonly runs: readonly { readonly first: number; readonly count: number; readonly at: number }[];
  readonly trailer: ReadonlyMap<string, Raw>;
}

/** An entry is 20 bytes, the first ten of them the offset (ISO 32000-1, 7.5.4). */
const entryBytes = 20;

/** Opens a PDF without copying it. Throws where its cross-reference tables cannot be followed. */
export function openPdf(pdf: Uint8Array): PdfFile {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const lastTable = Number(/startxref\s+(\d{1,12})\s+%%EOF\s*$/.exec(bytes.subarray(-64).toString("latin1"))?.[1]);
  if (!bytes.subarray(0, 5).equals(Buffer.from("%PDF-")) || Number.isNaN(lastTable)) {
    throw new Error("the file is not a whole PDF");
  }
  const sections = readSections(bytes, lastTable);
  const trailer = sections[0]?.trailer ?? new Map<string, Raw>();
  const placeOf = (number: number): number => {
    const at = entryOf(sections, number);
    const entry = at === undefined ? "" : bytes.subarray(at, at + 18).toString("latin1");
    const offset = /^(\d{10}) 00000 n/.exec(entry)?.[1];
    const head = `${number} 0 obj`;
    const place = Number(offset ?? Number.NaN);
    if (bytes.subarray(place, place + head.length).toString("latin1") !== head) {
      throw new Error(`the PDF's object ${number} is not where its cross-reference table says`);
    }
    return place + head.length;
  };
  return {
    bytes,
    lastTable,
    trailer,
    object: (number) => {
      const { entries, places, end } = readDictionary(bytes, placeOf(number));
      const keyword = /^\s*stream(\r\n|\n)/.exec(bytes.subarray(end, end + 20).toString("latin1"))?.[0];
      return { entries, places, stream: keyword === undefined ? undefined : end + keyword.length };
    },
    value: (raw) => {
      const number = referenceOf(raw);
      if (number === undefined) return raw;
      const start = placeOf(number);
      const end = bytes.indexOf("endobj", start);
      return bytes
        .subarray(start, end < 0 ? start : end)
        .toString("latin1")
        .trim();
    },
  };
}

/** The number of the catalog. Throws where the trailer names none. */
export function catalogOf(file: PdfFile): number {
  const root = referenceOf(file.trailer.get("Root"));
  if (root === undefined) throw new Error("the PDF names no catalog");
  return root;
}

function readSections(bytes: Buffer, lastTable: number): Section[] {
  const sections: Section[] = [];
  // Each older table lies before the newer: no chain can turn back on itself.
  for (let at: number | undefined = lastTable; at !== undefined; ) {
    const section = readSection(bytes, at);
    sections.push(section);
    const previous: Raw | undefined = section.trailer.get("Prev");
    if (previous !== undefined && !(Number(previous) < at)) throw new Error("the PDF's sections are out of order");
    at = previous === undefined ? undefined : Number(previous);
  }
  return sections;
}

function readSection(bytes: Buffer, from: number): Section {
  const runs: { first: number; count: number; at: number }[] = [];
  const head = /^xref\s+/.exec(bytes.subarray(from, from + 16).toString("latin1"))?.[0];
  if (head === undefined) throw new Error("the PDF has no classic cross-reference table");
  for (let at = from + head.length; ; ) {
    const line = bytes.subarray(at, at + 48).toString("latin1");
    const run = /^(\d{1,10}) (\d{1,10})\s*?\r?\n/.exec(line);
    if (!run) {
      const end = /^\s*trailer/.exec(line)?.[0];
      if (end === undefined) throw new Error("the PDF's cross-reference table cannot be read");
      return { runs, trailer: readDictionary(bytes, at + end.length).entries };
    }
    at += run[0].length;
    runs.push({ first: Number(run[1]), count: Number(run[2]), at });
    at += entryBytes * Number(run[2]);
  }
}

/** Where the newest entry for an object's number stands. */
function entryOf(sections: readonly Section[], number: number): number | undefined {
  for (const { runs } of sections) {
    const run = runs.find(({ first, count }) => number >= first && number < first + count);
    if (run) return run.at + entryBytes * (number - run.first);
  }
  return undefined;
}
