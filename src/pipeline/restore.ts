import { resolve } from "node:path";
import { type RestoredStore, restoreStore } from "../store/index.ts";
import { knownKey } from "./backup.ts";
import { refuseNetworkFileSystem, storeOptions } from "./open.ts";
import type { PipelineContext } from "./types.ts";

/** Puts a verified backup in the store's place, or changes nothing. Throws ConfigError where the store holds what the backup does not, unless it may be discarded; IntegrityError where the backup does not verify; LockedError while the store is in use. */
export async function restore(
  ctx: Pick<PipelineContext, "config" | "clock" | "fileSystemOf">,
  file: string,
  { discardLater }: { readonly discardLater: boolean },
): Promise<RestoredStore> {
  refuseNetworkFileSystem(ctx);
  const key = knownKey(ctx);
  return restoreStore(storeOptions(ctx), resolve(file), { discardLater, ...(key && { key }) });
}
