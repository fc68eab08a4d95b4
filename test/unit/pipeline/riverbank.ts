import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openContext } from "../../../src/pipeline/context.ts";
import { openSandbox } from "../../../src/pipeline/sandbox.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";

/** Served and collected at this time: the simulated organisation's last day is over. */
const now = "2026-11-03T03:00:00Z";

/** The simulated organisation on loopback with a folder of its own, both gone once it is closed. */
export async function startRiverbank(options: { readonly faults?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "flowproof-riverbank-"));
  const file = join(folder, "flowproof.config.yaml");
  const sandbox = await openSandbox({ changes: 50, clock: () => new Date(now), ...options });
  sandbox.writeConfig(file);
  const configuration = readFileSync(file, "utf8");
  return {
    folder,
    file,
    url: sandbox.url,
    configuration,
    /** What it was asked so far. */
    stats: () => sandbox.stats(),
    close: async (): Promise<void> => {
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
    /** A context on the configuration as `edit` leaves it. */
    context: (
      edit: (text: string) => string = (text) => text,
      more: Partial<PipelineContext> = {},
    ): PipelineContext => {
      writeFileSync(file, edit(configuration));
      return openContext({ ...ambience(), unfinished: true, configFile: file, ...more });
    },
  };
}

/** What a pipeline is given besides its configuration. */
export function ambience(): Omit<PipelineContext, "config"> {
  return {
    clock: () => new Date(now),
    signal: new AbortController().signal,
    progress: () => undefined,
    wait: async () => undefined,
    env: { FLOWPROOF_SANDBOX_TOKEN: "any-token-will-do" },
  };
}
