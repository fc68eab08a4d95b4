import type { Value } from "../tables/table.ts";
import { cellText } from "./cell-text.ts";

/** How a cell looks. */
export const looks = ["text", "number", "head", "title", "wrapped", "fail", "notVerifiable"] as const;
export type Look = (typeof looks)[number];

/** A cell with a look of its own; a value alone has that of its type. */
export interface StyledCell {
  readonly value: Value;
  readonly look: Look;
}

export type SheetCell = Value | StyledCell;

/** Writes the rows of a sheet as SpreadsheetML, some thousand characters at a time; every text is typed as text. */
export function* sheetRows(
  rows: Iterable<readonly SheetCell[]>,
  styles: Readonly<Record<Look, string>>,
): Generator<string> {
  let parts: string[] = [];
  let line = 0;
  for (const row of rows) {
    line += 1;
    parts.push(`<row r="${line}">`);
    row.forEach((cell, index) => {
      const { value, look } = isStyled(cell) ? cell : { value: cell, look: lookOf(cell) };
      if (value === null || value === "") return;
      const place = `<c r="${columnName(index)}${line}" s="${styles[look]}"`;
      parts.push(
        typeof value === "number"
          ? `${place}><v>${value}</v></c>`
          : `${place} t="inlineStr"><is><t xml:space="preserve">${escaped(cellText(value))}</t></is></c>`,
      );
    });
    parts.push("</row>");
    if (parts.length > 4000) {
      yield parts.join("");
      parts = [];
    }
  }
  yield parts.join("");
}

/** `A`, `Z`, `AA`: a column's name by its index. */
export function columnName(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : `${columnName(Math.floor(index / 26) - 1)}${last}`;
}

const isStyled = (cell: SheetCell): cell is StyledCell => cell !== null && typeof cell === "object";

/** An outcome that somebody looks for stands out; its word says it, the look only helps to find it. */
function lookOf(value: Value): Look {
  if (typeof value === "number") return "number";
  return value === "fail" || value === "notVerifiable" ? value : "text";
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const escaped = (text: string): string => text.replace(/[&<>]/g, (character) => escapes[character] ?? "");
