import { existsSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load-config.ts";
import { placeholder } from "../config/placeholders.ts";
import { configJsonSchema } from "../config/schema.ts";
import { configTemplate, initialKeys, type TemplateValues } from "../config/template.ts";
import { fingerprint, newSigningKey, signingKey } from "../ledger/signing-key.ts";
import { selfSignedCertificate } from "../pack/pdf/certificate.ts";
import { type Clock, instant } from "../util/clock.ts";
import { ConfigError } from "../util/errors.ts";
import { isLoopback } from "../util/loopback.ts";
import { requireMakeable } from "../util/make-folder.ts";
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
  /** Whether keys are made beside it. */
  readonly keys?: boolean;
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
    ...trialPlaces(values.baseUrl, owner),
    ...(values.keys ? { keys: initialKeys } : {}),
    ...(values.schema ? { schema: `./${schemaName}` } : {}),
  };
  return configTemplate(filled);
}

/** What a server on this machine tells, such as a sandbox, goes where no organisation's own evidence is. */
function trialPlaces(baseUrl: string | undefined, owner: string): Pick<TemplateValues, "store" | "reports"> {
  if (baseUrl === undefined || !URL.canParse(baseUrl) || !isLoopback(new URL(baseUrl).hostname)) return {};
  const name = owner === placeholder ? "sandbox" : `sandbox-${owner}`;
  return { store: `${name}.db`, reports: `reports/${name}` };
}

/** Throws ConfigError where a new configuration cannot go: something has its name or a key's, or its folder is missing or not to be written to. Said before a source is asked. */
export function requireRoom(file: string, { keys }: { readonly keys: boolean }): void {
  refuseExisting(file);
  const folder = dirname(file);
  if (!existsSync(folder))
    throw new ConfigError(`${file} cannot be written: there is no folder ${folder}`, {
      hint: "Make the folder, or name another file with --config FILE.",
    });
  requireMakeable(folder);
  if (!keys) return;
  for (const name of Object.values(initialKeys))
    if (existsSync(join(folder, name))) throw keyIsThere(join(folder, name));
}

/** Writes a new configuration together with the key that signs checkpoints and packs and a self-signed certificate for the PDF; all of it or nothing, and nothing is overwritten. Throws ConfigError. */
export async function writeInitialConfigWithKeys(
  file: string,
  values: Omit<InitialValues, "keys">,
  clock: Clock,
): Promise<InitialFiles & { readonly fingerprint: string }> {
  requireRoom(file, { keys: true });
  const folder = dirname(file);
  const organisation = values.organisation ?? values.discovery?.owner ?? "flowproof";
  const { written, unfinished } = writeInitialConfig(file, { ...values, keys: true });
  try {
    const keys = await writeNewKeys(folder, organisation, clock);
    return { written: [...written, ...keys.written], unfinished, fingerprint: keys.fingerprint };
  } catch (error) {
    for (const each of written) rmSync(each, { force: true });
    throw error;
  }
}

/** Makes the key that signs checkpoints and packs and a self-signed certificate for the PDF, under the names that `initialKeys` gives; all of them or none, and nothing is overwritten. Throws ConfigError. */
export async function writeNewKeys(
  folder: string,
  organisation: string,
  clock: Clock,
): Promise<{ readonly written: readonly string[]; readonly fingerprint: string }> {
  const key = newSigningKey();
  const pdf = await selfSignedCertificate({ organisation, from: instant(clock()), years: 10 });
  const written: string[] = [];
  try {
    for (const [name, text, mode] of [
      [initialKeys.key, key, 0o600],
      [initialKeys.certificate, pdf.certificate, 0o644],
      [initialKeys.certificateKey, pdf.key, 0o600],
    ] as const) {
      write(join(folder, name), text, mode);
      written.push(join(folder, name));
    }
    return { written, fingerprint: fingerprint(signingKey(key, "new").publicKey) };
  } catch (error) {
    for (const each of written) rmSync(each, { force: true });
    throw error;
  }
}

function keyIsThere(file: string, cause?: unknown): ConfigError {
  return new ConfigError(`${file} is already there`, {
    cause,
    hint: "Run `flowproof init --no-keys` and name what is there under `signing`, or move it away.",
  });
}

interface InitialFiles {
  readonly written: string[];
  readonly unfinished: readonly string[];
}

/** Writes a new configuration and gives the files written and the places that are still to be filled in; never overwrites one. Throws ConfigError. */
export function writeInitialConfig(file: string, values: InitialValues): InitialFiles {
  refuseExisting(file);
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

function refuseExisting(file: string): void {
  if (!existsSync(file)) return;
  throw new ConfigError(`${file} is already there`, {
    hint: "Name another with --config FILE, or print one with --print.",
  });
}

function write(file: string, text: string, mode = 0o644): void {
  try {
    writeFileSync(file, text, { flag: "wx", mode });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") throw keyIsThere(file, cause);
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
