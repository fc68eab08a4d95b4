import { CsvError, parse } from "csv-parse/sync";
import type { AssessmentResult } from "../model/assessment.ts";
import { packFile } from "../pack/formats.ts";
import { controlAnchor, dataFiles, exceptionAnchor, recordAnchor, safeCell } from "../report/index.ts";
import { ConfigError } from "../util/errors.ts";

/** A file of the auditor's request numbers, as given. */
export interface RequestFile {
  /** How the command line names it. */
  readonly path: string;
  readonly text: string;
}

/** Where the answer to a request lies. */
interface Place {
  readonly kind: string;
  readonly where: string;
}

/**
 * `index.csv`: a row per request and what answers it. The file given has the columns `request` and `what`, where `what` is
 * a file of the pack, a control, an exception or a record (`r12`). All that is wrong is said in one ConfigError, a line
 * each.
 */
export function requestIndex(file: RequestFile, result: AssessmentResult, listed: ReadonlySet<number>): string {
  const [header, ...rows] = rowsOf(file);
  const problems: string[] = [];
  if (header?.cells.join() !== "request,what") problems.push(`${file.path}:1: the header is not request,what`);
  const places = placesIn(result, listed);
  const lines = (problems.length > 0 ? [] : rows).map(({ cells: [request = "", what = ""], line }) => {
    const place = places(what.trim());
    if (request.trim() === "") problems.push(`${file.path}:${line}: the request has no number`);
    if (!place) problems.push(`${file.path}:${line}: the pack has no file, control, exception or record "${what}"`);
    return [request.trim(), what.trim(), place?.kind ?? "", place?.where ?? ""];
  });
  if (problems.length > 0)
    throw new ConfigError(problems.join("\n"), {
      hint: "A row names one request and what answers it: changes.csv, CHG-03, the id of an exception in exceptions.csv, or r12.",
    });
  return [["request", "what", "kind", "where"], ...lines].map((cells) => `${cells.map(cell).join(",")}\n`).join("");
}

function cell(text: string): string {
  const safe = safeCell(text);
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function rowsOf({ path, text }: RequestFile): readonly { readonly cells: readonly string[]; readonly line: number }[] {
  try {
    const rows = parse(text, { bom: true, info: true, skip_empty_lines: true }) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly lines: number };
    }[];
    return rows.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new ConfigError(`${path} is not a CSV file: ${cause.message}`, {
      cause,
      hint: "Its header is request,what; a row names one request and what answers it.",
    });
  }
}

const files: readonly string[] = [packFile.html, packFile.pdf, packFile.proofs, packFile.content, packFile.records];

function placesIn(result: AssessmentResult, listed: ReadonlySet<number>): (what: string) => Place | undefined {
  const named = new Map<string, Place>([...files, ...dataFiles].map((name) => [name, { kind: "file", where: name }]));
  for (const { id, own } of result.controls) {
    const place = { kind: "control", where: `${packFile.html}#${controlAnchor(id)}` };
    named.set(id, place);
    if (own) named.set(own.id, place);
  }
  for (const { id } of result.exceptions) {
    named.set(id, { kind: "exception", where: `${packFile.html}#${exceptionAnchor(id)}` });
  }
  const records = new Set(result.records.map(({ id }) => id));
  return (what) => {
    const id = Number(/^r([1-9]\d{0,14})$/.exec(what)?.[1]);
    if (!records.has(id)) return named.get(what);
    const page = listed.has(id) ? `${packFile.html}#${recordAnchor(id)} and ` : "";
    return { kind: "record", where: `${page}${packFile.records}, "id":${id}` };
  };
}
