import { resolve } from "node:path";
import type { Waiver } from "../model/policy.ts";
import type { Path } from "../util/located-yaml.ts";
import { nearest, suggestion } from "../util/nearest.ts";
import { checkAttestations } from "./check-attestations.ts";
import { checkMetrics } from "./check-metrics.ts";
import { checkAddress, checkSigning, type Say } from "./check-signing.ts";
import { whyExposed } from "./credential.ts";
import { covers, ownersOf, type RepositoryPattern } from "./repository-patterns.ts";
import type { ConfigFile } from "./schema.ts";

/** Names that exist outside the file; what is not given is not checked. */
export interface KnownNames {
  readonly providers?: readonly string[];
  readonly frameworks?: readonly string[];
  readonly attributes?: readonly string[];
  readonly controls?: readonly string[];
  /** `framework:criterion` and `framework:criterion:point`. */
  readonly criteria?: readonly string[];
}

/** Checks what one part of the file says of another, and values that a schema cannot judge; each finding is told to `problem` or, where it may be meant, to `warning`. */
export function crossCheck(
  file: ConfigFile,
  directory: string,
  patterns: readonly (readonly RepositoryPattern[])[],
  known: KnownNames,
  { problem, warning }: { readonly problem: Say; readonly warning: Say },
): void {
  checkSettings(file, known, problem);
  checkSigning(file, directory, problem, warning);
  checkMetrics(file, problem);
  checkAttestations(file, known.criteria, problem);
  checkSources(file, directory, patterns, known, problem);
  checkSystems(file, patterns, problem);
  checkIdentities(file, problem);
  checkJudging(file, known, problem, warning);
}

function checkSettings(file: ConfigFile, known: KnownNames, problem: Say): void {
  if (!isTimezone(file.timezone)) {
    const near = nearest(file.timezone, Intl.supportedValuesOf("timeZone"));
    problem(["timezone"], `"${file.timezone}" is no time zone${near ? `; did you mean \`${near}\`?` : ""}`);
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file.store)) {
    const scheme = file.store.slice(0, file.store.indexOf(":"));
    problem(
      ["store"],
      `a store at ${scheme}:// is not supported yet; name a file on a local disk such as flowproof.db`,
    );
  }
  unknownNames(file.frameworks, known.frameworks, "framework", ["frameworks"], problem);
  duplicates(file.frameworks, "framework", (index) => ["frameworks", index], problem);
}

function checkSources(
  file: ConfigFile,
  directory: string,
  patterns: readonly (readonly RepositoryPattern[])[],
  known: KnownNames,
  problem: Say,
): void {
  const { sources } = file;
  duplicates(
    sources.map(({ id }) => id),
    "source",
    (index) => ["sources", index, "id"],
    problem,
  );
  for (const [index, { id }] of sources.entries())
    if (id === ofLists)
      problem(
        ["sources", index, "id"],
        `\`${id}\` is how accounts of imported lists are named; give the source another id`,
      );
  for (const [index, source] of sources.entries()) {
    const at: Path = ["sources", index];
    if (known.providers && !known.providers.includes(source.provider)) {
      problem(
        [...at, "provider"],
        `unknown provider \`${source.provider}\`${suggestion(source.provider, known.providers)}`,
      );
    }
    checkAddress(
      source.baseUrl,
      { at: [...at, "baseUrl"], sent: "the token", instead: "; the token belongs into `token`" },
      problem,
    );
    if (source.token && source.app) problem([...at, "app"], `source ${source.id} has both token and app; keep one`);
    if (!source.token && !source.app) problem(at, `source ${source.id} has neither \`token\` nor \`app\``);
    for (const [path, secret] of [
      [[...at, "token", "file"], source.token],
      [[...at, "app", "key", "file"], source.app?.key],
    ] as const) {
      const exposed = secret && "file" in secret ? whyExposed(resolve(directory, secret.file)) : undefined;
      if (exposed) problem(path, exposed);
    }
    if (!patterns[index]?.some(({ excludes }) => !excludes)) {
      problem(
        [...at, "repositories"],
        `source ${source.id} only leaves repositories out; name some to take in, such as owner/*`,
      );
    }
  }
}

