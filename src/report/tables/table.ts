import type { TimeFormat } from "../format.ts";

/** Text as it is; a number that may be summed; null for nothing. */
export type Value = string | number | null;

/** A column of a table, the same in the CSV file and in the work paper. */
export interface Column<Row> {
  /** Its head in the CSV file; absent: only the work paper has it. */
  readonly name?: string;
  /** Its head in the work paper. */
  readonly head: string;
  /** In characters. */
  readonly width: number;
  readonly value: (row: Row) => Value;
}

/** A table as the CSV file and the work paper show it; a row is laid out when it is asked for. */
export interface Table {
  readonly columns: readonly Omit<Column<never>, "value">[];
  readonly size: number;
  /** The values of a row, in all columns or in those at these indexes. */
  readonly row: (index: number, columns?: readonly number[]) => readonly Value[];
}

/** Lays rows out as a table. */
export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Table {
  return {
    columns,
    size: rows.length,
    row: (index, wanted = [...columns.keys()]) => {
      const row = rows[index];
      return row === undefined ? [] : wanted.map((column) => columns[column]?.value(row) ?? null);
    },
  };
}

/** A time, or the interval that is known of it. */
export interface When {
  readonly at: string;
  readonly notBefore?: string | undefined;
}

/** The columns of a time: UTC in ISO 8601 (an interval as `from/to`), and, in the work paper, the pack's zone where that is another. */
export function timeColumns<Row>(
  { name, head }: { readonly name?: string; readonly head: string },
  { time, zone }: { readonly time: TimeFormat; readonly zone: string },
  when: (row: Row) => When | null,
): readonly Column<Row>[] {
  const utc: Column<Row> = {
    ...(name === undefined ? {} : { name }),
    head: `${head} (UTC)`,
    width: 21,
    value: (row) => {
      const { at, notBefore } = when(row) ?? { at: null };
      return notBefore === undefined ? at : `${notBefore}/${at}`;
    },
  };
  if (zone === "UTC") return [utc];
  const local: Column<Row> = {
    head: `${head} (${zone})`,
    width: 17,
    value: (row) => {
      const known = when(row);
      return known && time.within(known);
    },
  };
  return [local, utc];
}
