import { openPdf } from "./pdf-file.ts";
import { dictionaryText, type Raw } from "./syntax.ts";

/** An object of a PDF by its number: what stands between `obj` and `endobj`. */
export interface PlainObject {
  readonly number: number;
  readonly body: Buffer;
}

/** A PDF as Chromium writes it: plain objects and the one table that names them. */
export interface PlainFile {
  /** In the order in which they stand. */
  readonly objects: readonly PlainObject[];
  readonly trailer: ReadonlyMap<string, Raw>;
  /** One more than the highest number. */
  readonly size: number;
}

/** Reads all objects of a PDF as Chromium writes it, without copying them. Throws for one that was continued, or without a classic cross-reference table. */
export function plainFile(pdf: Uint8Array): PlainFile {
  const { bytes, lastTable, trailer } = openPdf(pdf);
  if (trailer.has("Prev")) throw new Error("the printed file was continued already");
  const size = Number(trailer.get("Size"));
  const head = /^xref\s+0 (\d+)\s*?\n/.exec(bytes.subarray(lastTable, lastTable + 64).toString("latin1"));
  if (head === null || Number(head[1]) !== size) throw new Error("the printed file has no cross-reference table");
  const first = lastTable + head[0].length;
  const found = Array.from({ length: size }, (_, number) => {
    const entry = bytes.subarray(first + 20 * number, first + 20 * number + 18).toString("latin1");
    return { number, offset: entry.endsWith("n") ? Number(entry.slice(0, 10)) : undefined };
  }).flatMap(({ number, offset }) => (offset === undefined ? [] : [{ number, offset }]));
  const sorted = found.toSorted((a, b) => a.offset - b.offset);
  const objects = sorted.map(({ number, offset }, i) => {
    const start = offset + `${number} 0 obj`.length;
    const end = bytes.lastIndexOf("endobj", (sorted[i + 1]?.offset ?? lastTable) - 1);
    if (end < start) throw new Error(`the PDF's object ${number} is not where its cross-reference table says`);
    return { number, body: trimmed(bytes.subarray(start, end)) };
  });
  return { objects, trailer, size };
}

/** The beginning of a file of these objects, and where each lies in it, by its number. */
export interface WrittenObjects {
  readonly parts: Buffer[];
  readonly length: number;
  readonly offsets: ReadonlyMap<number, number>;
}

/** Writes objects, one after the other, as the beginning of a PDF of the version. */
export function writeObjects(objects: Iterable<PlainObject>, version: string): WrittenObjects {
  // The second line is Chromium's mark of a binary file.
  const parts: Buffer[] = [Buffer.from(`%PDF-${version}\n%\xd3\xeb\xe9\xe1\n`, "latin1")];
  let length = parts[0]?.length ?? 0;
  const offsets = new Map<number, number>();
  for (const { number, body } of objects) {
    offsets.set(number, length);
    const head = Buffer.from(`${number} 0 obj\n`);
    parts.push(head, body, objectEnd);
    length += head.length + body.length + objectEnd.length;
  }
  return { parts, length, offsets };
}

/** The cross-reference table of written objects, and the trailer after it. */
export function writeTable({ offsets }: WrittenObjects, size: number, trailer: ReadonlyMap<string, Raw>): string {
  const entries = Array.from({ length: size }, (_, number) => {
    const offset = offsets.get(number);
    return offset === undefined ? "0000000000 65535 f \n" : `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  return `xref\n0 ${size}\n${entries.join("")}trailer\n${dictionaryText(trailer)}\n`;
}

/** The end of a file whose last cross-reference table begins there. */
export const fileEnd = (table: number): string => `startxref\n${table}\n%%EOF\n`;

const objectEnd = Buffer.from("\nendobj\n");

/** Without the line ends around it. */
function trimmed(body: Buffer): Buffer {
  const start = body[0] === 13 ? 2 : body[0] === 10 ? 1 : 0;
  const end = body.at(-1) === 10 ? body.length - 1 : body.length;
  return body.subarray(start, end);
}
