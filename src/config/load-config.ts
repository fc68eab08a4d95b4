import { basename, dirname, resolve } from "node:path";
import { policySchema } from "../model/policy.ts";
import { ConfigError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import { type Path, readYaml } from "../util/located-yaml.ts";
import { startOfDayIn } from "../util/period.ts";
import { schemaProblems } from "../util/schema-problems.ts";
import type { Config, ConfiguredSource, DeclaredAttestation, System } from "./config.ts";
import { credentialOf, signingOf } from "./credential.ts";
import { crossCheck, type KnownNames } from "./cross-checks.ts";
import { configDigest } from "./effective-config.ts";
import { ownParagraphs } from "./own-paragraphs.ts";
import { placeholdersIn } from "./placeholders.ts";
import { covers, type RepositoryPattern } from "./repository-patterns.ts";
import { type ConfigFile, configFileSchema } from "./schema.ts";

/**
 * Reads and validates a configuration file. All that is wrong is said at once, in one ConfigError with a line
 * `file:line:column: what` each. Tokens are not read yet: `credential.read()` is.
 */
export function loadConfig(path: string, env: NodeJS.ProcessEnv, known: KnownNames = {}): Config {
  const file = resolve(path);
  const directory = dirname(file);
  const yaml = readYaml(file, path);
  const parsed = configFileSchema.safeParse(yaml.value ?? {});
  if (!parsed.success) throw invalid(path, schemaProblems(parsed.error, configFileSchema, yaml));
  const written = parsed.data;

  const patterns = written.sources.map(patternsOf);
  const problems: string[] = [];
  const warnings: string[] = [];
  const into = (lines: string[]) => (at: Path, text: string) => void lines.push(`${yaml.at(at)}: ${text}`);
  crossCheck(written, directory, patterns, known, { problem: into(problems), warning: into(warnings) });
  if (problems.length > 0) throw invalid(path, problems);

  const { timezone, organisation, signing } = written;
  const slug = slugOf(organisation);
  const config: Omit<Config, "digest"> = {
    file,
    organisation: { name: organisation, slug },
    timezone,
    frameworks: written.frameworks,
    store: resolve(directory, written.store),
    reports: resolve(directory, written.reports),
    since: startOfDayIn(written.since, timezone),
    lateAfter: written.lateAfter,
    ...(written.browser === undefined ? {} : { browser: resolve(directory, written.browser) }),
    ...(signing && { signing: signingOf(signing, slug, directory, env) }),
    ...contextOf(written, directory, into(warnings)),
    sources: written.sources.map((source, index) => sourceOf(source, patterns[index] ?? [], directory, env)),
    systems: written.systems.map((system) => systemOf(system, written, patterns, directory)),
    identities: written.identities,
    policies: written.policies.length > 0 ? written.policies : [policySchema.parse({ from: written.since })],
    waivers: written.waivers,
    responses: written.responses,
    attestations: written.attestations.map((one) => attestationOf(one, directory)),
    controls: written.controls,
    warnings,
    unfinished: placeholdersIn(yaml),
  };
  return { ...config, digest: configDigest(config) };
}

/** `Riverbank & Söhne` -> `riverbank-sohne`: what folders are called; never empty. */
export function slugOf(name: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return slug || `organisation-${sha256Hex(name).slice(0, 8)}`;
}

function contextOf(
  { metrics, narrative }: ConfigFile,
  directory: string,
  warning: (at: Path, text: string) => void,
): Pick<Config, "metrics" | "narrative"> {
  const { incidents, targets } = metrics;
  const { off, board } = narrative;
  const own: ReturnType<typeof ownParagraphs> =
    off || narrative.text === undefined ? {} : ownParagraphs(resolve(directory, narrative.text));
  // Collecting must not end for a text; a pack must not be made without it.
  if (own.unreadable !== undefined) warning(["narrative", "text"], own.unreadable);
  return {
    metrics: {
      targets: JSON.parse(JSON.stringify(targets)) as Config["metrics"]["targets"],
      ...(incidents === undefined ? {} : { incidents: resolve(directory, incidents) }),
    },
    narrative: { off, board, ...own },
  };
}

function attestationOf(
  { version, file, ...written }: ConfigFile["attestations"][number],
  directory: string,
): DeclaredAttestation {
  const stated = { ...written, file: resolve(directory, file), documentVersion: version };
  return Object.fromEntries(
    Object.entries(stated).filter(([, value]) => value !== undefined),
  ) as unknown as DeclaredAttestation;
}

function invalid(path: string, problems: readonly string[]): ConfigError {
  // All name the same file, so this is the order of its lines.
  const inOrder = [...problems].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return new ConfigError(inOrder.join("\n"), {
    hint: `Correct ${basename(path)}; \`flowproof init --print\` shows every key with its meaning.`,
  });
}

function patternsOf(source: ConfigFile["sources"][number]): readonly RepositoryPattern[] {
  return source.repositories.map((entry) => {
    if (typeof entry !== "string")
      return { pattern: entry.exclude.replace(/^!/, ""), excludes: true, reason: entry.reason };
    return { pattern: entry.replace(/^!/, ""), excludes: entry.startsWith("!") };
  });
}

function sourceOf(
  source: ConfigFile["sources"][number],
  repositories: readonly RepositoryPattern[],
  directory: string,
  env: NodeJS.ProcessEnv,
): ConfiguredSource {
  return {
    id: source.id,
    provider: source.provider,
    baseUrl: source.baseUrl.replace(/\/+$/, ""),
    credential: credentialOf(source, directory, env),
    ...(source.ca === undefined ? {} : { ca: resolve(directory, source.ca) }),
    repositories,
  };
}

function systemOf(
  system: ConfigFile["systems"][number],
  { sources }: ConfigFile,
  patterns: readonly (readonly RepositoryPattern[])[],
  directory: string,
): System {
  const { deployments, paths, promotion } = system;
  const source = sources.find((_, index) => covers(patterns[index] ?? [], system.repositories[0] ?? ""));
  const branch = system.branch ?? promotion?.at(-1);
  return {
    id: system.id,
    team: system.team,
    source: source?.id ?? "",
    repositories: system.repositories,
    ...(paths ? { paths } : {}),
    ...(branch === undefined ? {} : { branch }),
    ...(promotion ? { promotion } : {}),
    environments: system.environments,
    deployments:
      deployments.from === "import" ? { ...deployments, file: resolve(directory, deployments.file) } : deployments,
    profile: system.profile,
  };
}
