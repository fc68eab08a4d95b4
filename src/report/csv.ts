import { stringify } from "csv-stringify/sync";
import type { AssessmentResult } from "../model/assessment.ts";
import { controlsTable } from "./tables/controls.ts";
import { coverageTable, recordsTable, unmatchedTable } from "./tables/evidence.ts";
import { bypassesTable, exceptionsTable, notVerifiableTable } from "./tables/findings.ts";
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
export function csvOf({ columns, size, row }: Table): CsvFile {
  const named = [...columns.keys()].filter((index) => columns[index]?.name !== undefined);
  const lines = Array.from({ length: size }, (_, index) =>
    row(index, named).map((value) => (typeof value === "number" ? String(value) : safeCell(value ?? ""))),
  );
  const text = stringify([named.map((index) => columns[index]?.name), ...lines], { record_delimiter: "\n" });
  return { text, rows: size };
}

const tables: Readonly<Record<string, { readonly of: (result: AssessmentResult) => Table; readonly row: string }>> = {
  "changes.csv": {
    of: changesTable,
    row: "a row per merged change and per commit that no change explains; classes names what sets a change apart, commits counts those of the period that it stands for",
  },
  "commits.csv": { of: commitsTable, row: "a row per commit that reached a released branch" },
  "deployments.csv": { of: deploymentsTable, row: "a row per production deployment" },
  "settings.csv": {
    of: settingsTable,
    row: "a row per setting of a released branch; tests counts what it was put to, tested_by names the controls",
  },
  "exceptions.csv": { of: exceptionsTable, row: "a row per exception, waived ones included" },
  "not-verifiable.csv": {
    of: notVerifiableTable,
    row: "a row per test of an item that the evidence does not decide, with the reason",
  },
  "bypasses.csv": {
    of: bypassesTable,
    row: "a row per bypass of a released branch’s rules; audit_log says whether the source’s audit log tells of it",
  },
  "unmatched.csv": { of: unmatchedTable, row: "a row per item that the tie-out matches with nothing" },
  "coverage.csv": {
    of: coverageTable,
    row: "a row per stream and interval: what was observed, and why the rest was not",
  },
  "records.csv": { of: recordsTable, row: "a row per record that the tests rest on, with its leaf in the ledger" },
  "controls.csv": { of: controlsTable, row: "a row per control, with its result and tally" },
};

/** What a row of each of the pack's CSV files is, by the file's name. */
export const csvRows: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(tables).map(([name, { row }]) => [name, row]),
);

/** The pack's CSV files by name. */
export function csvFiles(result: AssessmentResult): ReadonlyMap<string, CsvFile> {
  return new Map(Object.entries(tables).map(([name, table]) => [name, csvOf(table.of(result))]));
}

/** The text of `changes.csv`. */
export const changesCsv = (result: AssessmentResult): string => csvOf(changesTable(result)).text;

/** The text of `deployments.csv`. */
export const deploymentsCsv = (result: AssessmentResult): string => csvOf(deploymentsTable(result)).text;
