/** The bytes of one object of a PDF, as they stand: `/Name`, `(text)`, `12 0 R`, `[...]`, `<<...>>`. */
export type Raw = string;

const white = new Set([0, 9, 10, 12, 13, 32]);
const delimiters = new Set([..."()<>[]{}/%"].map((character) => character.charCodeAt(0)));
const code = (character: string): number => character.charCodeAt(0);

/** Where the next token begins: past white space and comments (ISO 32000-1, 7.2). */
function skipSpace(file: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    const byte = file[at];
    if (byte === undefined) return at;
    if (byte === code("%")) while (file[at] !== undefined && file[at] !== 10 && file[at] !== 13) at += 1;
    else if (white.has(byte)) at += 1;
    else return at;
  }
}

/** Where the object beginning at `from` ends; a reference is one object (ISO 32000-1, 7.3). Throws for anything malformed. */
function skipValue(file: Uint8Array, from: number, depth = 0): number {
  if (depth > 100) throw new Error("the PDF nests too deeply to be read");
  const [first, second] = [file[from], file[from + 1]];
  if (first === code("(")) return skipLiteral(file, from);
  if (first === code("[")) return skipUntil(file, from + 1, "]", depth);
  if (first === code("<") && second === code("<")) return skipUntil(file, from + 2, ">>", depth);
  if (first === code("<")) {
    let at = from + 1;
    while (file[at] !== undefined && file[at] !== code(">")) at += 1;
    if (file[at] === undefined) throw new Error("the PDF breaks off in a string");
    return at + 1;
  }
  const end = skipRegular(file, first === code("/") ? from + 1 : from);
  if (end === from) throw new Error(`the PDF cannot be read at byte ${from}`);
  return skipReference(file, from, end) ?? end;
}

/** The entries of the dictionary beginning at `from`, and where it ends. Throws where there is none, and for a key that stands twice. */
export function readDictionary(
  file: Uint8Array,
  from: number,
): { readonly entries: ReadonlyMap<string, Raw>; readonly end: number; readonly places: ReadonlyMap<string, number> } {
  const entries = new Map<string, Raw>();
  const places = new Map<string, number>();
  let at = skipSpace(file, from);
  if (file[at] !== code("<") || file[at + 1] !== code("<"))
    throw new Error(`the PDF has no dictionary at byte ${from}`);
  at = skipSpace(file, at + 2);
  while (file[at] !== code(">")) {
    if (file[at] !== code("/")) throw new Error(`the PDF's dictionary cannot be read at byte ${at}`);
    const keyEnd = skipRegular(file, at + 1);
    const key = nameOf(latin1(file, at, keyEnd));
    const start = skipSpace(file, keyEnd);
    const end = skipValue(file, start);
    if (entries.has(key)) throw new Error(`the PDF's dictionary says /${key} twice`);
    entries.set(key, latin1(file, start, end));
    places.set(key, start);
    at = skipSpace(file, end);
  }
  return { entries, end: at + 2, places };
}

/** The entries of a dictionary given as its text. */
export const dictionaryOf = (raw: Raw): ReadonlyMap<string, Raw> =>
  readDictionary(Buffer.from(raw, "latin1"), 0).entries;

/** The objects in an array given as its text. Throws where it is none. */
export function arrayOf(raw: Raw): Raw[] {
  const file = Buffer.from(raw, "latin1");
  if (file[0] !== code("[")) throw new Error("the PDF has no array where one is needed");
  const items: Raw[] = [];
  for (let at = skipSpace(file, 1); file[at] !== code("]"); ) {
    const end = skipValue(file, at);
    items.push(latin1(file, at, end));
    at = skipSpace(file, end);
  }
  return items;
}

/** The number of the object that a reference names; undefined where it is none. */
export function referenceOf(raw: Raw | undefined): number | undefined {
  const number = /^(\d{1,10})\s+0\s+R$/.exec(raw ?? "")?.[1];
  return number === undefined ? undefined : Number(number);
}

/** What a name says: `/text#2Fcsv` is `text/csv`. */
const nameOf = (raw: Raw): string =>
  raw.slice(1).replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** A text string, literal or hexadecimal, in UTF-16 with its mark or as Latin-1 (which PDFDocEncoding is for what is written here). */
export function textOf(raw: Raw): string {
  const bytes = raw.startsWith("(") ? literalBytes(raw) : Buffer.from(raw.replace(/[<>\s]/g, ""), "hex");
  if (bytes[0] !== 0xfe || bytes[1] !== 0xff) return bytes.toString("latin1");
  return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
    .swap16()
    .toString("utf16le");
}

/** A text in UTF-16 with its mark, as hexadecimal: nothing in it can end it. */
export const textString = (value: string): Raw =>
  `<FEFF${Buffer.from(value.toWellFormed(), "utf16le").swap16().toString("hex").toUpperCase()}>`;

/** A date as PDF writes it, of an instant in ISO 8601. */
export const dateString = (instant: string): Raw =>
  `(D:${new Date(instant).toISOString().slice(0, 19).replace(/[-:T]/g, "")}Z)`;

/** A dictionary's text of its entries, whose values are written already. */
export const dictionaryText = (entries: Iterable<readonly [string, Raw]>): Raw =>
  `<<${Array.from(entries, ([key, value]) => `/${nameText(key)} ${value}`).join("\n")}>>`;

/** A name as it may stand after its slash. */
export const nameText = (name: string): string =>
  name.replace(/[^\w.+-]/g, (character) => `#${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);

function skipUntil(file: Uint8Array, from: number, end: "]" | ">>", depth: number): number {
  for (let at = skipSpace(file, from); ; at = skipSpace(file, skipValue(file, at, depth + 1))) {
    if (file[at] === undefined) throw new Error("the PDF breaks off in an object");
    if (file[at] === code(end) && (end === "]" || file[at + 1] === code(">"))) return at + end.length;
  }
}

function skipLiteral(file: Uint8Array, from: number): number {
  let open = 0;
  for (let at = from; file[at] !== undefined; at += 1) {
    if (file[at] === code("\\")) at += 1;
    else if (file[at] === code("(")) open += 1;
    else if (file[at] === code(")") && --open === 0) return at + 1;
  }
  throw new Error("the PDF breaks off in a text");
}

function skipRegular(file: Uint8Array, from: number): number {
  let at = from;
  for (let byte = file[at]; byte !== undefined && !white.has(byte) && !delimiters.has(byte); byte = file[at]) at += 1;
  return at;
}

/** The end of `12 0 R` when the number ending at `end` begins one. */
function skipReference(file: Uint8Array, from: number, end: number): number | undefined {
  const match = /^\d+\s+\d+\s+R(?![^\s()<>[\]{}/%])/.exec(latin1(file, from, Math.min(file.length, end + 32)));
  return match ? from + match[0].length : undefined;
}

function literalBytes(raw: Raw): Buffer {
  const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };
  const text = raw.slice(1, -1).replace(/\\(?:([0-7]{1,3})|(\r\n|[\s\S]))/g, (_, octal?: string, other = "") => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
    return /[\r\n]/.test(other) ? "" : (escapes[other] ?? other);
  });
  return Buffer.from(text, "latin1");
}

const latin1 = (file: Uint8Array, from: number, to: number): string =>
  Buffer.from(file.buffer, file.byteOffset + from, Math.max(0, to - from)).toString("latin1");
