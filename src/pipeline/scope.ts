import type { Config } from "../config/config.ts";
import { matchRepositories } from "../config/repository-patterns.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import { repositoryKey } from "../model/keys.ts";
import type { ScopedRepository } from "../store/dossiers/index.ts";
import type { Store } from "../store/index.ts";
import { repositoryNames } from "./repository-names.ts";
import { landingBranch, missingKey, promotedThrough, repositoryIdOf } from "./streams.ts";

type Names = Awaited<ReturnType<typeof repositoryNames>>;

/** What a pack is about, as the store knows it at its cut-off. */
export interface Scope {
  readonly repositories: readonly ScopedRepository[];
  readonly printed: AssessmentResult["scope"];
}

/** Resolves the systems' repositories to ids and branches, and sorts the organisation's list into scope, excluded and unlisted. */
export async function resolveScope(config: Config, store: Store): Promise<Scope> {
  const names = new Map<string, Names>();
  for (const source of config.sources) names.set(source.id, await repositoryNames(config, store, source));
  const details = new Map(
    (await store.entities("repository", {})).map((repository) => [repository.repository, repository]),
  );
  const repositories = config.systems.flatMap((system) =>
    system.repositories.map((name): ScopedRepository => {
      const listed = names.get(system.source)?.follow(name).listed;
      const key = listed ? repositoryKey(system.source, repositoryIdOf(listed)) : missingKey(system.source, name);
      const known = details.get(key);
      return {
        system: system.id,
        team: system.team,
        source: system.source,
        key,
        name: known?.name ?? listed?.name ?? name,
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
    printed: { systems: printedSystems(config, repositories), repositories: printedList(config, names) },
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
      .map(({ key, name, branch, promotedThrough = [] }) => ({
        key,
        name,
        branch,
        ...(promotedThrough.length === 0 ? {} : { promotedThrough: [...promotedThrough] }),
      })),
  }));
}

function printedList(config: Config, names: ReadonlyMap<string, Names>): AssessmentResult["scope"]["repositories"] {
  return config.sources
    .flatMap((source) => {
      const { listed = [], follow } = names.get(source.id) ?? {};
      const delivered = new Set<string>();
      // A repository that a system names is in scope under any name, whatever the patterns say of the new one.
      const notes = new Map<string, { readonly status: "inScope" | "unlisted"; readonly reason: string }>();
      for (const name of config.systems.filter((s) => s.source === source.id).flatMap((s) => s.repositories)) {
        const followed = follow?.(name);
        if (followed?.listed) delivered.add(followed.listed.key);
        if (!followed?.listed || followed.note === undefined) continue;
        notes.set(followed.listed.key, { status: "inScope", reason: followed.note });
        if (followed.usurper) notes.set(followed.usurper.key, { status: "unlisted", reason: followed.note });
      }
      const matches = matchRepositories(
        source.repositories,
        listed.map((repository) => repository.name),
      ).repositories;
      return listed.flatMap((repository, index) => {
        const match = matches[index];
        if (!match) return [];
        const note = notes.get(repository.key);
        if (note && (note.status === "inScope" || !delivered.has(repository.key))) return { ...match, ...note };
        return match.status === "inScope" && !delivered.has(repository.key)
          ? { name: match.name, status: "unlisted" as const, reason: `${match.reason}, but no system names it` }
          : match;
      });
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
