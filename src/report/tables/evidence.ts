import type { AssessmentResult, CoverageRow } from "../../model/assessment.ts";
import { zoneOf } from "./items.ts";
import { type Column, type Table, tableOf, timeColumns } from "./table.ts";

type Record = AssessmentResult["records"][number];
type Interval = { readonly row: CoverageRow; readonly interval: CoverageRow["intervals"][number] };

/** A row per stream and interval: what was observed, and why the rest was not. */
export function coverageTable(result: AssessmentResult): Table {
  const columns: readonly Column<Interval>[] = [
    { head: "Stream", width: 40, value: ({ row }) => row.stream },
    { head: "Kind", width: 16, value: ({ row }) => row.kind },
    { head: "Repository", width: 22, value: ({ row }) => row.repository },
    { head: "System", width: 14, value: ({ row }) => row.system },
    ...timeColumns<Interval>({ head: "From" }, zoneOf(result), ({ interval }) => ({ at: interval.from })),
    ...timeColumns<Interval>({ head: "To" }, zoneOf(result), ({ interval }) => ({ at: interval.to })),
    { head: "Status", width: 12, value: ({ interval }) => interval.status },
    { head: "Reason", width: 70, value: ({ interval }) => interval.reason },
    { head: "Stored", width: 9, value: ({ row }) => row.stored },
    { head: "Source's count", width: 9, value: ({ row }) => row.sourceTotal },
  ];
  return tableOf(
    columns,
    result.coverage.flatMap((row) => row.intervals.map((interval) => ({ row, interval }))),
  );
}

/** A row per record that the assessment refers to. */
export function recordsTable(result: AssessmentResult): Table {
  const columns: readonly Column<Record>[] = [
    { head: "Record", width: 9, value: ({ id }) => `r${id}` },
    { head: "Kind", width: 16, value: ({ kind }) => kind },
    { head: "Id at the source", width: 40, value: ({ externalId }) => externalId },
    { head: "Stream", width: 40, value: ({ stream }) => stream },
    ...timeColumns<Record>({ head: "Fetched" }, zoneOf(result), ({ fetchedAt }) => ({ at: fetchedAt })),
    { head: "Leaf", width: 66, value: ({ leaf }) => leaf },
  ];
  return tableOf(columns, result.records);
}
