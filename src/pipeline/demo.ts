import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { instant } from "../util/clock.ts";
import { ConfigError } from "../util/errors.ts";
import { makeFolder, requireMakeable } from "../util/make-folder.ts";
import { parsePeriod } from "../util/period.ts";
import { type Comparison, compareWithTruth } from "./compare-with-truth.ts";
import { openContext } from "./context.ts";
import { writeDemoAnswers } from "./demo-answers.ts";
import { listExceptions } from "./exceptions.ts";
import { collect, report } from "./index.ts";
import { writeNewKeys } from "./init.ts";
import { recordAnswers } from "./record-answers.ts";
import { openSandbox } from "./sandbox.ts";
import type { CollectSummary, PipelineContext, ReportSummary } from "./types.ts";

/** What a demonstration is made from. */
export interface DemoRequest extends Omit<PipelineContext, "config" | "clock"> {
  /** Where everything goes: configuration, keys, store and pack. An earlier demonstration there is replaced. */
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

/** Serves the simulated organisation on loopback, collects it, answers some of its exceptions, renders the pack of its last month and compares that with what was planted. */
export async function demo(request: DemoRequest): Promise<DemoSummary> {
  const { directory, changes, seed, ...rest } = request;
  const configFile = join(directory, "flowproof.config.yaml");
  refuseForeign(directory, configFile);
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
    makeFolder(directory);
    for (const name of readdirSync(directory)) rmSync(join(directory, name), { recursive: true });
    const incidents = "incidents.csv";
    writeFileSync(join(directory, incidents), sandbox.incidents ?? "");
    const documents = "documents";
    mkdirSync(join(directory, documents));
    for (const [name, text] of sandbox.documents) writeFileSync(join(directory, documents, name), text);
    const responses = "responses";
    const folders = { store: "flowproof.db", reports: ".", incidents, documents, responses };
    mkdirSync(join(directory, responses));
    sandbox.writeConfig(configFile, { ...folders, signed: true });
    await writeNewKeys(directory, "Riverbank", clock);
    const env = { ...rest.env, [sandbox.tokenVariable]: token };
    const ctx = openContext({ ...rest, clock, env, configFile });
    const collected = await collect(ctx);
    const lastMonth = instant(new Date(end - 1)).slice(0, 7);
    const period = parsePeriod(lastMonth, ctx.config.timezone, clock());
    writeDemoAnswers(join(directory, responses), await listExceptions(ctx, { period }));
    await recordAnswers(ctx);
    const reported = await report(ctx, { period });
    return { collected, reported, comparison: compareWithTruth(sandbox.truth, reported.result), configFile };
  } finally {
    await sandbox.close();
  }
}

/** Throws ConfigError for a folder that holds anything but an earlier demonstration, and where none can be made. */
function refuseForeign(directory: string, configFile: string): void {
  requireMakeable(directory);
  if (!existsSync(directory) || readdirSync(directory).length === 0) return;
  if (existsSync(configFile) && readFileSync(configFile, "utf8").includes("flowproof's demonstration")) return;
  throw new ConfigError(`${directory} is there, and is no earlier demonstration's`, {
    hint: "Name another folder with --out DIR.",
  });
}
