import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError } from "../util/errors.ts";
import type { ConfiguredCredential } from "./config.ts";
import type { ConfigFile } from "./schema.ts";

type Source = ConfigFile["sources"][number];
type Secret = NonNullable<Source["token"]>;

/** The credential of a source, resolved only when it is read: a command that fetches nothing needs no token. */
export function credentialOf(source: Source, directory: string, env: NodeJS.ProcessEnv): ConfiguredCredential {
  const { app, token } = source;
  if (app) {
    const readKey = (): string => readSecret(app.key, `the key of source ${source.id}`, directory, env);
    return { type: "app", appId: app.id, installation: app.installation, readKey };
  }
  if (!token) throw new ConfigError(`source ${source.id} has neither token nor app`);
  return { type: "token", read: () => readSecret(token, `the token of source ${source.id}`, directory, env) };
}

/** Why a file must not hold a secret; undefined where it may, or is not there yet. Windows has no such modes. */
export function whyExposed(file: string): string | undefined {
  if (process.platform === "win32") return undefined;
  const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & 0o007) === 0 ? undefined : `every user of this machine can get at ${file}; run: chmod 600 ${file}`;
}

function readSecret(secret: Secret, what: string, directory: string, env: NodeJS.ProcessEnv): string {
  if ("env" in secret) {
    const value = env[secret.env]?.trim();
    if (value) return value;
    throw new ConfigError(`${what} is not there: the environment variable ${secret.env} is not set`, {
      hint: `Set ${secret.env} to a token that can only read, or configure \`token: { file: ... }\`.`,
    });
  }
  const file = resolve(directory, secret.file);
  const exposed = whyExposed(file);
  if (exposed) throw new ConfigError(`${what} is refused: ${exposed}`);
  try {
    const value = readFileSync(file, "utf8").trim();
    if (value) return value;
  } catch (cause) {
    throw new ConfigError(`${what} cannot be read from ${file}`, {
      cause,
      hint: "Check that the file is there and yours.",
    });
  }
  throw new ConfigError(`${what} is empty: ${file}`, { hint: "Write the secret into the file, nothing else." });
}
