import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { instant } from "../util/clock.ts";
import { ConfigError } from "../util/errors.ts";
import { parsePeriod } from "../util/period.ts";
import { type Comparison, compareWithTruth } from "./compare-with-truth.ts";
import { openContext } from "./context.ts";
import { collect, report } from "./index.ts";
import { writeNewKeys } from "./init.ts";
import { openSandbox } from "./sandbox.ts";
import type { CollectSummary, PipelineContext, ReportSummary } from "./types.ts";

/** What a demonstration is made from. */
export interface DemoRequest extends Omit<PipelineContext, "config" | "clock"> {
  /** Where everything goes: configuration, keys, store and pack. Emptied first, if it is an earlier demonstration's. */
  readonly directory: string;
  readonly changes?: number;
  readonly seed?: number;
}

export interface DemoSummary {
  readonly collected: CollectSummary;
  readonly reported: ReportSummary;
  readonly comparison: Comparison;
  /** The configuration it ran with; its source is gone when the demonstration ends. */
  readonly configFile: string;
}

const token = "any-token-will-do";

/** Serves the simulated organisation on loopback, collects it, renders the pack of its last month and compares that with what was planted. */
export async function demo(request: DemoRequest): Promise<DemoSummary> {
  const { directory, changes, seed, ...rest } = request;
  const configFile = join(directory, "flowproof.config.yaml");
  await emptyDemo(directory, configFile);
  rest.progress("simulating an organisation");
  // Two days after the simulated time ends: its last month is over, whatever this machine's clock says.
  const started = Date.now();
  let end = started;
  const clock = (): Date => new Date(end + 2 * 86_400_000 + (Date.now() - started));
  const sandbox = await openSandbox({
    clock,
    ...(changes === undefined ? {} : { changes }),
    ...(seed === undefined ? {} : { seed }),
  });
  try {
    if (!sandbox.truth) throw new Error("a simulation always has its truth");
    end = Date.parse(sandbox.truth.until);
    const incidents = "incidents.csv";
    writeFileSync(join(directory, incidents), sandbox.incidents ?? "");
    const documents = "documents";
    mkdirSync(join(directory, documents));
    for (const [name, text] of sandbox.documents) writeFileSync(join(directory, documents, name), text);
    sandbox.writeConfig(configFile, { store: "flowproof.db", reports: ".", incidents, documents, signed: true });
    await writeNewKeys(directory, "Riverbank", clock);
    const env = { ...rest.env, [sandbox.tokenVariable]: token };
    const ctx = openContext({ ...rest, clock, env, configFile });
    const collected = await collect(ctx);
    const lastMonth = instant(new Date(end - 1)).slice(0, 7);
    const reported = await report(ctx, { period: parsePeriod(lastMonth, ctx.config.timezone, clock()) });
    return { collected, reported, comparison: compareWithTruth(sandbox.truth, reported.result), configFile };
  } finally {
    await sandbox.close();
  }
}

async function emptyDemo(directory: string, configFile: string): Promise<void> {
  if (existsSync(directory) && readdirSync(directory).length > 0) {
    const isDemo = existsSync(configFile) && readFileSync(configFile, "utf8").includes("flowproof's demonstration");
    if (!isDemo) {
      throw new ConfigError(`${directory} is there, and is no earlier demonstration's`, {
        hint: "Name another folder with --out DIR.",
      });
    }
    rmSync(directory, { recursive: true });
  }
  try {
    makeFolder(directory);
  } catch (cause) {
    throw new ConfigError(`${directory} cannot be made: ${(cause as Error).message}`, {
      cause,
      hint: "Name another folder with --out DIR.",
    });
  }
}

/** Folder by folder: Node's recursive mkdir never ends where a file system such as /proc takes none. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}
