import { z } from "zod";
import type { Actor, Entity } from "../model/entity.ts";
import { repositoryKey } from "../model/keys.ts";
import type { EvidenceRecord, SourceRecord } from "../model/stream.ts";
import { instant } from "../util/clock.ts";
import { SourceError } from "../util/errors.ts";
import { type ListedRow, parseListedRows } from "./listed-rows.ts";

const needed = ["id", "environment", "commit", "deployed_at", "creator"] as const;
const optional = ["state", "ref", "repository", "url"] as const;

/** A row of a list, with the repository it is about, as the list or else the only one is written. */
export interface ListedDeployment {
  readonly row: ListedRow;
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
  const names = new Map(repositories.map((name) => [name.toLowerCase(), name]));
  const repositoryOf = ({ repository: given = "" }: ListedRow): string | undefined =>
    given === "" && repositories.length === 1 ? repositories[0] : names.get(given.toLowerCase());
  const rows = parseListedRows(file, content, {
    needed,
    optional,
    schema: bodySchema,
    header: (columns) =>
      repositories.length > 1 && !columns.includes("repository")
        ? ["the column `repository` is missing: the system has several repositories"]
        : [],
    row: (row) =>
      repositoryOf(row) === undefined
        ? [`\`repository\` is "${row.repository ?? ""}", which is none of the system's: ${repositories.join(", ")}`]
        : [],
  });
  return rows.map((row) => ({ row, repository: repositoryOf(row) ?? "" }));
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
export const recordOfRow = (row: ListedRow): SourceRecord => ({
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
  const settled = (body: unknown) => (body as ListedRow).state !== "running";
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
