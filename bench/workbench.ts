import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { collect } from "../src/pipeline/collect.ts";
import { openContext } from "../src/pipeline/context.ts";
import type { CollectSummary, PipelineContext } from "../src/pipeline/types.ts";
import { systemClock } from "../src/util/clock.ts";
import { packageRoot } from "../src/util/root.ts";
import { watchMemory } from "./tree-memory.ts";

/** A simulated organisation, served by a process of its own so that its work is not counted as ours. */
export interface Organisation {
  readonly folder: string;
  /** The configuration that collects from it. */
  readonly config: string;
  /** What the pipeline is given, with a store of that name. */
  context(store: string): PipelineContext;
  collect(store: string): Promise<Collected>;
}

/** A finished collecting, from its first step to the checkpoint. */
export interface Collected {
  readonly seconds: number;
  /** The store's file. */
  readonly path: string;
  readonly summary: CollectSummary;
}

/** A temporary folder and the organisations served from it; what is asked for again is not made again. */
export interface Workbench {
  readonly changes: number;
  readonly folder: string;
  organisation(changes: number, faults?: string): Promise<Organisation>;
  /** The organisation of the size asked for, collected once. */
  collected(changes: number): Promise<{ readonly organisation: Organisation; readonly first: Collected }>;
  /** What a script of this folder prints, run in a process of its own that ends with the workbench. */
  run(script: string, ...values: readonly string[]): Promise<string>;
  /** The most memory, in MB, that such a process and all that it starts hold together. */
  weigh(script: string, ...values: readonly string[]): Promise<number>;
  /** Ends what was started and takes the folder away; again, it does nothing. */
  close(): Promise<void>;
}

/** The command line's entry point. */
export const cli = join(packageRoot(), "src", "cli", "main.ts");

/** What a process that collects from a simulated organisation needs in its environment. */
export const benchEnvironment = { ...process.env, FLOWPROOF_SANDBOX_TOKEN: "bench" };

/** Opens a workbench whose usual size is that many changes. */
export function openWorkbench(changes: number): Workbench {
  const folder = mkdtempSync(join(tmpdir(), "flowproof-bench-"));
  const organisations = new Map<string, Promise<Organisation>>();
  const collected = new Map<number, Promise<{ organisation: Organisation; first: Collected }>>();
  const stops: (() => Promise<void>)[] = [];
  const closing = new AbortController();
  const started = (flags: readonly string[], script: string, values: readonly string[]) =>
    promisify(execFile)(process.execPath, [...flags, join(packageRoot(), "bench", script), ...values], {
      env: benchEnvironment,
      signal: closing.signal,
    });
  const organisation = (size: number, faults = "") => {
    const name = `${size}${faults}`.replaceAll(/\W/g, "-");
    return memo(organisations, name, () => serve(join(folder, name), size, faults, stops));
  };
  return {
    changes,
    folder,
    organisation,
    collected: (size) =>
      memo(collected, size, async () => {
        const made = await organisation(size);
        return { organisation: made, first: await made.collect("first") };
      }),
    async run(script, ...values) {
      return (await started(["--max-old-space-size=12000"], script, values)).stdout;
    },
    async weigh(script, ...values) {
      const running = started([], script, values);
      const memory = watchMemory(running.child.pid);
      await running.finally(() => memory.stop());
      const most = memory.stop();
      if (most === 0) throw new Error("this machine does not tell how much memory processes hold");
      return most;
    },
    async close() {
      closing.abort();
      await Promise.all(stops.map((stop) => stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function serve(
  folder: string,
  changes: number,
  faults: string,
  stops: (() => Promise<void>)[],
): Promise<Organisation> {
  mkdirSync(folder);
  const config = join(folder, "flowproof.config.yaml");
  const options = [
    "--changes",
    String(changes),
    "--write-config",
    config,
    ...(faults === "" ? [] : ["--faults", faults]),
  ];
  const child = spawn(process.execPath, [cli, "sandbox", ...options], {
    env: benchEnvironment,
    stdio: ["ignore", "pipe", "inherit"],
  });
  stops.push(async () => {
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "close");
    }
  });
  await once(createInterface({ input: child.stdout }), "line");
  const context = (store: string) => contextOf(config, join(folder, `${store}.db`));
  return {
    folder,
    config,
    context,
    async collect(store) {
      const ctx = context(store);
      const { seconds, result } = await timed(() => collect(ctx));
      return { seconds, path: ctx.config.store, summary: result };
    },
  };
}

/** What the pipeline is given to work with that configuration on that store; it waits for nothing between requests. */
export function contextOf(configFile: string, store: string): PipelineContext {
  const opened = openContext({
    configFile,
    clock: systemClock,
    env: benchEnvironment,
    signal: new AbortController().signal,
    progress: () => undefined,
    wait: async () => undefined,
  });
  return { ...opened, config: { ...opened.config, store } };
}

/** Runs the work and says how long it took. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly seconds: number; readonly result: T }> {
  const started = performance.now();
  const result = await work();
  return { seconds: (performance.now() - started) / 1000, result };
}

function memo<K, V>(made: Map<K, V>, key: K, make: () => V): V {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}
