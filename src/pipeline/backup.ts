import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { backupStore, type StoreCopy } from "../store/index.ts";
import { ConfigError } from "../util/errors.ts";
import { storeOptions } from "./open.ts";
import { signerOf } from "./signer.ts";
import type { PipelineContext } from "./types.ts";

/** A copy of the store as it stands, beside a collecting that may be under way, verified before it has its name. Throws ConfigError, and IntegrityError where it does not verify. */
export async function backup(ctx: Pick<PipelineContext, "config" | "clock">, file: string): Promise<StoreCopy> {
  const { store } = ctx.config;
  if (!existsSync(store))
    throw new ConfigError(`there is no store ${store}`, { hint: "Run `flowproof collect` first." });
  return backupStore(storeOptions(ctx), resolve(file), knownKey(ctx));
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
