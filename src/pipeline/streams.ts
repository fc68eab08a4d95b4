import type { Config, ConfiguredSource, System } from "../config/config.ts";
import type { EntityOf, Seen } from "../model/entity.ts";
import { repositoryKey } from "../model/keys.ts";
import {
  type Coverage,
  coreKinds,
  furtherKinds,
  organisationKinds,
  type Stream,
  type StreamKind,
} from "../model/stream.ts";

/** A repository a system names, as the source's own list knows it. */
export interface NamedRepository {
  readonly system: System;
  /** As configured. */
  readonly name: string;
  /** The source's entry; undefined where the list does not hold it. */
  readonly listed: Seen<EntityOf<"listedRepository">> | undefined;
}

/** The source's immutable id of a listed repository. */
export const repositoryIdOf = (listed: { readonly key: string; readonly repository: string }): string =>
  listed.key.slice(listed.key.lastIndexOf("/") + 1);

/** Where changes land first: the branch whose line is the population. A promotion adds nothing where its tree is identical. */
export const landingBranch = (system: System): string | undefined => system.promotion?.[0] ?? system.branch;

/** The branches that changes are promoted through after they landed. */
export const promotedThrough = (system: System): readonly string[] =>
  [...new Set([...(system.promotion ?? []), ...(system.branch === undefined ? [] : [system.branch])])].filter(
    (name) => name !== landingBranch(system),
  );

/** The key under which a repository that is not in the source's list is spoken of. */
export const missingKey = (source: string, name: string): string => repositoryKey(source, encodeURIComponent(name));

/** The stream that a system's deployments in a repository are read from, where it is not the source's own records of them. */
export function ownDeploymentStream({ id, deployments }: System, repository: string): string | undefined {
  if (deployments.from === "github") return undefined;
  const names = deployments.from === "workflow" ? [deployments.file, deployments.job] : [id];
  return [repository, "deployments", deployments.from, ...names.map(encodeURIComponent)].join("/");
}

/** The stream of a list's rows about one repository; undefined where the source does not list it. */
export function importedStream({ system, listed }: NamedRepository, since: string): Stream | undefined {
  if (!listed) return undefined;
  const scopeId = repositoryIdOf(listed);
  const id = ownDeploymentStream(system, repositoryKey(system.source, scopeId));
  return id === undefined
    ? undefined
    : { id, source: system.source, kind: "deployments", scopeId, scopeName: listed.name, since };
}

/**
 * The streams of one source: one of each kind for every repository that a system delivers, and what a source keeps for an
 * owner's repositories together. The branches that changes
 * are promoted through have their commits read too, in streams of their own (`…/commits/<branch>`), and so have jobs that
 * deploy (`…/deployments/workflow/<file>/<job>`).
 */
export function streamsOf(
  config: Config,
  source: ConfiguredSource,
  named: readonly NamedRepository[],
): readonly Stream[] {
  const byRepository = Map.groupBy(
    named.filter((repository) => repository.listed !== undefined),
    (repository) => repositoryIdOf(repository.listed as Seen<EntityOf<"listedRepository">>),
  );
  const ofRepositories = [...byRepository].flatMap(([scopeId, repositories]) => {
    const systems = repositories.map((repository) => repository.system);
    const scopeName = repositories[0]?.listed?.name ?? "";
    const branch = systems.map(landingBranch).find((name) => name !== undefined);
    const base = {
      source: source.id,
      scopeId,
      scopeName,
      since: config.since,
      environments: [...new Set(systems.flatMap((system) => system.environments))],
      ...(branch === undefined ? {} : { branch }),
      ...(systems.some(({ profile }) => profile === "gated") ? { approvals: true } : {}),
    };
    const key = repositoryKey(source.id, scopeId);
    const released = systems.flatMap((system) => [
      ...(system.promotion ?? []),
      ...(system.branch === undefined ? [] : [system.branch]),
    ]);
    const promoted = new Set(released.filter((name) => name !== branch));
    const rulesToo = promoted.size === 0 ? {} : { promoted: [...promoted] };
    return [
      ...repositoryKinds.map(
        (kind): Stream => ({ ...base, ...(speaksOfRules(kind) ? rulesToo : {}), id: `${key}/${kind}`, kind }),
      ),
      ...[...promoted].map(
        (name): Stream => ({ ...base, id: `${key}/commits/${name}`, kind: "commits", branch: name }),
      ),
      ...workflowStreams(systems, { ...base, key }),
    ];
  });
  return [...ofRepositories, ...organisationStreams(config, source, named)];
}

const speaksOfRules = (kind: StreamKind): boolean => kind === "protection" || kind === "ruleVersions";

const repositoryKinds = [...coreKinds, ...furtherKinds].filter(
  (kind) => !organisationKinds.some((one) => one === kind),
);

/** One of each kind for every owner of a repository that a system delivers. */
function organisationStreams(
  config: Config,
  source: ConfiguredSource,
  named: readonly NamedRepository[],
): readonly Stream[] {
  const owners = new Set(named.flatMap(({ listed }) => (listed ? [ownerOf(listed.name)] : [])));
  return [...owners].flatMap((scopeName) =>
    organisationKinds.map((kind): Stream => {
      const id = organisationStream(source.id, kind, scopeName);
      return { id, source: source.id, kind, scopeId: "-", scopeName, since: config.since };
    }),
  );
}

const ownerOf = (name: string): string => name.slice(0, name.indexOf("/"));

const organisationStream = (source: string, kind: StreamKind, owner: string): string =>
  `${repositoryKey(source, "-")}/${kind}/${encodeURIComponent(owner)}`;

/** One for each job that deploys any of the systems. */
function workflowStreams(
  systems: readonly System[],
  { key, ...base }: Omit<Stream, "id" | "kind"> & { readonly key: string },
): readonly Stream[] {
  const streams = systems.flatMap((system): readonly (readonly [string, Stream])[] => {
    const id = ownDeploymentStream(system, key);
    if (system.deployments.from !== "workflow" || id === undefined) return [];
    const { file, job } = system.deployments;
    return [[id, { ...base, id, kind: "deployments", workflow: { file, job } }]];
  });
  return [...new Map(streams).values()];
}

/** The streams of what is kept for owners' repositories together, with the owner's name, of repositories in scope. */
export const organisationStreamsOf = (
  scoped: readonly { readonly source: string; readonly name: string }[],
): ReadonlyMap<string, string> =>
  new Map(
    scoped.flatMap(({ source, name }) =>
      organisationKinds.map((kind) => [organisationStream(source, kind, ownerOf(name)), ownerOf(name)] as const),
    ),
  );

/** What is said of repositories that a system names and the source does not list. */
export function missingCoverage(
  source: ConfiguredSource,
  named: readonly NamedRepository[],
  from: string,
  to: string,
): readonly Coverage[] {
  return named
    .filter((repository) => repository.listed === undefined)
    .map(({ name, system }) => ({
      stream: `${missingKey(source.id, name)}/repository`,
      status: "unobserved",
      from,
      to,
      reason: `${name}, which system ${system.id} names, is not in the source's list: it does not exist, or the token cannot see it`,
    }));
}
