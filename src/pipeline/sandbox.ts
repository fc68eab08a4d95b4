import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { configTemplate } from "../config/template.ts";
import {
  demoConfig,
  documents,
  incidentList,
  loadRecorded,
  prove,
  SCENARIOS,
  scenarioConfig,
  simulate,
  startSandbox,
  type Truth,
  type World,
} from "../sandbox/index.ts";
import type { Clock } from "../util/clock.ts";
import { ConfigError } from "../util/errors.ts";

/** What a sandbox serves and how; simulated unless `recorded` names a folder or the scenarios are asked for. */
export interface SandboxRequest {
  readonly port?: number;
  /** Merged changes of the simulated organisation, 50 to 100,000. */
  readonly changes?: number;
  readonly seed?: number;
  readonly recorded?: string;
  /** The organisation in which every catalogued way round the controls was played. */
  readonly scenarios?: boolean;
  readonly faults?: string;
  readonly clock?: Clock;
}

/** Where a configuration has its store and its packs, relative to itself. */
export interface Folders {
  readonly store: string;
  readonly reports: string;
  /** The list of incidents, where a simulated organisation has one. */
  readonly incidents?: string;
  /** The folder of the documents that a simulated organisation's management attests. */
  readonly documents?: string;
  /** The folder of a simulated management's answers to exceptions. */
  readonly responses?: string;
  /** Checkpoints and packs are signed with the keys that `init` would make beside it. */
  readonly signed?: boolean;
}

/** A sandbox that listens on loopback until it is closed. */
export interface OpenSandbox {
  /** What a source's `baseUrl` is set to. */
  readonly url: string;
  /** The environment variable that its configuration takes the token from; any value does. */
  readonly tokenVariable: string;
  /** What was planted in a simulated organisation; undefined for everything else. */
  readonly truth: Truth | undefined;
  /** The list of incidents (CSV) of a simulated organisation; undefined for everything else. */
  readonly incidents: string | undefined;
  /** What a simulated organisation's management attests, by file name; empty for everything else. */
  readonly documents: ReadonlyMap<string, string>;
  /** How many scenarios were played; undefined for everything else. */
  readonly scenarios: number | undefined;
  /** What it has been asked so far. */
  stats(): { readonly requests: number; readonly points: number };
  /** Writes a configuration that collects from it; absent folders: the default ones, where one's own evidence goes. */
  writeConfig(file: string, folders?: Folders): void;
  close(): Promise<void>;
}

/** Starts the sandbox. Throws ConfigError on options it cannot serve. */
export async function openSandbox(request: SandboxRequest): Promise<OpenSandbox> {
  const { world, truth, scenarios, configFor } = contentOf(request);
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
    tokenVariable: request.recorded === undefined ? "FLOWPROOF_SANDBOX_TOKEN" : "GITHUB_TOKEN",
    truth,
    incidents: truth && incidentList(world),
    documents: new Map(truth ? documents.map(({ id, text }) => [`${id}.txt`, text]) : []),
    scenarios,
    stats: () => sandbox.stats(),
    writeConfig: (file, folders) => {
      refuseForeign(file);
      const text = configFor(sandbox.url, folders);
      try {
        writeFileSync(file, text);
      } catch (cause) {
        throw new ConfigError(`${file} cannot be written: ${(cause as Error).message}`, {
          cause,
          hint: "Make its folder, or let this user write there.",
        });
      }
    },
    close: () => sandbox.close(),
  };
}

interface Content {
  readonly world: World;
  readonly truth: Truth | undefined;
  readonly scenarios: number | undefined;
  readonly configFor: (url: string, folders: Folders | undefined) => string;
}

function contentOf(request: SandboxRequest): Content {
  const none = { truth: undefined, scenarios: undefined };
  const { recorded, scenarios = false, changes, seed } = request;
  if (scenarios && (recorded ?? changes ?? seed) !== undefined) {
    throw new ConfigError("the scenarios are always the same organisation", {
      hint: "Leave out --recorded, --changes and --seed, or leave out --scenarios.",
    });
  }
  if (scenarios) {
    const proving = prove();
    const { length } = proving.play();
    proving.goOn();
    const configFor: Content["configFor"] = (url, folders) => scenarioConfig(url, SCENARIOS, folders);
    return { ...none, world: proving.world, scenarios: length, configFor };
  }
  if (recorded !== undefined) {
    const world = recording(recorded);
    return { ...none, world, configFor: (url, folders) => recordedConfig(world, url, folders) };
  }
  return { ...none, ...simulation(request), configFor: demoConfig };
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

function recordedConfig(world: World, url: string, folders: Folders | undefined): string {
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
    ...folders,
  });
}
