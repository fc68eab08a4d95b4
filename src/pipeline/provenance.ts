import type { Config } from "../config/config.ts";
import { effectiveConfig } from "../config/effective-config.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { canonicalJson } from "../util/canonical-json.ts";
import { ownEndpoint } from "./configuration-record.ts";

type Query = AssessmentResult["provenance"]["queries"][number];
type Requests = Awaited<ReturnType<Store["requests"]>>;

/** Who asked which sources in the runs since `from`, with every query and the variables it was sent with; `recorded` is what runs recorded of the configuration; flowproof's own records of its configuration are no requests. */
export async function provenanceOf(
  config: Config,
  store: Store,
  recorded: readonly EvidenceRecord[],
  from: string,
): Promise<AssessmentResult["provenance"]> {
  const credentials = await credentialsOf(store);
  const runs = (await store.runs()).filter((run) => (run.endedAt ?? run.startedAt) >= from);
  const ids = runs.map((run) => run.id);
  const requests = (await store.requests(ids)).filter(({ endpoint }) => endpoint !== ownEndpoint);
  const byRun = Map.groupBy(requests, ({ run }) => run);
  const byQuery = Map.groupBy(requests, ({ digest, endpoint }) => JSON.stringify([digest, endpoint]));
  return {
    sources: config.sources.map((source) => ({
      id: source.id,
      provider: source.provider,
      endpoint: source.baseUrl,
      ...(credentials.get(source.id) ?? { identity: "not recorded", scopes: [] }),
    })),
    runs: runs.map(({ id, startedAt, endedAt, outcome, records, toolVersion: tool }) => ({
      id,
      startedAt,
      endedAt,
      outcome: outcome ?? "not ended",
      requests: byRun.get(id)?.length ?? 0,
      records,
      tool,
    })),
    queries: (await store.queries(ids))
      .filter((query) => query.text !== "")
      .map(({ operation, digest, text, endpoint, requests: sent }) => ({
        operation,
        digest,
        text,
        requests: sent,
        variables: variablesOf(byQuery.get(JSON.stringify([digest, endpoint])) ?? []),
      })),
    listings: (await store.listings(config.sources.map(({ id }) => id))).map((listing) => ({
      ...listing,
      requests: listing.requests.map((request) => ({ ...request })),
    })),
    configuration: identitiesRecord(config, recorded),
  };
}

/** Each set of variables, in the order of its first request. */
function variablesOf(requests: Requests): NonNullable<Query["variables"]> {
  const sets = Map.groupBy(
    requests.map(({ variables }) => JSON.parse(variables) as Readonly<Record<string, unknown>>),
    (values) => JSON.stringify(Object.keys(values).sort()),
  );
  return [...sets.values()].map((all) => ({
    names: Object.keys(all[0] ?? {}).sort(),
    requests: all.length,
    example: canonicalJson(shortened(all[0] ?? {})),
  }));
}

const mostItems = 3;
const longestText = 120;

/** The value without the rest of what is long. */
function shortened(value: unknown): unknown {
  if (typeof value === "string") return value.length > longestText ? `${value.slice(0, longestText)}…` : value;
  if (Array.isArray(value)) {
    const rest = value.length - mostItems;
    return [...value.slice(0, mostItems).map(shortened), ...(rest > 0 ? [`… and ${rest} more`] : [])];
  }
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shortened(item)]));
}

/** The latest record of the configuration, where it holds the identity map that is applied now. */
function identitiesRecord(config: Config, records: readonly EvidenceRecord[]): number | null {
  const { identities } = effectiveConfig(config) as { identities: unknown };
  const latest = records.findLast(({ kind }) => kind === "configuration");
  const recorded = latest?.body as { identities?: unknown } | undefined;
  return latest && canonicalJson(recorded?.identities ?? []) === canonicalJson(identities) ? latest.id : null;
}

/** By source id: whose credential listed its repositories last. */
async function credentialsOf(store: Store): Promise<ReadonlyMap<string, { identity: string; scopes: string[] }>> {
  const lists = new Set(
    (await store.coverage()).map(({ stream }) => stream).filter((stream) => stream.endsWith("/repositories")),
  );
  const records = (await Promise.all([...lists].map((stream) => store.recordsOfStream(stream)))).flat();
  return new Map(
    records
      .filter((record) => record.kind === "credential")
      .map((record) => [record.source, record.body as { identity: string; scopes: string[] }]),
  );
}
