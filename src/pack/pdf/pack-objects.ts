import { deflateSync } from "node:zlib";
import { openPdf } from "./pdf-file.ts";
import { dictionaryText } from "./syntax.ts";

interface Kept {
  readonly number: number;
  readonly body: Buffer;
}

/** Tags and links: small, many and alike, and read by nothing but a PDF 1.5 reader. */
const packable = /^\s*<<\s*\/Type \/(?:StructElem|Annot)\b/;
/** How many share a stream: a reader unpacks a whole one for each that it needs. */
const perStream = 500;

/**
 * The PDF as Chromium writes it with its tags and links in compressed object streams, which halves a long document and
 * loses nothing: a hybrid file (ISO 32000-1, 7.5.7 and 7.5.8.4), whose other objects stay where a classic
 * cross-reference table names them. Throws for a PDF that was continued already, or without such a table.
 */
export function withPackedObjects(pdf: Uint8Array): Uint8Array {
  const { bytes, lastTable, trailer } = openPdf(pdf);
  if (trailer.has("Prev")) throw new Error("the printed file was continued already");
  const size = Number(trailer.get("Size"));
  const objects = objectsOf(bytes, lastTable, size);
  const packed = objects.filter(({ body }) => packable.test(body.subarray(0, 40).toString("latin1")));
  const hidden = new Set(packed.map(({ number }) => number));
  if (packed.length === 0) return pdf;
  const groups = Array.from({ length: Math.ceil(packed.length / perStream) }, (_, i) =>
    packed.slice(i * perStream, (i + 1) * perStream),
  );
  const places = new Map(
    groups.flatMap((group, stream) => group.map(({ number }, index) => [number, [size + stream, index] as const])),
  );
  const references = size + groups.length;
  const written = [
    ...objects.filter(({ number }) => !hidden.has(number)),
    ...groups.map((group, i) => ({ number: size + i, body: objectStream(group) })),
    { number: references, body: referenceStream(places, references + 1) },
  ];

  // Object streams are of PDF 1.5; Chromium says 1.4. The second line is its mark of a binary file.
  const parts: Buffer[] = [Buffer.from("%PDF-1.7\n%\xd3\xeb\xe9\xe1\n", "latin1")];
  let length = parts[0]?.length ?? 0;
  const offsets = new Map<number, number>();
  for (const { number, body } of written) {
    offsets.set(number, length);
    const object = Buffer.concat([Buffer.from(`${number} 0 obj\n`), body, Buffer.from("\nendobj\n")]);
    parts.push(object);
    length += object.length;
  }
  const entries = Array.from({ length: references + 1 }, (_, number) => {
    const offset = offsets.get(number);
    return offset === undefined ? "0000000000 65535 f \n" : `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const known = new Map(trailer).set("Size", String(references + 1));
  const table = `xref\n0 ${references + 1}\n${entries.join("")}trailer\n${dictionaryText(known)}\n`;
  // A section of its own, as office programs write it: some readers hold an entry of the same table against the stream's.
  const last = new Map(known).set("Prev", String(length)).set("XRefStm", String(offsets.get(references)));
  const section = `xref\n0 0\ntrailer\n${dictionaryText(last)}\n`;
  parts.push(Buffer.from(`${table}${section}startxref\n${length + table.length}\n%%EOF\n`, "latin1"));
  return Buffer.concat(parts);
}

/** The objects that the one table names, in the order in which they stand. */
function objectsOf(bytes: Buffer, table: number, size: number): readonly Kept[] {
  const head = /^xref\s+0 (\d+)\s*?\n/.exec(bytes.subarray(table, table + 64).toString("latin1"));
  if (head === null || Number(head[1]) !== size) throw new Error("the printed file has no cross-reference table");
  const first = table + head[0].length;
  const found = Array.from({ length: size }, (_, number) => {
    const entry = bytes.subarray(first + 20 * number, first + 20 * number + 18).toString("latin1");
    return { number, offset: entry.endsWith("n") ? Number(entry.slice(0, 10)) : undefined };
  }).flatMap(({ number, offset }) => (offset === undefined ? [] : [{ number, offset }]));
  const sorted = found.toSorted((a, b) => a.offset - b.offset);
  return sorted.map(({ number, offset }, i) => {
    const start = offset + `${number} 0 obj`.length;
    const end = bytes.lastIndexOf("endobj", (sorted[i + 1]?.offset ?? table) - 1);
    if (end < start) throw new Error(`the PDF's object ${number} is not where its cross-reference table says`);
    return { number, body: trimmed(bytes.subarray(start, end)) };
  });
}

/** Without the line ends around it. */
function trimmed(body: Buffer): Buffer {
  const start = body[0] === 13 ? 2 : body[0] === 10 ? 1 : 0;
  const end = body.at(-1) === 10 ? body.length - 1 : body.length;
  return body.subarray(start, end);
}

function objectStream(group: readonly Kept[]): Buffer {
  let at = 0;
  const heads = group.map(({ number, body }) => {
    const head = `${number} ${at}`;
    at += body.length + 1;
    return head;
  });
  const head = Buffer.from(`${heads.join(" ")}\n`);
  const bodies = group.flatMap(({ body }) => [body, Buffer.from("\n")]);
  return stream(`/Type /ObjStm\n/N ${group.length}\n/First ${head.length}`, Buffer.concat([head, ...bodies]));
}

/** Where each packed object lies: in which stream, the how manieth. */
function referenceStream(places: ReadonlyMap<number, readonly [stream: number, index: number]>, size: number): Buffer {
  const runs: { first: number; count: number }[] = [];
  const rows: Buffer[] = [];
  for (const [number, [container, index]] of [...places].sort(([a], [b]) => a - b)) {
    const run = runs.at(-1);
    if (run && run.first + run.count === number) run.count += 1;
    else runs.push({ first: number, count: 1 });
    const row = Buffer.alloc(7);
    row.writeUInt8(2, 0);
    row.writeUInt32BE(container, 1);
    row.writeUInt16BE(index, 5);
    rows.push(row);
  }
  const index = runs.map(({ first, count }) => `${first} ${count}`).join(" ");
  return stream(`/Type /XRef\n/Size ${size}\n/W [1 4 2]\n/Index [${index}]`, Buffer.concat(rows));
}

function stream(entries: string, content: Buffer): Buffer {
  const packed = deflateSync(content, { level: 9 });
  return Buffer.concat([
    Buffer.from(`<<${entries}\n/Filter /FlateDecode\n/Length ${packed.length}>>\nstream\n`, "latin1"),
    packed,
    Buffer.from("\nendstream"),
  ]);
}
