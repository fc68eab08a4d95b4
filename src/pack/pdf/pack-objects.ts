import { deflateSync } from "node:zlib";
import { fileEnd, type PlainObject, plainFile, writeObjects, writeTable } from "./plain-objects.ts";
import { dictionaryText } from "./syntax.ts";

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
  const { objects, trailer, size } = plainFile(pdf);
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

  // Object streams are of PDF 1.5; Chromium says 1.4.
  const file = writeObjects(written, "1.7");
  const known = new Map(trailer).set("Size", String(references + 1));
  const table = writeTable(file, references + 1, known);
  // A section of its own, as office programs write it: some readers hold an entry of the same table against the stream's.
  const last = new Map(known).set("Prev", String(file.length)).set("XRefStm", String(file.offsets.get(references)));
  const section = `xref\n0 0\ntrailer\n${dictionaryText(last)}\n`;
  return Buffer.concat([
    ...file.parts,
    Buffer.from(`${table}${section}${fileEnd(file.length + table.length)}`, "latin1"),
  ]);
}

function objectStream(group: readonly PlainObject[]): Buffer {
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
