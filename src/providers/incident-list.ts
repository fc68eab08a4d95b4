import { z } from "zod";
import type { Incident } from "../model/delivered.ts";
import type { EvidenceRecord, SourceRecord } from "../model/stream.ts";
import { instant } from "../util/clock.ts";
import { type ListedRow, parseListedRows } from "./listed-rows.ts";

const rowKind = "importedIncident";
const listKind = "incidentList";

const at = z.iso.datetime({ offset: true, error: "an instant with its zone such as 2026-10-31T23:59:59Z" });
const bodySchema = z.object({
  id: z.string().regex(/^\S+$/, "an id without spaces"),
  opened_at: at,
  resolved_at: z.union([z.literal(""), at], "an instant with its zone such as 2026-10-31T23:59:59Z, or empty"),
  system: z.string().min(1, "the id of a system"),
  deployment: z.string().optional(),
  commit: z
    .string()
    .regex(/^([0-9a-f]{40})?$/, "a full commit id of 40 hexadecimal digits, or empty")
    .optional(),
});

/**
 * Reads a CSV file of incidents: columns id, opened_at, resolved_at (empty while it is open) and system, and where given
 * deployment or commit, which names what caused it. Strict, as lists of deployments are.
 */
export function parseIncidentList(file: string, content: string, systems: readonly string[]): readonly ListedRow[] {
  return parseListedRows(file, content, {
    needed: ["id", "opened_at", "resolved_at", "system"],
    optional: ["deployment", "commit"],
    schema: bodySchema,
    row: ({ system = "", opened_at = "", resolved_at = "" }) => [
      ...(system === "" || systems.includes(system)
        ? []
        : [`\`system\` is ${JSON.stringify(system)}, which is none of the configured: ${systems.join(", ")}`]),
      ...(resolved_at !== "" && Date.parse(resolved_at) < Date.parse(opened_at)
        ? [`\`resolved_at\` is ${resolved_at}, before \`opened_at\``]
        : []),
    ],
  });
}

/** What a list of incidents was when it was read: under which name, and which rows read before it no longer has. */
export interface IncidentListSeen {
  readonly file: string;
  readonly sha256: string;
  readonly rows: number;
  readonly gone: readonly string[];
}

/** Whether a record is of a list of incidents: it says nothing of changes or deployments. */
export const isOfIncidents = ({ kind }: Pick<SourceRecord, "kind">): boolean => kind === rowKind || kind === listKind;

/** Whether a record is a row of one. */
export const isIncidentRow = ({ kind }: Pick<SourceRecord, "kind">): boolean => kind === rowKind;

/** A list as it is kept beside its rows. */
export const recordOfIncidentList = (body: IncidentListSeen): SourceRecord => ({
  kind: listKind,
  externalId: listKind,
  body,
});

/** A row as it is kept. */
export const recordOfIncident = (row: ListedRow): SourceRecord => ({
  kind: rowKind,
  externalId: row.id ?? "",
  body: row,
});

/** The incidents of what is kept of a list, oldest record first: the latest version of each row counts, also of one that is gone; undefined where a row cannot be read. */
export function incidentsOf(records: readonly EvidenceRecord[]): readonly Incident[] | undefined {
  const latest = new Map(records.filter(isIncidentRow).map((record) => [record.externalId, record]));
  const read = [...latest.values()].map(({ id: record, body }) => ({ record, row: bodySchema.safeParse(body).data }));
  const incidents = read.flatMap(({ record, row }) => (row ? [incidentOf(row, record)] : []));
  return incidents.length === read.length ? incidents : undefined;
}

function incidentOf(row: z.infer<typeof bodySchema>, record: number): Incident {
  const utc = (text: string): string => instant(new Date(text));
  return {
    id: row.id,
    system: row.system,
    openedAt: utc(row.opened_at),
    resolvedAt: row.resolved_at === "" ? null : utc(row.resolved_at),
    deployment: row.deployment || null,
    commit: row.commit || null,
    record,
  };
}

/** The ids of incidents whose latest version is not as it was first read once it had been resolved, and of those the latest list no longer has. */
export function alteredIncidents(records: readonly Pick<EvidenceRecord, "kind" | "externalId" | "body">[]): {
  readonly changed: readonly string[];
  readonly gone: readonly string[];
} {
  const rows = Map.groupBy(records.filter(isIncidentRow), ({ externalId }) => externalId);
  const changed = [...rows].flatMap(([id, versions]) =>
    versions.slice(0, -1).some(({ body }) => (body as ListedRow).resolved_at !== "") ? [id] : [],
  );
  const latest = records.findLast(({ kind }) => kind === listKind);
  return { changed, gone: latest ? (latest.body as IncidentListSeen).gone : [] };
}
