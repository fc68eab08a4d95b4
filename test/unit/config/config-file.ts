import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Config } from "../../../src/config/config.ts";
import type { KnownNames } from "../../../src/config/cross-checks.ts";
import { loadConfig } from "../../../src/config/load-config.ts";
import { ConfigError } from "../../../src/util/errors.ts";

/** The shortest configuration that is valid; parts are replaced by the tests. */
export const minimal = `organisation: Riverbank
since: 2026-01-01
sources:
  - id: github
    provider: github
    token: { env: GITHUB_TOKEN }
    repositories: [riverbank/*, "!riverbank/sandbox-*"]
systems:
  - id: payments
    team: checkout
    repositories: [riverbank/payments]
`;

const known: KnownNames = {
  providers: ["github"],
  frameworks: ["soc2-2017", "iso27001-2022"],
  attributes: ["request-linked", "required-checks-passed"],
  controls: ["CHG-01", "CHG-03"],
};

/** Loads a configuration from its text, as a file in a folder of its own. */
export function load(text: string, env: NodeJS.ProcessEnv = {}, files: Readonly<Record<string, number>> = {}): Config {
  const folder = mkdtempSync(join(tmpdir(), "flowproof-config-"));
  try {
    const file = join(folder, "flowproof.config.yaml");
    writeFileSync(file, text);
    for (const [name, mode] of Object.entries(files))
      writeFileSync(join(folder, name), "secret-of-the-file\n", { mode });
    return loadConfig(file, env, known);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The lines of what is wrong with a configuration, without the folder in front. */
export function problemsOf(text: string, files: Readonly<Record<string, number>> = {}): readonly string[] {
  try {
    load(text, {}, files);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message
      .split("\n")
      .map((line) => line.replace(/^.*\/(?=flowproof\.config\.yaml)/, "").replace(/\/\S+\/(?=\w+\.(pem|token))/g, ""));
  }
  return [];
}
