import { sha256Hex } from "../../util/hash.ts";
import { safeCell } from "../csv.ts";

/** The most a cell can hold; a spreadsheet refuses or repairs a file with more. https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3 */
export const longestCell = 32_767;

/**
 * Text as a cell of the work paper has it: as in the CSV files, and what spreadsheets read as an escape (`_x0041_`) as it
 * was written; what is longer than a cell ends with its length and SHA-256.
 */
export function cellText(text: string): string {
  // ECMA-376 part 1, 22.9.2.19: `_xHHHH_` stands for a character, and `_x005F_` for its first underscore.
  const shown = safeCell(text).replace(/_(?=x[0-9A-Fa-f]{4}_)/g, "_x005F_");
  return shown.length <= longestCell ? shown : fitted(shown, text);
}

function fitted(shown: string, text: string): string {
  const tail = `… (${text.length.toLocaleString("en-GB")} characters, SHA-256 ${sha256Hex(text)})`;
  const head = shown.slice(0, longestCell - tail.length);
  return `${/[\ud800-\udbff]$/.test(head) ? head.slice(0, -1) : head}${tail}`;
}
