import writeXlsxFile, { type Cell, type CellObject, type Feature, type Sheet } from "write-excel-file/node";
import type { AssessmentResult } from "../../model/assessment.ts";
import { number } from "../format.ts";
import { controlsTable, criteriaTable } from "../tables/controls.ts";
import { coverageTable, recordsTable } from "../tables/evidence.ts";
import { bypassesTable, exceptionsTable, notVerifiableTable } from "../tables/findings.ts";
import { changesTable, commitsTable, deploymentsTable, settingsTable } from "../tables/items.ts";
import type { Table, Value } from "../tables/table.ts";
import { cellText } from "./cell-text.ts";
import { withFixedTimes } from "./fixed-times.ts";
import { summaryRows } from "./summary.ts";

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
  Coverage: coverageTable,
  Records: recordsTable,
};

/** The sheets of the work paper, in their order. */
export const sheetNames: readonly string[] = ["Summary", ...Object.keys(tables)];

/** `work-papers.xlsx`: the pack's lists as sheets, every text typed as text; the same result gives the same bytes. */
export async function workPapers(result: AssessmentResult): Promise<Uint8Array> {
  const laid = Object.entries(tables).map(([name, table]) => ({ name, table: table(result) }));
  const counted = laid.map(({ name, table }) => ({ name, rows: table.rows.length }));
  const sheets = [summarySheet(result, counted), ...laid.map(({ name, table }) => tableSheet(name, table))];
  const filters = [null, ...laid.map(({ table }) => filterOf(table))];
  const written = writeXlsxFile(sheets, { fontFamily: "Calibri", fontSize: 10, features: [filtering(filters)] });
  return withFixedTimes(await written.toBuffer());
}

const withTicks = ({ columns, rows }: Table): Table => ({
  columns: [...columns, ...ticks],
  rows: rows.map((row) => [...row, ...ticks.map(() => null)]),
});

const text = { type: String, format: "@", alignVertical: "top" } as const;
const heading = { ...text, fontWeight: "bold", wrap: true, backgroundColor: "#e6ebef" } as const;

/** Words that stand out; the word says it, the weight only helps to find it. */
const striking: Readonly<Record<string, Omit<CellObject, "value">>> = {
  fail: { fontWeight: "bold", textColor: "#9b2915" },
  notVerifiable: { fontStyle: "italic", textColor: "#6b4d00" },
};

function cellOf(value: Value): Cell {
  if (value === null || value === "") return null;
  if (typeof value === "number") return { type: Number, value, alignVertical: "top" };
  return { ...text, ...striking[value], value: cellText(value) };
}

const headOf = (columns: Table["columns"]): Cell[] => columns.map(({ head }) => ({ ...heading, value: cellText(head) }));

function tableSheet(name: string, { columns, rows }: Table): Sheet<never> {
  const shown = rows.length < mostRows ? rows : rows.slice(0, mostRows - 2);
  const cut =
    shown.length === rows.length
      ? []
      : [[cellOf(`… and ${number(rows.length - shown.length)} more, in assessment.json: a sheet holds no more`)]];
  return {
    sheet: name,
    data: [headOf(columns), ...shown.map((row) => row.map(cellOf)), ...cut],
    columns: columns.map(({ width }) => ({ width })),
    stickyRowsCount: 1,
    stickyColumnsCount: 1,
    orientation: "landscape",
  };
}

function summarySheet(
  result: AssessmentResult,
  sheets: readonly { readonly name: string; readonly rows: number }[],
): Sheet<never> {
  const data = summaryRows(result, sheets).map((row) =>
    "title" in row
      ? [{ ...text, fontWeight: "bold" as const, fontSize: row.main ? 14 : 11, value: cellText(row.title) }]
      : "head" in row
        ? row.head.map((one) => ({ ...heading, value: cellText(one) }))
        : row.cells.map((value) => (typeof value === "string" ? { ...text, wrap: true, value: cellText(value) } : cellOf(value))),
  );
  return {
    sheet: "Summary",
    data,
    columns: [30, 22, 44, 18, 80].map((width) => ({ width })),
    stickyRowsCount: 1,
    orientation: "landscape",
  };
}

/** `A1:H20`: what the sheet's filter covers. */
function filterOf({ columns, rows }: Table): string {
  return `A1:${columnName(columns.length - 1)}${Math.min(rows.length + 1, mostRows)}`;
}

function columnName(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : `${columnName(Math.floor(index / 26) - 1)}${last}`;
}

/** Gives each sheet its filter, which the writer has no option for. */
const filtering = (filters: readonly (string | null)[]): Feature<never> => ({
  files: {
    transform: {
      "xl/worksheets/sheet{id}.xml": {
        transform: (xml, _options, { sheetIndex }) => {
          const range = filters[sheetIndex];
          return range == null ? xml : xml.replace("</sheetData>", `</sheetData><autoFilter ref="${range}"/>`);
        },
      },
    },
  },
});
