import { CsvError, parse } from "csv-parse/sync";
import { z } from "zod";
import type { Actor, Entity } from "../model/entity.ts";
import { repositoryKey } from "../model/keys.ts";
import type { EvidenceRecord, SourceRecord } from "../model/stream.ts";
import { instant } from "../util/clock.ts";
import { ConfigError, SourceError } from "../util/errors.ts";
import { suggestion } from "../util/nearest.ts";

const needed = ["id", "environment", "commit", "deployed_at", "creator"] as const;
const optional = ["state", "ref", "repository", "url"] as const;
const columns: readonly string[] = [...needed, ...optional];

/** A row as given: its cells by the names of their columns. */
export type DeploymentRow = Readonly<Record<string, string>>;

/** A row of a list, with the repository it is about, as the list or else the only one is written. */
export interface ListedDeployment {
  readonly row: DeploymentRow;
  readonly repository: string;
}

const rowSchema = z.object({
  id: z.string().regex(/^\S+$/, "an id without spaces"),
  environment: z.string().min(1, "the name of an environment"),
  commit: z.string().regex(/^[0-9a-f]{40}$/, "a full commit id of 40 hexadecimal digits"),
  deployed_at: z.iso.datetime({ offset: true, error: "an instant with its zone such as 2026-10-31T23:59:59Z" }),
  creator: z.string().min(1, "the name of an account"),
  state: z.enum(["", "success", "failure", "running", "inactive"], "success, failure, running, inactive or empty"),
  ref: z.string(),
  repository: z.string(),
  url: z.union([z.literal(""), z.url({ protocol: /^https?$/ })], "an address or empty"),
});
const bodySchema = rowSchema.partial({ state: true, ref: true, repository: true, url: true });

/**
 * Reads a CSV file of deployments: columns id, environment, commit, deployed_at and creator, and where given state, ref,
 * repository and url. Strict: all that is wrong is said in one ConfigError with a line `file:line: what` each. A row that
 * stands twice alike is one.
 */
