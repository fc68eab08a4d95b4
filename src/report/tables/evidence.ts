import type { AssessmentResult, CoverageRow } from "../../model/assessment.ts";
import { zoneOf } from "./items.ts";
import { type Column, type Table, tableOf, timeColumns } from "./table.ts";

type Record = AssessmentResult["records"][number];
type Interval = { readonly row: CoverageRow; readonly interval: CoverageRow["intervals"][number] };

/** A row per stream and interval: what was observed, and why the rest was not. */
export function coverageTable(result: AssessmentResult): Table {
  const columns: readonly Column<Interval>[] = [
    { name: "stream", head: "Stream", width: 40, value: ({ row }) => row.stream },
    { name: "kind", head: "Kind", width: 16, value: ({ row }) => row.kind },
    { name: "repository", head: "Repository", width: 22, value: ({ row }) => row.repository },
    { name: "system", head: "System", width: 14, value: ({ row }) => row.system },
    ...timeColumns<Interval>({ name: "from", head: "From" }, zoneOf(result), ({ interval }) => ({ at: interval.from })),
    ...timeColumns<Interval>({ name: "to", head: "To" }, zoneOf(result), ({ interval }) => ({ at: interval.to })),
    { name: "status", head: "Status", width: 12, value: ({ interval }) => interval.status },
    { name: "reason", head: "Reason", width: 70, value: ({ interval }) => interval.reason },
    { name: "stored", head: "Stored", width: 9, value: ({ row }) => row.stored },
    { name: "source_count", head: "Source's count", width: 9, value: ({ row }) => row.sourceTotal },
  ];
  return tableOf(
    columns,
    result.coverage.flatMap((row) => row.intervals.map((interval) => ({ row, interval }))),
  );
}

/** A row per record that the assessment refers to. */
export function recordsTable(result: AssessmentResult): Table {
  const columns: readonly Column<Record>[] = [
    { name: "record", head: "Record", width: 9, value: ({ id }) => `r${id}` },
    { name: "kind", head: "Kind", width: 16, value: ({ kind }) => kind },
    { name: "external_id", head: "Id at the source", width: 40, value: ({ externalId }) => externalId },
    { name: "stream", head: "Stream", width: 40, value: ({ stream }) => stream },
    ...timeColumns<Record>({ name: "fetched_at", head: "Fetched" }, zoneOf(result), ({ fetchedAt }) => ({
      at: fetchedAt,
    })),
    { name: "leaf", head: "Leaf", width: 66, value: ({ leaf }) => leaf },
  ];
  return tableOf(columns, result.records);
}

/** A row per commit, change, deployment or promotion that the tie-out matches with nothing. */
export function unmatchedTable(result: AssessmentResult): Table {
  type Unmatched = AssessmentResult["reconciliation"]["unmatched"][number];
  const columns: readonly Column<Unmatched>[] = [
    { name: "system", head: "System", width: 14, value: ({ system }) => system },
    { name: "kind", head: "Kind", width: 13, value: ({ kind }) => kind },
    { name: "item", head: "Item", width: 14, value: ({ label }) => label },
    { name: "why", head: "Why", width: 70, value: ({ why }) => why },
    { name: "record", head: "Record", width: 9, value: ({ record }) => record && `r${record}` },
  ];
  return tableOf(columns, result.reconciliation.unmatched);
}
