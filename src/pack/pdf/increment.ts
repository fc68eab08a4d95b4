import type { PdfFile } from "./pdf-file.ts";
import { dictionaryText, type Raw } from "./syntax.ts";

/** An object to be appended: all between `obj` and `endobj`. */
export interface NewObject {
  readonly number: number;
  readonly body: readonly (Raw | Uint8Array)[];
}

/** A PDF continued, and where in it each new object's body begins. */
export interface Continued {
  readonly bytes: Buffer;
  readonly places: ReadonlyMap<number, number>;
}

/** The lowest number that no object of the PDF bears. */
export const nextNumber = (file: PdfFile): number => Number(file.trailer.get("Size"));

/**
 * Appends objects, new ones or replacements, as a section of their own (ISO 32000-1, 7.5.6). Not a byte of what is
 * there changes, so tags, outline and links stay; and no object is parsed but the few that are replaced, which a
 * library would do with all of a long tagged document.
 */
export function continuePdf(file: PdfFile, objects: readonly NewObject[]): Continued {
  const parts: Uint8Array[] = [file.bytes];
  let length = file.bytes.length;
  const add = (part: Raw | Uint8Array): void => {
    const bytes = typeof part === "string" ? Buffer.from(part, "latin1") : part;
    parts.push(bytes);
    length += bytes.length;
  };
  if (file.bytes.at(-1) !== 10) add("\n");
  const offsets = new Map<number, number>();
  const places = new Map<number, number>();
  const sorted = objects.toSorted((a, b) => a.number - b.number);
  for (const { number, body } of sorted) {
    offsets.set(number, length);
    add(`${number} 0 obj\n`);
    places.set(number, length);
    body.forEach(add);
    add("\nendobj\n");
  }
  const table = length;
  const size = Math.max(nextNumber(file), ...sorted.map(({ number }) => number + 1));
  const trailer = new Map(file.trailer).set("Size", String(size)).set("Prev", String(file.lastTable));
  // The section before has it, and stays.
  trailer.delete("XRefStm");
  add(`${crossReferences(offsets)}trailer\n${dictionaryText(trailer)}\nstartxref\n${table}\n%%EOF\n`);
  return { bytes: Buffer.concat(parts, length), places };
}

/** One run of consecutive numbers after the other. */
function crossReferences(offsets: ReadonlyMap<number, number>): string {
  const runs: { first: number; entries: string[] }[] = [];
  for (const [number, offset] of offsets) {
    const entry = `${String(offset).padStart(10, "0")} 00000 n \n`;
    const run = runs.at(-1);
    if (run && run.first + run.entries.length === number) run.entries.push(entry);
    else runs.push({ first: number, entries: [entry] });
  }
  return `xref\n${runs.map(({ first, entries }) => `${first} ${entries.length}\n${entries.join("")}`).join("")}`;
}
