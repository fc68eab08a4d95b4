import { existsSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { backupStore, type StoreCopy } from "../store/index.ts";
import { filesFolder } from "../store/kept-files.ts";
import { ConfigError } from "../util/errors.ts";
import { copyAttested } from "./attest-files.ts";
import { recordedAttestations } from "./attest-records.ts";
import { storeOptions, withStore } from "./open.ts";
import { signerOf } from "./signer.ts";
import type { PipelineContext } from "./types.ts";

type CopyContext = Pick<PipelineContext, "config" | "clock">;

/** A copy of the store as it stands, beside a collecting that may be under way, verified before it has its name, with the files of attestations beside it. Throws ConfigError, and IntegrityError where something of it does not verify. */
export async function backup(ctx: CopyContext, file: string): Promise<StoreCopy & AttestedCopy> {
  const { store } = ctx.config;
  if (!existsSync(store))
    throw new ConfigError(`there is no store ${store}`, { hint: "Run `flowproof collect` first." });
  const target = resolve(file);
  const hadFiles = existsSync(filesFolder(target));
  let files = 0;
  const beside = async (copy: string): Promise<void> => {
    files = await copyAttestedFiles(ctx, copy, { from: store, to: target });
  };
  try {
    return { ...(await backupStore(storeOptions(ctx), target, { key: knownKey(ctx), beside })), files };
  } catch (error) {
    if (!hadFiles && !existsSync(target)) rmSync(filesFolder(target), { recursive: true, force: true });
    throw error;
  }
}

/** What was copied with a store. */
export interface AttestedCopy {
  /** How many files of attestations lie beside it. */
  readonly files: number;
}

/** Copies the files that the records of a copied store name from beside one store to beside another; gives how many there are. */
export async function copyAttestedFiles(
  ctx: CopyContext,
  copy: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<number> {
  const opened = { ...ctx, config: { ...ctx.config, store: copy } };
  const recorded = await withStore(opened, { write: false }, (store) => recordedAttestations(store, ctx.config));
  return copyAttested({ store: from }, { store: to }, recorded);
}

/** The key to hold signatures against; a copy can be made and put back where the key is not. */
export function knownKey({ config }: Pick<PipelineContext, "config">): ReturnType<typeof signerOf> {
  try {
    return signerOf(config);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