function checkSystems(file: ConfigFile, patterns: readonly (readonly RepositoryPattern[])[], problem: Say): void {
  const { sources, systems } = file;
  duplicates(
    systems.map(({ id }) => id),
    "system",
    (index) => ["systems", index, "id"],
    problem,
  );
  const claims = new Map<string, string>();
  for (const [index, system] of systems.entries()) {
    const at: Path = ["systems", index];
    if (system.promotion && system.branch && !system.promotion.includes(system.branch)) {
      problem(
        [...at, "promotion"],
        `system ${system.id} has the branch \`${system.branch}\`, which is not among the branches of its promotion: ${system.promotion.join(", ")}`,
      );
    }
    const from = new Set<string>();
    for (const [place, name] of system.repositories.entries()) {
      const here: Path = [...at, "repositories", place];
      const covering = sources.filter((_, source) => covers(patterns[source] ?? [], name)).map(({ id }) => id);
      if (covering.length === 0) problem(here, `no source covers ${name}; ${howToCover(name, file, patterns)}`);
      if (covering.length > 1)
        problem(here, `${name} is covered by several sources (${covering.join(", ")}); leave it out of all but one`);
      for (const source of covering) from.add(source);
      const branch = system.promotion?.[0] ?? system.branch ?? "(default branch)";
      const claim = `${name.toLowerCase()} ${branch}`;
      const other = claims.get(claim);
      if (other !== undefined && !(system.paths && systems.find(({ id }) => id === other)?.paths)) {
        problem(
          here,
          `systems ${other} and ${system.id} both claim ${name}, ${branch}; give each its \`paths\`, or keep one`,
        );
      }
      claims.set(claim, system.id);
    }
    if (from.size > 1)
      problem(
        [...at, "repositories"],
        `system ${system.id} spans several sources (${[...from].join(", ")}); make it one system each`,
      );
  }
}

/** What to write so that a source covers the repository: the name that was probably meant, or the line that is missing. */
function howToCover(
  name: string,
  { sources }: ConfigFile,
  patterns: readonly (readonly RepositoryPattern[])[],
): string {
  for (const [index, source] of sources.entries()) {
    const own = patterns[index] ?? [];
    const exclusion = own.find((each) => each.excludes && covers([{ ...each, excludes: false }], name));
    if (exclusion) {
      return `"!${exclusion.pattern}" leaves it out of source ${source.id}: take one of the two away`;
    }
  }
  const taken = patterns.flat().filter(({ excludes }) => !excludes);
  const near = nearest(
    name,
    taken
      .map(({ pattern }) => pattern.replace(/\/\*$/, name.slice(name.indexOf("/"))))
      .filter((candidate) => !candidate.includes("*")),
  );
  const owner = name.slice(0, name.indexOf("/"));
  const place = sources.find((_, index) => ownersOf(patterns[index] ?? []).includes(owner)) ?? sources[0];
  const add = `add "${name}" to \`repositories\` of source ${place?.id}`;
  return near === undefined ? add : `did you mean \`${near}\`? If not, ${add}`;
}

/** Where a source's id stands in the name of an account: what an imported list names without a source is its own. */
const ofLists = "import";

function checkIdentities(file: ConfigFile, problem: Say): void {
  const sources = file.sources.map(({ id }) => id);
  const claimed = new Map<string, string>();
  const names: string[] = [];
  for (const [index, identity] of file.identities.entries()) {
    const name = "person" in identity ? identity.person : identity.automation;
    const at: Path = ["identities", index];
    const claim = (what: string, path: Path): void => {
      const other = claimed.get(what.toLowerCase());
      if (other !== undefined) problem(path, `${what} is claimed by ${other} and by ${name}; it can be only one's`);
      else claimed.set(what.toLowerCase(), name);
    };
    names.push(name);
    for (const [place, account] of identity.accounts.entries()) {
      const source = account.slice(0, account.indexOf(":"));
      const path = [...at, "accounts", place];
      if (source !== ofLists && !sources.includes(source))
        problem(path, `${account} names no source of this file${suggestion(source, sources)}`);
      claim(account, path);
    }
    if ("emails" in identity)
      for (const [place, email] of identity.emails.entries()) claim(email, [...at, "emails", place]);
  }
  duplicates(names, "identity", (index) => ["identities", index], problem);
}

