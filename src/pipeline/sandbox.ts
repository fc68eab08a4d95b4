import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { configTemplate } from "../config/template.ts";
import { demoConfig, loadRecorded, simulate, startSandbox, type Truth, type World } from "../sandbox/index.ts";
import type { Clock } from "../util/clock.ts";
import { ConfigError } from "../util/errors.ts";

/** What a sandbox serves and how; simulated unless `recorded` names a folder. */
export interface SandboxRequest {
  readonly port?: number;
  /** Merged changes of the simulated organisation, 50 to 100,000. */
  readonly changes?: number;
  readonly seed?: number;
  readonly recorded?: string;
  readonly faults?: string;
  readonly clock?: Clock;
}

/** A sandbox that listens on loopback until it is closed. */
export interface OpenSandbox {
  /** What a source's `baseUrl` is set to. */
  readonly url: string;
  /** The environment variable that its configuration takes the token from; any value does. */
  readonly tokenVariable: string;
  /** What was planted; undefined for a recording, of which nobody knows the truth. */
  readonly truth: Truth | undefined;
  /** What it has been asked so far. */
  stats(): { readonly requests: number; readonly points: number };
  /** Writes a configuration that collects from it. */
  writeConfig(file: string, folders?: { readonly store: string; readonly reports: string }): void;
  close(): Promise<void>;
}

/** Starts the sandbox. Throws ConfigError on options it cannot serve. */
export async function openSandbox(request: SandboxRequest): Promise<OpenSandbox> {
  const { recorded } = request;
  const { world, truth } =
    recorded === undefined ? simulation(request) : { world: recording(recorded), truth: undefined };
  const sandbox = await startSandbox({
    world,
    faults: request.faults,
    ...(request.port === undefined ? {} : { port: request.port }),
    ...(request.clock ? { clock: request.clock } : {}),
  }).catch((cause: Error) => {
    throw new ConfigError(`the sandbox cannot start: ${cause.message}`, {
      cause,
      hint:
        cause instanceof TypeError
          ? "See the list of faults in `flowproof sandbox --help`."
          : "Choose another --port, or none.",
    });
  });
  return {
    url: sandbox.url,
    tokenVariable: truth ? "FLOWPROOF_SANDBOX_TOKEN" : "GITHUB_TOKEN",
    truth,
    stats: () => sandbox.stats(),
    writeConfig: (file, folders) => {
      refuseForeign(file);
      const text = truth ? demoConfig(sandbox.url, folders) : recordedConfig(world, sandbox.url);
      writeFileSync(file, text);
    },
    close: () => sandbox.close(),
  };
}

/** A demonstration's own configuration is written anew, with the new port; anybody else's is not touched. */
function refuseForeign(file: string): void {
  if (!existsSync(file) || readFileSync(file, "utf8").startsWith("# The configuration of an invented organisation"))
    return;
  throw new ConfigError(`${file} is already there, and is no sandbox's configuration`, { hint: "Name another file." });
}

function simulation({ changes, seed }: SandboxRequest): { readonly world: World; readonly truth: Truth } {
  try {
    return simulate({ ...(changes === undefined ? {} : { changes }), ...(seed === undefined ? {} : { seed }) });
  } catch (cause) {
    throw new ConfigError((cause as Error).message, { cause, hint: "Choose another --changes." });
  }
}

function recording(folder: string): World {
  try {
    return loadRecorded(folder);
  } catch (cause) {
    throw new ConfigError(`${folder} holds no recording: ${(cause as Error).message}`, {
      cause,
      hint: "A recording is a folder with pulls.json.gz, commits.jsonl.gz and refs.txt.gz.",
    });
  }
}

function recordedConfig(world: World, url: string): string {
  const owner = world.organisation.login;
  const oldest = Math.min(...world.repositories.map(({ createdAt }) => createdAt));
  return configTemplate({
    organisation: owner,
    owner,
    since: new Date(oldest).toISOString().slice(0, 10),
    timezone: "UTC",
    baseUrl: url,
    systems: world.repositories.map(({ name, defaultBranch }) => ({
      id: name,
      team: owner,
      repository: `${owner}/${name}`,
      branch: defaultBranch,
      environments: ["production"],
    })),
    automations: [],
    checks: [],
  });
}
