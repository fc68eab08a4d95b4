import type { AssessmentResult } from "../../model/assessment.ts";
import { number } from "../format.ts";
import type { DocumentState } from "../issue-view.ts";
import { controlsTable, criteriaTable } from "../tables/controls.ts";
import { coverageTable, recordsTable, unmatchedTable } from "../tables/evidence.ts";
import { bypassesTable, exceptionsTable, notVerifiableTable } from "../tables/findings.ts";
import { changesTable, commitsTable, deploymentsTable, settingsTable } from "../tables/items.ts";
import { attestationsTable, reReviewsTable } from "../tables/manual.ts";
import type { Table } from "../tables/table.ts";
import type { SheetCell } from "./sheet-rows.ts";
import { summaryRows, summaryWidths } from "./summary.ts";
import { type WorkSheet, workbook } from "./workbook.ts";

/** The rows that a sheet can have, its head included. */
const mostRows = 1_048_576;

/** For the auditor to fill in. */
const ticks: Table["columns"] = [
  { head: "Auditor: tick", width: 9 },
  { head: "Initials", width: 9 },
  { head: "Date", width: 12 },
  { head: "Remark", width: 50 },
];

const tables: Readonly<Record<string, (result: AssessmentResult) => Table>> = {
  Controls: controlsTable,
  Criteria: criteriaTable,
  Changes: changesTable,
  Commits: commitsTable,
  Deployments: deploymentsTable,
  Settings: settingsTable,
  Exceptions: (result) => withTicks(exceptionsTable(result)),
  "Not verifiable": notVerifiableTable,
  Bypasses: bypassesTable,
  Attestations: attestationsTable,
  "Re-reviews": reReviewsTable,
  Unmatched: unmatchedTable,
  Coverage: coverageTable,
  Records: recordsTable,
};

/** The sheets of the work paper, in their order. */
export const sheetNames: readonly string[] = ["Summary", ...Object.keys(tables)];

/** What an empty sheet says in its one row, by its name. */
export const noneOf: Readonly<Record<string, string>> = {
  Controls: "None: no control was tested.",
  Criteria: "None: no criterion was chosen.",
  Changes: "None: no change was merged and no commit arrived without one.",
  Commits: "None: no commit reached a released branch.",
  Deployments: "None: no production deployment is on record.",
  Settings: "None: no setting of a released branch was tested.",
  Exceptions: "None: no test failed.",
  "Not verifiable": "None: every test that applies gave an answer.",
  Bypasses: "None: no bypass is on record.",
  Attestations: "None: no attestation of management's is recorded for the period.",
  "Re-reviews": "None: no sample of changes was drawn to be looked at again.",
  Unmatched: "None: the tie-out matches every commit, change and deployment.",
  Coverage: "None: no stream was asked for.",
  Records: "None: the tests rest on no record.",
};

/** `work-papers.xlsx`: the pack's lists as sheets, with room for the auditor; the same result gives the same bytes. */
export async function workPapers(result: AssessmentResult, state?: DocumentState): Promise<Uint8Array> {
  const laid = Object.entries(tables).map(([name, table]) => ({ name, table: table(result) }));
  const summary: WorkSheet = {
    name: "Summary",
    widths: summaryWidths,
    table: null,
    rows: summaryRows(result, state, new Map(laid.map(({ name, table }) => [name, table.size]))),
  };
  return workbook([summary, ...laid.map(({ name, table }) => tableSheet(name, table))]);
}

const withTicks = ({ columns, size, row }: Table): Table => ({
  columns: [...columns, ...ticks],
  size,
  row: (index) => [...row(index), ...ticks.map(() => null)],
});

function tableSheet(name: string, table: Table): WorkSheet {
  return {
    name,
    widths: table.columns.map(({ width }) => width),
    table: Math.min(table.size + 1, mostRows),
    rows: rowsOf(name, table),
  };
}

function* rowsOf(name: string, { columns, size, row }: Table): Generator<readonly SheetCell[]> {
  yield columns.map(({ head }): SheetCell => ({ value: head, look: "head" }));
  if (size === 0) yield [noneOf[name] ?? "None."];
  const shown = size < mostRows ? size : mostRows - 2;
  for (let index = 0; index < shown; index += 1) yield row(index);
  if (shown < size) yield [`… and ${number(size - shown)} more, in assessment.json: a sheet holds no more`];
}
