import { type Entity, entitySchema } from "../../src/model/entity.ts";
import {
  type Batch,
  type Coverage,
  type Cursor,
  type EvidenceRecord,
  organisationKinds,
  type Stream,
  type StreamKind,
} from "../../src/model/stream.ts";
import type { Provider, ProviderContext } from "../../src/providers/provider.ts";
import type { World } from "../../src/sandbox/index.ts";
import { canonicalJson } from "../../src/util/canonical-json.ts";

const since = "2020-01-01T00:00:00Z";

export const kindsOfRepository = [
  "repository",
  "protection",
  "commits",
  "changes",
  "reviews",
  "checks",
  "workItems",
  "files",
  "deployments",
] as const satisfies readonly StreamKind[];

/** The streams of every repository of a world, or of those named, and of their owner. */
export function streamsOf(
  world: World,
  kinds: readonly StreamKind[] = kindsOfRepository,
  names?: readonly string[],
): Stream[] {
  return world.repositories
    .filter((repository) => names === undefined || names.includes(repository.name))
    .flatMap((repository) =>
      kinds.filter(isRepositorys).map((kind) => ({
        id: `github/${repository.id}/${kind}`,
        source: "github",
        kind,
        scopeId: String(repository.id),
        scopeName: `${world.organisation.login}/${repository.name}`,
        since,
      })),
    )
    .concat(
      kinds
        .filter((kind) => !isRepositorys(kind))
        .map((kind) => ({
          id: `github/-/${kind}/${world.organisation.login}`,
          source: "github",
          kind,
          scopeId: "-",
          scopeName: world.organisation.login,
          since,
        })),
    );
}

const isRepositorys = (kind: StreamKind): boolean => organisationKinds.every((one) => one !== kind);

/** A provider's context that waits for nothing and remembers what it would have waited for. */
export function contextOf(
  baseUrl: string,
  more: Partial<ProviderContext> = {},
): ProviderContext & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    source: {
      id: "github",
      provider: "github",
      baseUrl,
      credential: { type: "token", read: () => "ghp_0123456789abcdef" },
    },
    clock: () => new Date("2026-11-21T12:00:00Z"),
    signal: new AbortController().signal,
    progress: () => {},
    wait: async (milliseconds) => {
      waits.push(milliseconds);
    },
    waits,
    ...more,
  };
}

/** What a store would hold: the latest body of each object, its cursors, and what was said of coverage. */
export interface Kept {
  readonly cursors: Map<string, Cursor>;
  readonly records: Map<string, EvidenceRecord>;
  coverage: Coverage[];
  readonly totals: Map<string, number>;
  readonly batches: Batch[];
  added: number;
}

export const nothing = (): Kept => ({
  cursors: new Map(),
  records: new Map(),
  coverage: [],
  totals: new Map(),
  batches: [],
  added: 0,
});

/** Collects into what is kept, batch by batch, and stops dead after `stopAfter` of them. */
export async function collectInto(
  kept: Kept,
  provider: Provider,
  streams: readonly Stream[],
  context: ProviderContext,
  stopAfter = Number.POSITIVE_INFINITY,
): Promise<Kept> {
  kept.added = 0;
  kept.coverage = [];
  let taken = 0;
  for await (const batch of provider.collect(streams, new Map(kept.cursors), context)) {
    if (taken++ >= stopAfter) break;
    kept.batches.push(batch);
    for (const { stream, records, cursor, coverage, total } of batch.parts) {
      for (const { kind, externalId, body } of records) {
        const key = `${stream.id}\n${kind}\n${externalId}`;
        const before = kept.records.get(key);
        if (before && canonicalJson(before.body) === canonicalJson(body)) continue;
        kept.added++;
        const { id, source, scopeId, kind: streamKind } = stream;
        kept.records.set(key, {
          id: kept.records.size + 1,
          stream: id,
          source,
          scopeId,
          streamKind,
          kind,
          externalId,
          body,
          fetchedAt: "2026-11-21T12:00:00Z",
          run: "run",
        });
      }
      if (cursor !== undefined) kept.cursors.set(stream.id, cursor);
      if (total !== undefined) kept.totals.set(stream.id, total);
      if (coverage) kept.coverage.push({ stream: stream.id, ...coverage });
    }
  }
  return kept;
}

/** Every entity of what is kept, valid, as sorted lines: equal for equal evidence. */
export function entitiesOf(kept: Kept, provider: Provider): readonly string[] {
  const found = [...kept.records.values()].flatMap((record) => provider.normalize(record));
  return found.map((entity) => canonicalJson(entitySchema.parse(entity))).sort();
}

export function entitiesOfType<T extends Entity["type"]>(
  kept: Kept,
  provider: Provider,
  type: T,
): Extract<Entity, { type: T }>[] {
  const found = [...kept.records.values()].flatMap((record) => provider.normalize(record));
  return found.filter((entity): entity is Extract<Entity, { type: T }> => entity.type === type);
}

/** The last thing said of each stream. */
export const statuses = (kept: Kept): ReadonlyMap<string, Coverage["status"]> =>
  new Map(kept.coverage.map(({ stream, status }) => [stream, status]));