export function parseDeploymentList(
  file: string,
  content: string,
  repositories: readonly string[],
): readonly ListedDeployment[] {
  const problems: string[] = [];
  const say = (line: number, text: string) => void problems.push(`${file}:${line}: ${text}`);
  const [header, ...rows] = cellsOf(file, content);
  checkHeader(header, repositories.length > 1, say);
  const listed = new Map<string, ListedDeployment & { readonly text: string; readonly line: number }>();
  const names = new Map(repositories.map((name) => [name.toLowerCase(), name]));
  for (const { cells, line } of problems.length > 0 ? [] : rows) {
    if (cells.length !== header?.cells.length) {
      say(line, `${cells.length} cells, where the header has ${header?.cells.length}`);
      continue;
    }
    const row: DeploymentRow = Object.fromEntries(cells.map((cell, index) => [header.cells[index] ?? "", cell]));
    for (const text of problemsOf(row)) say(line, text);
    const given = row.repository ?? "";
    const repository = given === "" && repositories.length === 1 ? repositories[0] : names.get(given.toLowerCase());
    if (repository === undefined)
      say(line, `\`repository\` is "${given}", which is none of the system's: ${repositories.join(", ")}`);
    const id = row.id ?? "";
    const text = JSON.stringify(cells);
    const before = listed.get(id);
    if (before && before.text !== text) say(line, `the id ${id} stands in line ${before.line} with other content`);
    if (!before) listed.set(id, { row, repository: repository ?? "", text, line });
  }
  if (problems.length > 0) {
    throw new ConfigError(problems.join("\n"), {
      hint: "Correct what writes the list; nothing of it is taken as long as a line cannot be read.",
    });
  }
  return [...listed.values()].map(({ row, repository }) => ({ row, repository }));
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

function checkHeader(header: Line | undefined, repository: boolean, say: (line: number, text: string) => void): void {
  if (!header) {
    say(1, `the file is empty; its first line names the columns: ${needed.join(",")}`);
    return;
  }
  const { cells, line } = header;
  for (const [index, name] of cells.entries()) {
    if (!columns.includes(name)) say(line, `unknown column \`${name}\`${suggestion(name, columns)}`);
    else if (cells.indexOf(name) < index) say(line, `the column \`${name}\` stands twice`);
  }
  for (const name of needed) if (!cells.includes(name)) say(line, `the column \`${name}\` is missing`);
  if (repository && !cells.includes("repository"))
    say(line, "the column `repository` is missing: the system has several repositories");
}

function problemsOf(row: DeploymentRow): readonly string[] {
  const { error } = bodySchema.safeParse(row);
  return (error?.issues ?? []).map(({ path, message }) => {
    const name = String(path[0]);
    return `\`${name}\` is ${JSON.stringify(row[name])}, which is not ${message}`;
  });
}

const rowKind = "importedDeployment";
const listKind = "deploymentList";

/** What a list was when it was read: under which name, and which rows read before it no longer has. */
const listSchema = z.object({
  file: z.string(),
  sha256: z.string(),
  rows: z.number().int(),
  gone: z.array(z.string()),
});
export type ListSeen = z.infer<typeof listSchema>;

/** Whether a record is of a list, whatever its stream's source. */
export const isOfList = ({ kind }: Pick<SourceRecord, "kind">): boolean => kind === rowKind || kind === listKind;

/** Whether a record is a row of one. */
export const isRow = ({ kind }: Pick<SourceRecord, "kind">): boolean => kind === rowKind;

/** A list as it is kept beside its rows. */
export const recordOfList = (body: ListSeen): SourceRecord => ({ kind: listKind, externalId: listKind, body });

/** A row as it is kept. */
export const recordOfRow = (row: DeploymentRow): SourceRecord => ({
  kind: rowKind,
  externalId: row.id ?? "",
  body: row,
});

/** The ids of rows that are not as when they were first read, and of those the latest list no longer has, by what is kept of a stream, oldest first. A deployment that had not ended was bound to change. */
export function alteredRows(records: readonly Pick<EvidenceRecord, "kind" | "externalId" | "body">[]): {
  readonly changed: readonly string[];
  readonly gone: readonly string[];
} {
  const rows = Map.groupBy(records.filter(isRow), ({ externalId }) => externalId);
  const settled = (body: unknown) => (body as DeploymentRow).state !== "running";
  const changed = [...rows].flatMap(([id, versions]) =>
    versions.slice(0, -1).some(({ body }) => settled(body)) ? [id] : [],
  );
  const latest = records.findLast(({ kind }) => kind === listKind);
  return { changed, gone: latest ? listSchema.parse(latest.body).gone : [] };
}

/** What a row says: a deployment with its only status; a list by itself says nothing. An unknown shape throws SourceError("unexpectedShape"). */
export function normalizeListed(record: EvidenceRecord): readonly Entity[] {
  if (record.kind === listKind) return [];
  const read = bodySchema.safeParse(record.body);
  if (!read.success) {
    throw new SourceError(
      "unexpectedShape",
      `${record.kind} ${record.externalId} of ${record.stream} has an unknown shape`,
    );
  }
  const row = read.data;
  const repository = repositoryKey(record.source, record.scopeId);
  const key = `${record.stream}/${row.id}`;
  const createdAt = instant(new Date(row.deployed_at));
  // No source vouches for an id behind the name.
  const creator: Actor = { id: "", login: row.creator, kind: "unknown" };
  return [
    {
      type: "deployment",
      key,
      repository,
      id: row.id,
      oid: row.commit,
      ref: row.ref || null,
      environment: row.environment,
      task: "deploy",
      creator,
      createdAt,
      totalStatuses: 1,
      origin: { from: "import", stream: record.stream },
    },
    {
      type: "deploymentStatus",
      key: `${key}/status`,
      repository,
      deployment: key,
      state: row.state || "success",
      createdAt,
      creator,
      run: null,
    },
  ];
}
