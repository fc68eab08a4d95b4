/** What a reader's document properties show. */
export interface PdfInfo {
  readonly title: string;
  readonly author: string;
  readonly creator: string;
  /** ISO 8601 in UTC to the second; the same pack carries the same date. */
  readonly date: string;
}

/**
 * The PDF with these document properties instead of the browser's, which tell its own name and the time of printing.
 * Expects a classic cross-reference table, as Chromium writes; throws where there is none (ISO 32000-1, 7.5.4, 14.3.3).
 */
export function withPdfInfo(pdf: Uint8Array, info: PdfInfo): Uint8Array {
  const file = Buffer.from(pdf);
  const startxref = file.lastIndexOf("startxref");
  const tail = file.subarray(startxref).toString("latin1");
  const offset = Number(/startxref\s+(\d+)/.exec(tail)?.[1]);
  const table = file.subarray(offset);
  const head = /^xref\s+0 \d+\s*?\n/.exec(table.subarray(0, 64).toString("latin1"))?.[0];
  const id = /\/Info (\d+) 0 R/.exec(table.subarray(table.lastIndexOf("trailer")).toString("latin1"))?.[1];
  if (head === undefined || id === undefined) throw new Error("the printed file has no cross-reference table");

  const entry = head.length + 20 * Number(id);
  const old = Number(table.subarray(entry, entry + 10).toString("latin1"));
  const end = file.indexOf("endobj", old) + "endobj".length;
  const producer = /\/Producer (\((?:[^()\\]|\\.)*\))/.exec(file.subarray(old, end).toString("latin1"))?.[1] ?? "()";
  file.fill(" ", old, end);

  const date = `(D:${info.date.replace(/[-:TZ]/g, "")}Z)`;
  const object = Buffer.from(
    `${id} 0 obj\n<</Title ${text(info.title)}\n/Author ${text(info.author)}\n/Creator ${text(info.creator)}\n/Producer ${producer}\n/CreationDate ${date}\n/ModDate ${date}>>\nendobj\n`,
    "latin1",
  );
  table.write(String(offset).padStart(10, "0"), entry, "latin1");
  const moved = tail.replace(/\d+/, String(offset + object.length));
  return Buffer.concat([
    file.subarray(0, offset),
    object,
    file.subarray(offset, startxref),
    Buffer.from(moved, "latin1"),
  ]);
}

/** A text string in UTF-16 with its byte order mark, as hexadecimal: nothing in it can end it. */
function text(value: string): string {
  return `<FEFF${Buffer.from(value.toWellFormed(), "utf16le").swap16().toString("hex").toUpperCase()}>`;
}
