import type { Config, ConfiguredSource } from "../config/config.ts";
import type { Entity, EntityOf, Seen } from "../model/entity.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import type { Provider } from "../providers/provider.ts";
import type { Store } from "../store/index.ts";
import { SourceError } from "../util/errors.ts";
import { providerOf } from "./open.ts";
import { repositoryIdOf } from "./streams.ts";

type Listed = Seen<EntityOf<"listedRepository">>;

/** What a configured name stands for. */
export interface FollowedRepository {
  /** The source's entry, under today's name; undefined where the list never held the name. */
  readonly listed: Listed | undefined;
  /** Another repository that has the name today; nobody follows it under that name. */
  readonly usurper: Listed | undefined;
  /** What the reader must know of a repository that lost its name; undefined where it has it still. */
  readonly note: string | undefined;
}

/**
 * What the names that systems of a source give mean: the repository that the source's list first showed under the name,
 * whatever it is called today and whoever has the name now. Only where systems name that one by its new name too does the
 * old name mean its new holder. As of the store's cut-off; a record nobody can read names nothing.
 */
export async function repositoryNames(
  config: Pick<Config, "systems">,
  store: Store,
  source: ConfiguredSource,
): Promise<{ readonly listed: readonly Listed[]; readonly follow: (name: string) => FollowedRepository }> {
  const listed = await store.entities("listedRepository", { repositories: [source.id] });
  const first = await firstIds(store, providerOf(source), listed);
  const byId = new Map(listed.map((repository) => [repositoryIdOf(repository), repository]));
  // One that was deleted keeps its name in the store: the latest seen with a name has it.
  const holders = new Map(
    listed.toSorted((a, b) => a.record - b.record).map((repository) => [repository.name.toLowerCase(), repository]),
  );
  const configured = new Set(
    config.systems
      .filter((system) => system.source === source.id)
      .flatMap((system) => system.repositories.map((name) => name.toLowerCase())),
  );
  const follow = (name: string): FollowedRepository => {
    const wanted = name.toLowerCase();
    const holder = holders.get(wanted);
    const id = first.get(wanted);
    const pinned = (id === undefined ? undefined : byId.get(id)) ?? holder;
    if (!pinned || pinned === holder) return { listed: pinned, usurper: undefined, note: undefined };
    if (!holder) {
      return { listed: pinned, usurper: undefined, note: `${name} is now ${pinned.name}; followed by its id` };
    }
    const today = pinned.name.toLowerCase();
    if (today !== wanted && configured.has(today) && first.get(today) === id) {
      return { listed: holder, usurper: undefined, note: undefined };
    }
    const note = `${name} is now another repository (id ${repositoryIdOf(holder)}) than the one first seen (id ${id}); the first is followed, as ${pinned.name}`;
    return { listed: pinned, usurper: holder, note };
  };
  return { listed, follow };
}

/** By name in lower case, the id of the repository that any list first showed under it. */
async function firstIds(
  store: Store,
  provider: Provider,
  listed: readonly Listed[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await store.records(listed.map((repository) => repository.record));
  const streams = [...new Set(rows.map((row) => row.stream))];
  const records = (await Promise.all(streams.map((stream) => store.recordsOfStream(stream)))).flat();
  const first = new Map<string, string>();
  for (const record of records.sort((a, b) => a.id - b.id)) {
    for (const entity of readable(provider, record)) {
      const name = entity.type === "listedRepository" ? entity.name.toLowerCase() : undefined;
      if (name !== undefined && !first.has(name)) first.set(name, repositoryIdOf(entity));
    }
  }
  return first;
}

/** What a record says; nothing where its shape is unknown, which the store keeps account of. */
function readable(provider: Provider, record: EvidenceRecord): readonly Entity[] {
  try {
    return provider.normalize(record);
  } catch (error) {
    if (error instanceof SourceError) return [];
    throw error;
  }
}
