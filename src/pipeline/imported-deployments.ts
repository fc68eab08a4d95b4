import type { Config, System } from "../config/config.ts";
import type { Batch, Part } from "../model/stream.ts";
import {
  alteredRows,
  isRow,
  type ListedDeployment,
  parseDeploymentList,
  recordOfList,
  recordOfRow,
} from "../providers/deployment-list.ts";
import type { Store } from "../store/index.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import type { Clock } from "../util/clock.ts";
import { type ListFile, listExchange, readListFile, rowsAre } from "./list-file.ts";
import { importedStream, type NamedRepository } from "./streams.ts";

/** A list of a system's deployments as it was read, or why it could not be. */
export type DeploymentList = ListFile<readonly ListedDeployment[]> & { readonly system: System };

/** Reads every list that the configuration names. Throws ConfigError where one can be read and is malformed. */
export function readDeploymentLists({ systems }: Pick<Config, "systems">, clock: Clock): readonly DeploymentList[] {
  return systems.flatMap((system) => {
    if (system.deployments.from !== "import") return [];
    const { file } = system.deployments;
    const parse = (text: string) => parseDeploymentList(file, text, system.repositories);
    return { system, ...readListFile(file, `the list of system ${system.id}'s deployments`, clock, parse) };
  });
}

/**
 * A list as one batch, a stream for each of its system's repositories, and what the reader must know of rows that are not
 * as they were. It is whole up to when it was read by the word of whoever keeps it.
 */
export async function importedBatch(
  list: DeploymentList,
  named: readonly NamedRepository[],
  store: Pick<Store, "recordsOfStream">,
  since: string,
): Promise<{ readonly batch: Batch; readonly warnings: readonly string[] }> {
  const { name, readAt, system } = list;
  const what = `${name}, from which system ${system.id}'s deployments are imported`;
  const changed: string[] = [];
  const gone: string[] = [];
  const parts: Part[] = [];
  for (const repository of named) {
    const stream = importedStream(repository, since);
    if (!stream) continue;
    if (!list.readable) {
      const coverage = { status: "unobserved", from: since, to: readAt, reason: list.reason } as const;
      parts.push({ stream, records: [], coverage });
      continue;
    }
    const rows = list.rows.filter((row) => row.repository === repository.name).map(({ row }) => recordOfRow(row));
    const before = await store.recordsOfStream(stream.id);
    const latest = new Map(before.filter(isRow).map((record) => [record.externalId, canonicalJson(record.body)]));
    const now = new Set(rows.map(({ externalId }) => externalId));
    const missing = [...latest.keys()].filter((id) => !now.has(id));
    const news = rows.filter(({ externalId, body }) => latest.get(externalId) !== canonicalJson(body));
    const seen = recordOfList({ file: name, sha256: list.sha256, rows: rows.length, gone: missing });
    const records = [...rows, seen];
    const fresh = new Set(news.map(({ externalId }) => externalId));
    changed.push(...alteredRows([...before, ...news]).changed.filter((id) => fresh.has(id)));
    gone.push(...missing);
    parts.push({ stream, records, coverage: { status: "complete", from: since, to: readAt } });
  }
  return {
    batch: { exchange: exchangeOf(list), parts },
    warnings: list.readable
      ? [
          ...changed
            .slice(0, 1)
            .map(() => `${what}: ${rowsAre(changed)} not as when last read; both versions are kept, the latest counts`),
          ...gone.slice(0, 1).map(() => `${what}: ${rowsAre(gone)} gone; what was read before is kept, and counts`),
        ]
      : [list.reason],
  };
}

const exchangeOf = (list: DeploymentList): Batch["exchange"] =>
  listExchange(list, "ImportedDeployments", list.readable ? list.rows.length : 0);
