import { existsSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load-config.ts";
import { placeholder } from "../config/placeholders.ts";
import { configJsonSchema } from "../config/schema.ts";
import { configTemplate, type TemplateValues } from "../config/template.ts";
import { ConfigError } from "../util/errors.ts";
import type { Discovery } from "./types.ts";

const schemaName = "flowproof.config.schema.json";

/** What is known when a configuration is begun. */
export interface InitialValues {
  readonly organisation?: string;
  readonly owner?: string;
  readonly baseUrl?: string;
  /** The environment variable with the token. */
  readonly tokenVariable?: string;
  readonly timezone?: string;
  /** Where collecting starts, `2026-01-01`. */
  readonly since: string;
  readonly discovery?: Discovery;
  /** Also write a JSON Schema for editors beside it. */
  readonly schema?: boolean;
}

/** The text of a new configuration with every key documented in it; what is not known is a placeholder that must be replaced. */
export function initialConfig(values: InitialValues): string {
  const { discovery } = values;
  const owner = discovery?.owner ?? values.owner ?? placeholder;
  const proposed = (discovery?.systems ?? []).map(({ merged: _, ...system }) => ({ ...system, team: "unassigned" }));
  const unknown = {
    id: placeholder,
    team: placeholder,
    repository: `${owner}/${placeholder}`,
    environments: ["production"],
  };
  const filled: TemplateValues = {
    organisation: values.organisation ?? discovery?.owner ?? placeholder,
    owner,
    since: values.since,
    timezone: values.timezone ?? "UTC",
    baseUrl: values.baseUrl ?? "https://api.github.com",
    ...(values.tokenVariable === undefined ? {} : { tokenVariable: values.tokenVariable }),
    systems: proposed.length > 0 ? proposed : [unknown],
    automations: discovery?.automations ?? [],
    onlyDeploy: discovery?.onlyDeploy ?? [],
    ...(values.schema ? { schema: `./${schemaName}` } : {}),
  };
  return configTemplate(filled);
}

/** Writes a new configuration and gives the files written and the places that are still to be filled in; never overwrites one. Throws ConfigError. */
export function writeInitialConfig(
  file: string,
  values: InitialValues,
): { readonly written: readonly string[]; readonly unfinished: readonly string[] } {
  if (existsSync(file)) {
    throw new ConfigError(`${file} is already there`, {
      hint: "Name another with --config FILE, or print one with --print.",
    });
  }
  const written = [file];
  write(file, initialConfig(values));
  const { unfinished } = loadWritten(file);
  if (values.schema) {
    const schema = join(dirname(file), schemaName);
    writeFileSync(schema, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    written.push(schema);
  }
  return { written, unfinished };
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    throw new ConfigError(`${file} cannot be written: ${(cause as Error).message}`, {
      cause,
      hint: "Make its folder, or let this user write there.",
    });
  }
}

/** Loads what was just written; what is not valid does not stay. */
function loadWritten(file: string): Config {
  try {
    return loadConfig(file, {});
  } catch (error) {
    rmSync(file);
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(`nothing was written, it would not be valid: ${error.message}`, {
      cause: error,
      hint: "Correct what the options of `flowproof init` say.",
    });
  }
}
