import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
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
import { type Clock, instant } from "../util/clock.ts";
import { ConfigError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import { importedStream, type NamedRepository } from "./streams.ts";

/** A list of a system's deployments as it was read, or why it could not be; it is called by its base name wherever it is kept. */
export type DeploymentList = {
  readonly system: System;
  readonly name: string;
  readonly readAt: string;
} & (
  | {
      readonly readable: true;
      readonly rows: readonly ListedDeployment[];
      readonly sha256: string;
      readonly modifiedAt: string;
    }
  | { readonly readable: false; readonly reason: string }
);

/** Reads every list that the configuration names. Throws ConfigError where one can be read and is malformed. */
export function readDeploymentLists({ systems }: Pick<Config, "systems">, clock: Clock): readonly DeploymentList[] {
  return systems.flatMap((system) =>
    system.deployments.from === "import" ? readList(system, system.deployments.file, clock) : [],
  );
}

function readList(system: System, file: string, clock: Clock): DeploymentList {
  const base = { system, name: basename(file), readAt: instant(clock()) };
  let bytes: Buffer;
  let modifiedAt: string;
  try {
    bytes = readFileSync(file);
    modifiedAt = instant(statSync(file).mtime);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = `${base.name}, the list of system ${system.id}'s deployments, cannot be read (${code ?? "unknown"})`;
    return { ...base, readable: false, reason };
  }
  const rows = parseDeploymentList(file, textOf(file, bytes), system.repositories);
  return { ...base, readable: true, rows, sha256: sha256Hex(bytes), modifiedAt };
}

function textOf(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError(`${file}:1: the file is not UTF-8`, { cause, hint: "Write the list as UTF-8." });
  }
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

const mostNamed = 5;

/** `rows D-3, D-7 are`. */
export function rowsAre(ids: readonly string[]): string {
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : "";
  return ids.length === 1 ? `row ${ids[0]} is` : `rows ${ids.slice(0, mostNamed).join(", ")}${more} are`;
}

function exchangeOf(list: DeploymentList): Batch["exchange"] {
  const { name, readAt } = list;
  const seen = list.readable
    ? { file: name, sha256: list.sha256, modifiedAt: list.modifiedAt, rows: list.rows.length }
    : { file: name };
  return {
    endpoint: `import:${name}`,
    operation: "ImportedDeployments",
    query: "every row of a CSV file, as it stands",
    variables: canonicalJson(seen),
    status: list.readable ? 200 : 0,
    startedAt: readAt,
    serverTime: readAt,
  };
}
