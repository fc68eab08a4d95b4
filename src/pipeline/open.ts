import { join } from "node:path";
import { attributes } from "../attributes/index.ts";
import { loadCatalog } from "../catalog/index.ts";
import type { Config, ConfiguredSource } from "../config/config.ts";
import type { Catalog } from "../model/control.ts";
import type { Entity } from "../model/entity.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import { isOfList, normalizeListed } from "../providers/deployment-list.ts";
import { isOfIncidents } from "../providers/incident-list.ts";
import type { Provider } from "../providers/provider.ts";
import { providers } from "../providers/registry.ts";
import { openStore, type Store, type StoreOptions } from "../store/index.ts";
import { ConfigError } from "../util/errors.ts";
import { packageRoot } from "../util/root.ts";
import { toolVersion } from "../util/version.ts";
import { networkFileSystem } from "./network-file-system.ts";
import { signerOf } from "./signer.ts";
import type { PipelineContext } from "./types.ts";

/** The catalog as shipped, under the organisation's own numbers, for the frameworks it asks for, in its order. Throws ConfigError. */
export function effectiveCatalog(config: Config): Catalog {
  const catalog = loadCatalog(join(packageRoot(), "controls"), attributes, config.controls);
  return {
    ...catalog,
    frameworks: config.frameworks.flatMap((id) => catalog.frameworks.find((framework) => framework.id === id) ?? []),
  };
}

/** The provider a source is configured with. Throws ConfigError where there is none of that name. */
export function providerOf(source: { readonly id: string; readonly provider: string }): Provider {
  const provider = providers.find((candidate) => candidate.id === source.provider);
  if (provider) return provider;
  throw new ConfigError(`source ${source.id} names the provider "${source.provider}", which does not exist`, {
    hint: `Providers are: ${providers.map((candidate) => candidate.id).join(", ")}.`,
  });
}

/** Reads records by the provider of their source, imported lists as such; flowproof's own records say nothing about the organisation's changes. */
function normalizeBy(sources: readonly ConfiguredSource[]): (record: EvidenceRecord) => readonly Entity[] {
  const bySource = new Map(sources.map((source) => [source.id, providerOf(source)]));
  return (record) => {
    if (record.streamKind === "configuration" || isOfIncidents(record)) return [];
    if (isOfList(record)) return normalizeListed(record);
    const provider = bySource.get(record.source);
    if (provider) return provider.normalize(record);
    throw new ConfigError(`record r${record.id} is of source ${record.source}, which the configuration does not name`, {
      hint: "Keep a source in the configuration as long as the store holds its records.",
    });
  };
}

type StoreContext = Pick<PipelineContext, "config" | "clock" | "fileSystemOf">;

/** How the configured store is opened; without a signer. */
export function storeOptions({ config, clock }: StoreContext): StoreOptions {
  return { path: config.store, clock, normalize: normalizeBy(config.sources), toolVersion: toolVersion() };
}

/** Opens the store for a task and closes it whatever happens. One that writes signs the checkpoints of its runs where a key is configured, unless it `signs` nothing. Throws ConfigError where the key cannot be read. */
export async function withStore<T>(
  ctx: StoreContext,
  mode: { readonly write: boolean; readonly asOf?: string; readonly anew?: boolean; readonly signs?: boolean },
  task: (store: Store) => Promise<T>,
): Promise<T> {
  if (mode.write) refuseNetworkFileSystem(ctx);
  const { write, asOf, anew = false, signs = write } = mode;
  const signer = signs ? signerOf(ctx.config) : undefined;
  const store = await openStore({
    ...storeOptions(ctx),
    readonly: !write,
    ...(asOf === undefined ? {} : { asOf, anew }),
    ...(signer && { signer }),
  });
  try {
    return await task(store);
  } finally {
    await store.close();
  }
}

/** Throws ConfigError where the store is not on a local disk. */
export function refuseNetworkFileSystem(ctx: StoreContext): void {
  const foreign = networkFileSystem(ctx.config.store, ctx.fileSystemOf);
  if (foreign !== undefined) {
    throw new ConfigError(
      `${ctx.config.store} is on a network file system (${foreign}), where locks and fsync cannot be trusted`,
      {
        hint: "Set `store` to a file on a local disk, and copy backups elsewhere.",
      },
    );
  }
}
