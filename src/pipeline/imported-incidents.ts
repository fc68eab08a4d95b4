import { basename } from "node:path";
import type { Config } from "../config/config.ts";
import type { Incident } from "../model/delivered.ts";
import type { Batch, Coverage, SourceRecord } from "../model/stream.ts";
import {
  alteredIncidents,
  incidentsOf,
  isIncidentRow,
  parseIncidentList,
  recordOfIncident,
  recordOfIncidentList,
} from "../providers/incident-list.ts";
import type { ListedRow } from "../providers/listed-rows.ts";
import type { Store } from "../store/index.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import type { Clock } from "../util/clock.ts";
import { type ListFile, listExchange, readListFile, rowsAre } from "./list-file.ts";

type IncidentList = ListFile<readonly ListedRow[]>;

/** The stream in which the organisation's list of incidents is kept. */
export const incidentStream = ({ organisation }: Pick<Config, "organisation">): string =>
  `flowproof/${organisation.slug}/incidents`;

/** Reads the list of incidents that the configuration names; undefined where it names none. Throws ConfigError where it can be read and is malformed. */
export function readIncidents({ metrics, systems }: Pick<Config, "metrics" | "systems">, clock: Clock) {
  const file = metrics.incidents;
  if (file === undefined) return undefined;
  const ids = systems.map(({ id }) => id);
  return readListFile(file, "the list of incidents", clock, (text) => parseIncidentList(file, text, ids));
}

/** A list as one batch, and what the reader must know of rows that are not as they were. It is whole up to when it was read by the word of whoever keeps it. */
export async function incidentBatch(
  list: IncidentList,
  config: Config,
  store: Pick<Store, "recordsOfStream">,
): Promise<{ readonly batch: Batch; readonly warnings: readonly string[] }> {
  const { name, readAt } = list;
  const { slug } = config.organisation;
  const before = await store.recordsOfStream(incidentStream(config));
  const latest = new Map(before.filter(isIncidentRow).map((record) => [record.externalId, canonicalJson(record.body)]));
  const rows = list.readable ? list.rows.map(recordOfIncident) : [];
  const now = new Set(rows.map(({ externalId }) => externalId));
  const gone = list.readable ? [...latest.keys()].filter((id) => !now.has(id)) : [];
  const news = rows.filter(({ externalId, body }) => latest.get(externalId) !== canonicalJson(body));
  const fresh = new Set(news.map(({ externalId }) => externalId));
  const changed = alteredIncidents([...before, ...news]).changed.filter((id) => fresh.has(id));
  const records: readonly SourceRecord[] = list.readable
    ? [...rows, recordOfIncidentList({ file: name, sha256: list.sha256, rows: rows.length, gone })]
    : [];
  const coverage: Omit<Coverage, "stream"> = list.readable
    ? { status: "complete", from: config.since, to: readAt }
    : { status: "unobserved", from: config.since, to: readAt, reason: list.reason };
  const stream = {
    id: incidentStream(config),
    source: "flowproof",
    kind: "incidents" as const,
    scopeId: slug,
    scopeName: config.organisation.name,
    since: config.since,
  };
  return {
    batch: {
      exchange: listExchange(list, "ImportedIncidents", rows.length),
      parts: [{ stream, records, coverage }],
    },
    warnings: list.readable ? warningsOf(name, changed, gone) : [list.reason],
  };
}

const warningsOf = (name: string, changed: readonly string[], gone: readonly string[]): readonly string[] => [
  ...changed
    .slice(0, 1)
    .map(
      () =>
        `${name}, the list of incidents: ${rowsAre(changed)} not as when last read; both versions are kept, the latest counts`,
    ),
  ...gone
    .slice(0, 1)
    .map(() => `${name}, the list of incidents: ${rowsAre(gone)} gone; what was read before is kept, and counts`),
];

/** What the store holds of the organisation's list of incidents. */
export interface KeptIncidents {
  /** Where it comes from, whose word it is, and what became of rows after they were first read. */
  readonly told: string;
  /** Undefined where nothing of it was ever read, or a row cannot be. */
  readonly incidents: readonly Incident[] | undefined;
  /** What was said of it, oldest first. */
  readonly coverage: readonly Coverage[];
}

/** Reads what is kept of the list; undefined where the configuration names none. */
export async function keptIncidents(
  config: Pick<Config, "metrics" | "organisation">,
  store: Pick<Store, "recordsOfStream" | "coverage">,
): Promise<KeptIncidents | undefined> {
  const { incidents: file } = config.metrics;
  if (file === undefined) return undefined;
  const stream = incidentStream(config);
  const records = await store.recordsOfStream(stream);
  const coverage = (await store.coverage()).filter((statement) => statement.stream === stream);
  const { changed, gone } = alteredIncidents(records);
  const told = [
    `Incidents are imported from ${basename(file)}, a list that the organisation keeps itself: that it is whole and right is management's word.`,
    changed.length > 0
      ? ` By now ${rowsAre(changed)} not as first read when resolved: every version is kept, the latest counts.`
      : "",
    gone.length > 0 ? ` By now ${rowsAre(gone)} no longer in it: what was read before is kept, and counts.` : "",
  ].join("");
  const readOnce = coverage.some(({ status }) => status === "complete");
  return { told, incidents: readOnce ? incidentsOf(records) : undefined, coverage };
}
