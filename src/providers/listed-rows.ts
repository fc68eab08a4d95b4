import { CsvError, parse } from "csv-parse/sync";
import type { z } from "zod";
import { ConfigError } from "../util/errors.ts";
import { suggestion } from "../util/nearest.ts";

/** A row of a CSV list as given: its cells by the names of their columns. */
export type ListedRow = Readonly<Record<string, string>>;

/** What a list must look like. */
export interface ListFormat {
  readonly needed: readonly string[];
  readonly optional: readonly string[];
  /** A cell each; what a cell is not is said by its message, `a full commit id`. */
  readonly schema: z.ZodType;
  /** What is wrong with the columns beyond their names. */
  readonly header?: (columns: readonly string[]) => readonly string[];
  /** What is wrong with a row beyond its cells. */
  readonly row?: (row: ListedRow) => readonly string[];
}

/** Reads a CSV list by its format, one row an `id`. Strict: all that is wrong is said in one ConfigError with a line `file:line: what` each. A row that stands twice alike is one. */
export function parseListedRows(file: string, content: string, format: ListFormat): readonly ListedRow[] {
  const problems: string[] = [];
  const say = (line: number, text: string) => void problems.push(`${file}:${line}: ${text}`);
  const [header, ...rows] = cellsOf(file, content);
  checkHeader(header, format, say);
  const listed = new Map<string, { readonly row: ListedRow; readonly text: string; readonly line: number }>();
  for (const { cells, line } of problems.length > 0 ? [] : rows) {
    if (cells.length !== header?.cells.length) {
      say(line, `${cells.length} cells, where the header has ${header?.cells.length}`);
      continue;
    }
    const row: ListedRow = Object.fromEntries(cells.map((cell, index) => [header.cells[index] ?? "", cell]));
    for (const text of [...problemsOf(row, format.schema), ...(format.row?.(row) ?? [])]) say(line, text);
    const id = row.id ?? "";
    const text = JSON.stringify(cells);
    const before = listed.get(id);
    if (before && before.text !== text) say(line, `the id ${id} stands in line ${before.line} with other content`);
    if (!before) listed.set(id, { row, text, line });
  }
  if (problems.length > 0) {
    throw new ConfigError(problems.join("\n"), {
      hint: "Correct what writes the list; nothing of it is taken as long as a line cannot be read.",
    });
  }
  return [...listed.values()].map(({ row }) => row);
}

interface Line {
  readonly cells: readonly string[];
  /** Where it ends. */
  readonly line: number;
}

function cellsOf(file: string, content: string): readonly Line[] {
  try {
    const parsed = parse(content.replaceAll("\r\n", "\n"), {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as readonly { readonly record: string[]; readonly info: { readonly lines: number } }[];
    return parsed.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ConfigError(`${file}:${error.lines ?? 1}: ${error.message}`, {
      cause: error,
      hint: "A cell with a comma, a quotation mark or a line break stands in quotation marks, doubled within it.",
    });
  }
}

function checkHeader(header: Line | undefined, format: ListFormat, say: (line: number, text: string) => void): void {
  if (!header) {
    say(1, `the file is empty; its first line names the columns: ${format.needed.join(",")}`);
    return;
  }
  const { cells, line } = header;
  const columns = [...format.needed, ...format.optional];
  for (const [index, name] of cells.entries()) {
    if (!columns.includes(name)) say(line, `unknown column \`${name}\`${suggestion(name, columns)}`);
    else if (cells.indexOf(name) < index) say(line, `the column \`${name}\` stands twice`);
  }
  for (const name of format.needed) if (!cells.includes(name)) say(line, `the column \`${name}\` is missing`);
  for (const text of format.header?.(cells) ?? []) say(line, text);
}

function problemsOf(row: ListedRow, schema: z.ZodType): readonly string[] {
  const { error } = schema.safeParse(row);
  return (error?.issues ?? []).map(({ path, message }) => {
    const name = String(path[0]);
    return `\`${name}\` is ${JSON.stringify(row[name])}, which is not ${message}`;
  });
}
