import { stringify } from "csv-stringify/sync";
import type { AssessmentResult } from "../model/assessment.ts";
import { controlsTable } from "./tables/controls.ts";
import { exceptionsTable } from "./tables/findings.ts";
import { changesTable, commitsTable, deploymentsTable, settingsTable } from "./tables/items.ts";
import type { Table } from "./tables/table.ts";
import { visible } from "./visible.ts";

// What a spreadsheet may take for a formula: also behind blanks, line ends and characters it does not show, and in the
// full-width forms it folds. csv-stringify's own escape_formulas misses those.
const formula =
  /^[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@|%\uff1d\uff0b\uff0d\uff20\u2212]|^[\t\r\n]/u;

/** A cell that no spreadsheet runs and whose every character shows: text that could start a formula is led by an apostrophe; no token in it. */
export function safeCell(text: string): string {
  const shown = visible(text);
  // What was hidden before a formula's first character is now written out; it stays quoted, for who cleans it away.
  return formula.test(text) ? `'${shown}` : shown;
}

/** A CSV file of the pack and how many rows it has under its head. */
export interface CsvFile {
  readonly text: string;
  readonly rows: number;
}

/** The columns of a table that have a name for it, as RFC 4180 has it but for the line ends, which are LF. */
export function csvOf({ columns, rows }: Table): CsvFile {
  const named = columns.flatMap(({ name }, index) => (name === undefined ? [] : [{ name, index }]));
  const cells = rows.map((row) =>
    named.map(({ index }) => {
      const value = row[index] ?? "";
      return typeof value === "number" ? String(value) : safeCell(value);
    }),
  );
  const text = stringify([named.map(({ name }) => name), ...cells], { record_delimiter: "\n" });
  return { text, rows: rows.length };
}

const tables: Readonly<Record<string, (result: AssessmentResult) => Table>> = {
  "changes.csv": changesTable,
  "commits.csv": commitsTable,
  "deployments.csv": deploymentsTable,
  "settings.csv": settingsTable,
  "exceptions.csv": exceptionsTable,
  "controls.csv": controlsTable,
};

/** The names of the pack's CSV files. */
export const csvNames: readonly string[] = Object.keys(tables);

/** The pack's CSV files by name. */
export function csvFiles(result: AssessmentResult): ReadonlyMap<string, CsvFile> {
  return new Map(Object.entries(tables).map(([name, table]) => [name, csvOf(table(result))]));
}

/** The text of `changes.csv`. */
export const changesCsv = (result: AssessmentResult): string => csvOf(changesTable(result)).text;

/** The text of `deployments.csv`. */
export const deploymentsCsv = (result: AssessmentResult): string => csvOf(deploymentsTable(result)).text;
