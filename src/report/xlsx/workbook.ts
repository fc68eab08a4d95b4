import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { inflateRawSync } from "node:zlib";
import writeXlsxFile, { type CellObject } from "write-excel-file/node";
import { ZipFile } from "yazl";
import { columnName, type Look, looks, type SheetCell, sheetRows } from "./sheet-rows.ts";

/** A sheet of a workbook. */
export interface WorkSheet {
  readonly name: string;
  /** In characters. */
  readonly widths: readonly number[];
  /** How many rows there are where the first is a head: it and the first column stay in sight, and the columns can be filtered; null for any other sheet. */
  readonly table: number | null;
  /** Gone through once, when they are written. */
  readonly rows: Iterable<readonly SheetCell[]>;
}

/**
 * Writes a workbook; the same sheets give the same bytes. The library makes everything but the rows, which are written
 * one by one: its own way takes more than a gigabyte for 25,000 changes.
 */
export async function workbook(sheets: readonly WorkSheet[]): Promise<Uint8Array> {
  const parts = await skeleton(sheets);
  const styles = stylesOf(parts.get(sheetPath(0)) ?? "");
  const zip = new ZipFile();
  // The moment of writing shows nowhere; a ZIP states times in local time, from 1980 on.
  const options = { mtime: new Date(1981, 0, 1), mode: 0o100644, forceDosTimestamp: true };
  const bySheet = new Map(sheets.map((sheet, index) => [sheetPath(index), sheet]));
  for (const [name, xml] of parts) {
    const sheet = bySheet.get(name);
    if (sheet) zip.addReadStreamLazy(name, options, (given) => given(null, Readable.from(filled(xml, sheet, styles))));
    else zip.addBuffer(Buffer.from(name === "xl/workbook.xml" ? named(xml, sheets) : xml), name, options);
  }
  zip.end();
  return buffer(zip.outputStream);
}

const sheetPath = (index: number): string => `xl/worksheets/sheet${index + 1}.xml`;

const top = { alignVertical: "top" } as const;
const text = { ...top, type: String, format: "@", value: "x" } as const;
const cells: Readonly<Record<Look, CellObject>> = {
  text,
  number: { ...top, type: Number, value: 0 },
  head: { ...text, fontWeight: "bold", wrap: true, backgroundColor: "#e6ebef" },
  title: { ...text, fontWeight: "bold", fontSize: 12 },
  wrapped: { ...text, wrap: true },
  fail: { ...text, fontWeight: "bold", textColor: "#9b2915" },
  notVerifiable: { ...text, fontStyle: "italic", textColor: "#6b4d00" },
};

/** The files of the workbook by name, each sheet with one row: a cell of every look. */
async function skeleton(sheets: readonly WorkSheet[]): Promise<ReadonlyMap<string, string>> {
  const data = [looks.map((look) => cells[look])];
  const written = writeXlsxFile(
    sheets.map(({ name, widths, table }) => ({
      sheet: name,
      data,
      columns: widths.map((width) => ({ width })),
      orientation: "landscape" as const,
      ...(table !== null ? { stickyRowsCount: 1, stickyColumnsCount: 1 } : {}),
    })),
    { fontFamily: "Calibri", fontSize: 10 },
  );
  return unzipped(await written.toBuffer());
}

/** The workbook with the names by which a table's head is repeated on every printed page and its filter is found. */
function named(xml: string, sheets: readonly WorkSheet[]): string {
  const names = sheets.flatMap(({ name, widths, table }, index) =>
    table === null
      ? []
      : [
          `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">'${name}'!$A$1:$${columnName(widths.length - 1)}$${table}</definedName>`,
          `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">'${name}'!$1:$1</definedName>`,
        ],
  );
  return xml.replace("<definedNames/>", () => `<definedNames>${names.join("")}</definedNames>`);
}

function stylesOf(xml: string): Readonly<Record<Look, string>> {
  const found = [...xml.matchAll(/<c r="[A-Z]+1" s="(\d+)"/g)].map(([, style]) => style ?? "0");
  if (found.length !== looks.length) throw new Error("the workbook's library writes cells in another way now");
  return Object.fromEntries(looks.map((look, index) => [look, found[index]])) as Record<Look, string>;
}

function* filled(
  xml: string,
  { rows, widths, table }: WorkSheet,
  styles: Readonly<Record<Look, string>>,
): Generator<Buffer> {
  const [before = "", after = ""] = xml.split(/<sheetData>.*<\/sheetData>/s);
  yield Buffer.from(`${before}<sheetData>`);
  for (const part of sheetRows(rows, styles)) yield Buffer.from(part);
  const filter = table === null ? "" : `<autoFilter ref="A1:${columnName(widths.length - 1)}${table}"/>`;
  yield Buffer.from(`</sheetData>${filter}${after}`);
}

/** The texts in a ZIP of the library's. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3 */
function unzipped(zip: Buffer): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const end = zip.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const name = at + 46;
    const afterName = name + zip.readUInt16LE(at + 28);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20));
    files.set(zip.toString("utf8", name, afterName), inflateRawSync(packed).toString("utf8"));
    at = afterName + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}
