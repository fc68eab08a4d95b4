import { basename, join } from "node:path";
import { attributes } from "../attributes/index.ts";
import { loadCatalog } from "../catalog/index.ts";
import type { Config, ConfiguredCredential } from "../config/config.ts";
import { loadConfig } from "../config/load-config.ts";
import { criterionNames } from "../model/attestation.ts";
import { providers } from "../providers/registry.ts";
import { ConfigError } from "../util/errors.ts";
import { packageRoot } from "../util/root.ts";
import type { PipelineContext } from "./types.ts";

/** What a context is opened from: the process's own things, which file configures it, and whether one that `init` left to be finished will do. */
export type Opening = Omit<PipelineContext, "config"> & {
  readonly configFile: string;
  readonly unfinished?: boolean;
};

/** Reads the configuration and checks every name in it against what is shipped. Throws ConfigError that lists all problems. */
export function openContext({ configFile, unfinished = false, ...rest }: Opening): PipelineContext {
  const { frameworks, controls } = loadCatalog(join(packageRoot(), "controls"), attributes, []);
  const config = loadConfig(configFile, rest.env, {
    providers: providers.map(({ id }) => id),
    frameworks: frameworks.map(({ id }) => id),
    attributes: attributes.map(({ id }) => id),
    controls: controls.map(({ id }) => id),
    criteria: criterionNames(frameworks),
  });
  if (!unfinished && config.unfinished.length > 0) {
    throw new ConfigError(config.unfinished.join("\n"), {
      hint: `Put your own values into ${basename(configFile)}, then: flowproof doctor. \`flowproof init --print --discover OWNER\` proposes them.`,
    });
  }
  return { config, ...rest };
}

/** Throws ConfigError where a credential cannot be read: said before a run begins. */
export function requireCredentials({ sources }: Pick<Config, "sources">): void {
  for (const { credential } of sources) readCredential(credential);
}

/** The configured credentials as far as they can be read now, so that no output carries one. */
export function secretsOf({ sources, signing }: Config): readonly string[] {
  const keys = [signing?.readKey, signing?.certificate?.readKey].filter((read) => read !== undefined);
  return [
    ...sources.flatMap(({ credential }) => readable(() => [readCredential(credential)])),
    // A line of a key's PEM is as secret as all of it.
    ...keys.flatMap((read) => readable(() => read().match(/^[\w+/=]{16,}$/gm) ?? [])),
  ];
}

function readable(read: () => readonly string[]): readonly string[] {
  try {
    return read();
  } catch {
    return [];
  }
}

function readCredential(credential: ConfiguredCredential): string {
  return credential.type === "app" ? credential.readKey() : credential.read();
}
