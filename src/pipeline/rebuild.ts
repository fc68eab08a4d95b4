import { existsSync } from "node:fs";
import { ConfigError } from "../util/errors.ts";
import { withStore } from "./open.ts";
import type { PipelineContext, RebuildSummary } from "./types.ts";

/** Drops every projection and makes it anew from the records; the evidence is not touched. Throws LockedError while another run is writing. */
export async function rebuild(ctx: Pick<PipelineContext, "config" | "clock">): Promise<RebuildSummary> {
  if (!existsSync(ctx.config.store))
    throw new ConfigError(`there is no store ${ctx.config.store}`, { hint: "Run `flowproof collect` first." });
  return withStore(ctx, { write: true, signs: false }, async (store) => {
    await store.lock("flowproof rebuild");
    return store.rebuild();
  });
}
