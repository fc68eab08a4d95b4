import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigError } from "../util/errors.ts";
import type { ConfiguredCredential, Signing } from "./config.ts";
import type { ConfigFile } from "./schema.ts";

type Source = ConfigFile["sources"][number];
type Secret = NonNullable<Source["token"]>;
type SigningFile = NonNullable<ConfigFile["signing"]>;

/** The credential of a source, resolved only when it is read: a command that fetches nothing needs no token. */
export function credentialOf(source: Source, directory: string, env: NodeJS.ProcessEnv): ConfiguredCredential {
  const { app } = source;
  if (app) {
    const readKey = (): string => readSecret(app.key, token(`the key of source ${source.id}`), directory, env);
    return { type: "app", appId: app.id, installation: app.installation, readKey };
  }
  if (!source.token) throw new ConfigError(`source ${source.id} has neither token nor app`);
  const secret = source.token;
  return { type: "token", read: () => readSecret(secret, token(`the token of source ${source.id}`), directory, env) };
}

/** How checkpoints are signed, resolved only when it is read: a command that judges needs no key. */
export function signingOf(signing: SigningFile, slug: string, directory: string, env: NodeJS.ProcessEnv): Signing {
  const { origin = `flowproof/${slug}`, key, certificate, timestamp } = signing;
  const read = (secret: Secret, what: string) => (): string => readSecret(secret, signingKey(what), directory, env);
  return {
    origin,
    readKey: read(key, "the signing key"),
    ...(certificate && {
      certificate: {
        readChain: () => readText(resolve(directory, certificate.file), "the certificate"),
        readKey: read(certificate.key, "the certificate's key"),
      },
    }),
    ...(timestamp && { timestamp: { url: timestamp.url, trust: resolve(directory, timestamp.trust) } }),
  };
}

/** Why a file must not hold a token; undefined where it may, or is not there yet. Windows has no such modes. */
export function whyExposed(file: string): string | undefined {
  return modeOf(file) & 0o007 ? `every user of this machine can get at ${file}; run: chmod 600 ${file}` : undefined;
}

/** Why a file must not hold a key that signs: nobody but its owner may even be able to read it. */
export function whySigningKeyExposed(file: string): string | undefined {
  return modeOf(file) & 0o077 ? `others than its owner can get at ${file}; run: chmod 600 ${file}` : undefined;
}

function modeOf(file: string): number {
  return process.platform === "win32" ? 0 : (statSync(file, { throwIfNoEntry: false })?.mode ?? 0);
}

/** A kind of secret: what it is called, where it must not lie, and what belongs into its variable. */
interface SecretKind {
  readonly what: string;
  readonly exposed: (file: string) => string | undefined;
  readonly variable: string;
  readonly key: string;
}

const token = (what: string): SecretKind => ({
  what,
  exposed: whyExposed,
  variable: "a token that can only read",
  key: "token",
});

const signingKey = (what: string): SecretKind => ({
  what,
  exposed: whySigningKeyExposed,
  variable: "the text of the PEM file",
  key: "key",
});

function readSecret(
  secret: Secret,
  { what, exposed, variable, key }: SecretKind,
  directory: string,
  env: NodeJS.ProcessEnv,
): string {
  if ("env" in secret) {
    const value = env[secret.env]?.trim();
    if (value) return value;
    throw new ConfigError(`${what} is not there: the environment variable ${secret.env} is not set`, {
      hint: `Set ${secret.env} to ${variable}, or configure \`${key}: { file: ... }\`.`,
    });
  }
  const file = resolve(directory, secret.file);
  const reason = exposed(file);
  if (reason) throw new ConfigError(`${what} is refused: ${reason}`);
  return readText(file, what);
}

function readText(file: string, what: string): string {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new ConfigError(`${what} cannot be read from ${file}`, {
      cause,
      hint: "Check that the file is there and yours.",
    });
  }
  if (text) return text;
  throw new ConfigError(`${what} is empty: ${file}`, { hint: "Write what it is to hold into the file, nothing else." });
}
