import type { Config } from "../config/config.ts";
import { matchRepositories } from "../config/repository-patterns.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import { repositoryKey } from "../model/keys.ts";
import type { EvidenceRecord } from "../model/stream.ts";
import type { ScopedRepository } from "../store/dossiers/index.ts";
import type { Store } from "../store/index.ts";
import { deploymentSentences } from "./deployment-sentences.ts";
import { type DroppedRepository, droppedRepositories } from "./dropped-repositories.ts";
import { repositoryNames } from "./repository-names.ts";
import { landingBranch, missingKey, ownDeploymentStream, promotedThrough, repositoryIdOf } from "./streams.ts";

type Names = Awaited<ReturnType<typeof repositoryNames>>;

/** What a pack is about, as the store knows it at its cut-off. */
export interface Scope {
  readonly repositories: readonly ScopedRepository[];
  readonly printed: AssessmentResult["scope"];
}

/**
 * Resolves the systems' repositories to ids and branches, and sorts the organisation's list into scope, excluded and
 * unlisted; of what a system had, by the configurations `recorded`, until after `since` and has no more, that is said.
 */
export async function resolveScope(
  config: Config,
  store: Store,
  before?: { readonly recorded: readonly EvidenceRecord[]; readonly since: string },
): Promise<Scope> {
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
      const own = ownDeploymentStream(system, key);
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
        ...(own === undefined ? {} : { deployments: own }),
        profile: system.profile,
        paths: system.paths ?? [],
      };
    }),
  );
  const sentences = await deploymentSentences(config, repositories, store);
  const dropped = before ? droppedRepositories(config, before.recorded, before.since) : [];
  return {
    repositories,
    printed: {
      systems: printedSystems(config, repositories, sentences),
      repositories: printedList(config, names, dropped),
    },
  };
}

function printedSystems(
  config: Config,
  repositories: readonly ScopedRepository[],
  sentences: ReadonlyMap<string, string>,
): AssessmentResult["scope"]["systems"] {
  return config.systems.map((system) => ({
    id: system.id,
    team: system.team,
    profile: system.profile,
    environments: [...system.environments],
    ...(sentences.has(system.id) ? { deployments: sentences.get(system.id) } : {}),
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

function printedList(
  config: Config,
  names: ReadonlyMap<string, Names>,
  dropped: readonly DroppedRepository[],
): AssessmentResult["scope"]["repositories"] {
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
      const left = new Map<string | undefined, string>(
        dropped
          .filter((one) => one.source === source.id)
          .map((one) => [follow?.(one.name).listed?.key, `; until ${one.by} it was system ${one.system}'s`]),
      );
      return listed.flatMap((repository, index) => {
        const match = matches[index];
        if (!match) return [];
        const note = notes.get(repository.key);
        if (note && (note.status === "inScope" || !delivered.has(repository.key))) return { ...match, ...note };
        if (delivered.has(repository.key)) return match;
        const until = left.get(repository.key) ?? "";
        return match.status === "inScope"
          ? { name: match.name, status: "unlisted" as const, reason: `${match.reason}, but no system names it${until}` }
          : { ...match, reason: `${match.reason}${until}` };
      });
    })
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
