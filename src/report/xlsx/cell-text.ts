import { sha256Hex } from "../../util/hash.ts";
import { safeCell } from "../csv.ts";

/** The most a cell can hold; a spreadsheet refuses or repairs a file with more. https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3 */
export const longestCell = 32_767;

// What the writer of the file leaves out without a word, as XML forbids or discourages it.
const dropped = /[\ufffd\p{Noncharacter_Code_Point}]/gu;

const named = (character: string): string =>
  `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}›`;

/**
 * Text as a cell of the work paper has it: as in the CSV files, and what spreadsheets read as an escape (`_x0041_`) as it
 * was written; what is longer than a cell ends with its length and SHA-256.
 */
export function cellText(text: string): string {
  // ECMA-376 part 1, 22.9.2.19: `_xHHHH_` stands for a character, and `_x005F_` for its first underscore.
  const shown = safeCell(text)
    .replace(dropped, named)
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
  const whole = shown.length <= longestCell ? shown : fitted(shown, text);
  // The writer looks strings up in a plain object, which has these names from birth; it drops the NUL when it writes.
  return whole in Object.prototype ? `${whole}\u0000` : whole;
}

function fitted(shown: string, text: string): string {
  const tail = `… (${text.length.toLocaleString("en-GB")} characters, SHA-256 ${sha256Hex(text)})`;
  const head = shown.slice(0, longestCell - tail.length);
  return `${/[\ud800-\udbff]$/.test(head) ? head.slice(0, -1) : head}${tail}`;
}
