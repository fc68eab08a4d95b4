import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { packageRoot } from "../../src/util/root.ts";

/** A token of the real shape, which no output and no file may show. */
export const token = "ghp_e2eE2Ee2eE2Ee2eE2Ee2eE2Ee2eE2Ee2eE2E";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A started command, not yet ended. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the match once the output (both streams) shows the pattern; rejects when the process ends before. */
  shows(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts the command line as a process of its own, without a terminal, as cron does. */
export function start(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Started {
  const main = join(packageRoot(), "src", "cli", "main.ts");
  const { PATH, HOME, FLOWPROOF_CHROMIUM, PUPPETEER_EXECUTABLE_PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    cwd: options.cwd,
    env: {
      PATH,
      HOME,
      FLOWPROOF_CHROMIUM,
      PUPPETEER_EXECUTABLE_PATH,
      NODE_COMPILE_CACHE,
      CI: "true",
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
  return {
    child,
    ended,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(stdout + stderr);
          if (match) resolve(match);
        };
        child.stdout.on("data", look);
        child.stderr.on("data", look);
        void ended.then(({ code }) =>
          reject(new Error(`ended with ${code} before it showed ${pattern}:\n${stdout}${stderr}`)),
        );
        look();
      }),
  };
}

/** Runs the command line to its end. */
export function run(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Ended> {
  return start(args, options).ended;
}

/** A folder of its own for a test, gone when the tests are. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "flowproof-e2e-"));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

// The worker is ended without its exit handlers, so the test file itself cleans up; a process killed with -9 may still write.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
});

/** The lines of JSON in an output. */
export function jsonLines(text: string): readonly Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A sandbox in a process of its own, with a configuration that collects from it. */
export interface RunningSandbox {
  readonly url: string;
  stop(): Promise<Ended>;
}

/** Starts `flowproof sandbox` and waits until it serves; the configuration is `flowproof.config.yaml` in the folder. */
export async function startSandboxProcess(cwd: string, ...args: readonly string[]): Promise<RunningSandbox> {
  const started = start(["sandbox", "--write-config", "flowproof.config.yaml", ...args], { cwd });
  const [, url = ""] = await started.shows(/sandbox {5}(http:\S+)/);
  return {
    url,
    stop: () => {
      started.child.kill("SIGINT");
      return started.ended;
    },
  };
}
