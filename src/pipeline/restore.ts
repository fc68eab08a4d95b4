import { resolve } from "node:path";
import { type RestoredStore, restoreStore } from "../store/index.ts";
import { type AttestedCopy, copyAttestedFiles, knownKey } from "./backup.ts";
import { refuseNetworkFileSystem, storeOptions } from "./open.ts";
import type { PipelineContext } from "./types.ts";

/** Puts a verified backup and the files of its attestations in the store's place, or leaves the store as it is. Throws ConfigError where the store holds what the backup does not, unless it may be discarded; IntegrityError where the backup does not verify, or a file is neither with it nor here; LockedError while the store is in use. */
export async function restore(
  ctx: Pick<PipelineContext, "config" | "clock" | "fileSystemOf">,
  file: string,
  { discardLater }: { readonly discardLater: boolean },
): Promise<RestoredStore & AttestedCopy> {
  refuseNetworkFileSystem(ctx);
  const backup = resolve(file);
  let files = 0;
  const beside = async (copy: string): Promise<void> => {
    files = await copyAttestedFiles(ctx, copy, { from: backup, to: ctx.config.store });
  };
  const restored = await restoreStore(storeOptions(ctx), backup, { discardLater, key: knownKey(ctx), beside });
  return { ...restored, files };
}