function checkJudging(file: ConfigFile, known: KnownNames, problem: Say, warning: Say): void {
  const systems = ["*", ...file.systems.map(({ id }) => id)];
  const teams = file.systems.map(({ team }) => team);
  for (const [index, policy] of file.policies.entries()) {
    unknownNames(policy.systems, systems, "system", ["policies", index, "systems"], problem);
    unknownNames(policy.teams ?? [], teams, "team", ["policies", index, "teams"], problem);
  }
  duplicates(
    file.waivers.map(({ id }) => id),
    "waiver",
    (index) => ["waivers", index, "id"],
    problem,
  );
  for (const [index, waiver] of file.waivers.entries()) {
    const at: Path = ["waivers", index];
    unknownNames(waiver.systems, systems, "system", [...at, "systems"], problem);
    unknownNames([waiver.attribute], known.attributes, "attribute", [...at, "attribute"], problem);
    if (waiver.expires < waiver.from) problem([...at, "expires"], `waiver ${waiver.id} expires before it starts`);
    checkWaivedItems(file, waiver, [...at, "items"], problem);
  }
  duplicates(
    file.controls.map(({ id }) => id),
    "control",
    (index) => ["controls", index, "id"],
    problem,
  );
  for (const [index, control] of file.controls.entries()) {
    unknownNames(control.covers, known.controls, "control", ["controls", index, "covers"], problem);
  }
  for (const [index, { id, team }] of file.systems.entries()) {
    const governed = file.policies.filter((policy) => governs(policy, id, team)).map(({ from }) => from);
    if (file.policies.length > 0 && !governed.some((from) => from <= file.since)) {
      warning(
        ["systems", index],
        `no policy is in force for system ${id} on ${file.since}, where collecting starts; the defaults judge what merged before the first one`,
      );
    }
  }
}

/** A change's number says which change only within one repository. */
function checkWaivedItems(file: ConfigFile, { items = [], systems }: Waiver, at: Path, problem: Say): void {
  const own = file.systems.filter(({ id }) => systems.includes("*") || systems.includes(id));
  const repositories = [...new Set(own.flatMap((system) => system.repositories.map((name) => name.toLowerCase())))];
  for (const [index, item] of items.entries()) {
    const [, repository = "", number] = /^(.*)#(\d+)$/.exec(item) ?? [];
    if (number === undefined) continue;
    if (repository === "" && repositories.length > 1)
      problem(
        [...at, index],
        `${item} may be a change of any of ${repositories.join(", ")}; write ${repositories[0]}${item}`,
      );
    if (repository !== "" && !repositories.includes(repository.toLowerCase()))
      problem(
        [...at, index],
        `${repository} is no repository of the waiver's systems${suggestion(repository, repositories)}`,
      );
  }
}

function governs(policy: ConfigFile["policies"][number], system: string, team: string): boolean {
  const named = policy.systems.includes("*") || policy.systems.includes(system);
  return named && (policy.teams === undefined || policy.teams.includes(team));
}

function unknownNames(
  names: readonly string[],
  known: readonly string[] | undefined,
  what: string,
  at: Path,
  problem: Say,
): void {
  if (!known) return;
  for (const [index, name] of names.entries()) {
    if (!known.includes(name)) problem([...at, index], `unknown ${what} \`${name}\`${suggestion(name, known)}`);
  }
}

function duplicates(names: readonly string[], what: string, at: (index: number) => Path, problem: Say): void {
  for (const [index, name] of names.entries()) {
    if (names.indexOf(name) < index) problem(at(index), `there is already a ${what} \`${name}\``);
  }
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
