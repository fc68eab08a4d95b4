import type { Config } from "../config/config.ts";
import { matchRepositories } from "../config/repository-patterns.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import { repositoryKey } from "../model/keys.ts";
import type { ScopedRepository } from "../store/dossiers/index.ts";
import type { Store } from "../store/index.ts";
import { landingBranch, missingKey, promotedThrough, repositoryIdOf } from "./streams.ts";

/** What a pack is about, as the store knows it at its cut-off. */
export interface Scope {
  readonly repositories: readonly ScopedRepository[];
  readonly printed: AssessmentResult["scope"];
}

/** Resolves the systems' repositories to ids and branches, and sorts the organisation's list into scope, excluded and unlisted. */
export async function resolveScope(config: Config, store: Store): Promise<Scope> {
  const sources = config.sources.map((source) => source.id);
  const listed = await store.entities("listedRepository", { repositories: sources });
  const details = new Map(
    (await store.entities("repository", {})).map((repository) => [repository.repository, repository]),
  );
  const byName = new Map(
    listed.map((repository) => [
      `${repository.repository}:${repository.name.toLowerCase()}`,
      repositoryIdOf(repository),
    ]),
  );
  const former = new Map(
    [...details.values()].map((repository) => [repository.name.toLowerCase(), repository.repository]),
  );
  const repositories = config.systems.flatMap((system) =>
    system.repositories.map((name): ScopedRepository => {
      const id = byName.get(`${system.source}:${name.toLowerCase()}`);
      const key =
        id === undefined
          ? (former.get(name.toLowerCase()) ?? missingKey(system.source, name))
          : repositoryKey(system.source, id);
      const known = details.get(key);
      return {
        system: system.id,
        team: system.team,
        source: system.source,
        key,
        name: known?.name ?? name,
        url: known?.url ?? "",
        branch: landingBranch(system) ?? known?.defaultBranch ?? "main",
        promotedThrough: promotedThrough(system),
        environments: system.environments,
        paths: system.paths ?? [],
      };
    }),
  );
  return {
    repositories,
    printed: { systems: printedSystems(config, repositories), repositories: printedList(config, listed) },
  };
}

function printedSystems(
  config: Config,
  repositories: readonly ScopedRepository[],
): AssessmentResult["scope"]["systems"] {
  return config.systems.map((system) => ({
    id: system.id,
    team: system.team,
    profile: system.profile,
    environments: [...system.environments],
    repositories: repositories
      .filter((r) => r.system === system.id)
      .map(({ key, name, branch }) => ({ key, name, branch })),
  }));
}

function printedList(
  config: Config,
  listed: readonly { readonly name: string; readonly repository: string; readonly archived: boolean }[],
): AssessmentResult["scope"]["repositories"] {
  const delivered = new Set(
    config.systems.flatMap((system) => system.repositories.map((name) => `${system.source}:${name.toLowerCase()}`)),
  );
  return config.sources
    .flatMap((source) => {
      const names = listed
        .filter((repository) => repository.repository === source.id)
        .map((repository) => repository.name);
      return matchRepositories(source.repositories, names).repositories.map((match) =>
        match.status === "inScope" && !delivered.has(`${source.id}:${match.name.toLowerCase()}`)
          ? { name: match.name, status: "unlisted" as const, reason: `${match.reason}, but no system names it` }
          : match,
      );
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
