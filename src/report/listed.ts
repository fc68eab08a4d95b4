import { number } from "./format.ts";

/** What a listing leaves out of the document, and the very file that holds it all. */
export interface Cut {
  /** Where the references to rows that are left out lead. */
  readonly anchor: string;
  /** Ends before the digest, which follows it. */
  readonly text: string;
  readonly digest: string;
  /** The sheet of the work paper that holds the same rows. */
  readonly sheet: string | null;
}

/** A file of the pack as the document names it. */
export interface NamedFile {
  readonly name: string;
  readonly rows: number;
  /** SHA-256, hexadecimal. */
  readonly digest: string;
}

/**
 * The rows that the document shows: all up to the limit, beyond it the first ones by rank, in their own order. A rank of
 * Infinity is that of rows that are not worth a page of their own.
 */
export function listed<Row>(rows: readonly Row[], limit: number, rank: (row: Row) => number = () => 0): readonly Row[] {
  if (rows.length <= limit) return rows;
  const ranked = [...rows.entries()].map(([index, row]) => ({ index, row, rank: rank(row) }));
  return ranked
    .filter((one) => one.rank < Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .toSorted((a, b) => a.index - b.index)
    .map(({ row }) => row);
}

/** How a cut is told: `Printed here: 1,077 of 10,213 changes, those that failed first. All are in changes.csv: 10,213 rows, SHA-256`; null where nothing is cut. */
export function cutOf(
  file: () => NamedFile,
  cut: {
    readonly anchor: string;
    readonly shown: number;
    readonly all: number;
    /** What is counted, in the plural. */
    readonly what: string;
    /** Which of them are printed. */
    readonly which: string;
    readonly sheet: string | null;
  },
): Cut | null {
  if (cut.shown >= cut.all) return null;
  const { anchor, shown, all, what, which, sheet } = cut;
  const { name, rows, digest } = file();
  return {
    anchor,
    text: `Printed here: ${number(shown)} of ${number(all)} ${what}: ${which}. All are in ${name}, with ${number(rows)} rows and SHA-256`,
    digest,
    sheet,
  };
}

/** The same where only assessment.json holds all rows: `Printed here: the first 500 of 1,203 promotions. All are in assessment.json, under …`; null where nothing is cut. */
export const restOf = (shown: number, all: number, what: string, where: string): string | null =>
  shown >= all
    ? null
    : `Printed here: the first ${number(shown)} of ${number(all)} ${what}. All are in assessment.json, under ${where}.`;

/** The names that a row shows, with a view each, and how many more there are and where. */
export function named<Row, View>(
  rows: readonly Row[],
  limit: number,
  file: string,
  view: (row: Row) => View,
): { readonly shown: readonly View[]; readonly more: string | null } {
  return {
    shown: rows.slice(0, limit).map(view),
    more: rows.length > limit ? `and ${number(rows.length - limit)} more, in ${file}` : null,
  };
}
