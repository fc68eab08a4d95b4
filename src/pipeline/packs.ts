import { existsSync } from "node:fs";
import { join } from "node:path";
import { alteredFiles, issuedIn } from "../pack/manifest.ts";
import { withStore } from "./open.ts";
import { issuedPacks, type PackRecord } from "./pack-records.ts";
import type { PipelineContext } from "./types.ts";

/** What lies where a pack was issued to. */
export type FolderState =
  | { readonly state: "asIssued" }
  | { readonly state: "missing" }
  /** Another pack, or none, is under its name; or files of it are not what they were. */
  | { readonly state: "altered"; readonly files: readonly string[] };

/** One pack of the chain. */
export interface ListedPack extends Omit<PackRecord, "differences"> {
  /** Id of its record in the ledger. */
  readonly record: number;
  readonly supersededBy: string | null;
  readonly differences: readonly string[];
  /** Where it was put. */
  readonly directory: string;
  readonly folder: FolderState;
}

/** Every pack that was issued, oldest first, and whether its folder is still what was issued. Reads only. */
export async function packs(ctx: Pick<PipelineContext, "config" | "clock">): Promise<readonly ListedPack[]> {
  if (!existsSync(ctx.config.store)) return [];
  const issued = await withStore(ctx, { write: false }, (store) => issuedPacks(store, ctx.config));
  return Promise.all(
    issued.map(async ({ outcomes: _, ...pack }) => {
      const directory = join(ctx.config.reports, pack.name);
      return {
        ...pack,
        supersededBy: issued.find(({ supersedes }) => supersedes === pack.name)?.name ?? null,
        directory,
        folder: await folderState(directory, pack.manifest),
      };
    }),
  );
}

async function folderState(directory: string, manifest: string): Promise<FolderState> {
  if (!existsSync(directory)) return { state: "missing" };
  const found = await issuedIn(directory);
  if (found?.digest !== manifest) return { state: "altered", files: ["manifest.json"] };
  const files = await alteredFiles(directory, found.statement);
  return files.length === 0 ? { state: "asIssued" } : { state: "altered", files };
}
