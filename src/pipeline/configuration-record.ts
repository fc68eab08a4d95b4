import type { Config } from "../config/config.ts";
import { effectiveConfig } from "../config/effective-config.ts";
import type { Catalog } from "../model/control.ts";
import type { Batch, SourceRecord, Stream } from "../model/stream.ts";
import { instant } from "../util/clock.ts";
import { pinsKind } from "./account-pins.ts";

/** The id of the stream in which flowproof keeps its own configuration as evidence. */
export const configurationStream = (config: Config): string => `flowproof/${config.organisation.slug}/configuration`;

/** What stands for an endpoint where flowproof records its own configuration: no source was asked. */
export const ownEndpoint = "flowproof:configuration";

/** The effective configuration (policies, identities and waivers in it) and the catalog as records; no secret among them. */
export function configurationBatch(config: Config, catalog: Catalog, now: Date): Batch {
  return ownBatch(config, instant(now), [
    { kind: "configuration", externalId: "effective", body: effectiveConfig(config) },
    { kind: "catalog", externalId: "catalog", body: { digest: catalog.digest, controls: catalog.controls } },
  ]);
}

/** The accounts seen with configured logins as a record. */
export function accountsBatch(config: Config, pins: ReadonlyMap<string, string>, now: Date): Batch {
  const body = Object.fromEntries([...pins].sort(([a], [b]) => (a < b ? -1 : 1)));
  return ownBatch(config, instant(now), [{ kind: pinsKind, externalId: pinsKind, body }]);
}

function ownBatch(config: Config, at: string, records: readonly SourceRecord[]): Batch {
  const stream: Stream = {
    id: configurationStream(config),
    source: "flowproof",
    kind: "configuration",
    scopeId: config.organisation.slug,
    scopeName: config.organisation.name,
    since: config.since,
  };
  return {
    exchange: {
      endpoint: ownEndpoint,
      operation: "configuration",
      query: "",
      variables: "{}",
      status: 200,
      startedAt: at,
      serverTime: at,
    },
    parts: [{ stream, records, coverage: { status: "complete", from: at, to: at } }],
  };
}
