import { compare } from "../../model/compare.ts";
import type { ChangeDossier, CommitDossier, ConfigurationDossier, DeploymentDossier } from "../../model/dossier.ts";
import type { Change, Seen } from "../../model/entity.ts";
import { commitKey } from "../../model/keys.ts";
import type { Store } from "../index.ts";
import { changeDossier, mergeOidOf, touchesSystem } from "./change-dossier.ts";
import { commitDossier } from "./commit-dossier.ts";
import { configurationDossier, promotedDossiers } from "./configuration-dossier.ts";
import { deploymentDossier } from "./deployment-dossier.ts";
import { type EarlierIdentities, earlierIdentities } from "./earlier-identities.ts";
import { earlierLooks } from "./earlier-looks.ts";
import { loadBranchEvidence, loadChangeEvidence } from "./evidence.ts";
import { broughtBy } from "./explained-line.ts";
import { type CoverageIndex, coverageIndex } from "./gaps.ts";
import { coverageOf } from "./misnamed.ts";
import { type RepositoryPeriod, repositoryPeriod } from "./repository-period.ts";
import type { DossierRequest } from "./scope.ts";

/** All dossiers of a period, each list by system, time and key, with what reconciliation counts from. */
export interface Dossiers {
  readonly commits: readonly CommitDossier[];
  readonly changes: readonly ChangeDossier[];
  readonly deployments: readonly DeploymentDossier[];
  readonly configuration: readonly ConfigurationDossier[];
  readonly repositories: readonly RepositoryPeriod[];
  /** Whether a change merged to a repository's branch is of the system. */
  readonly belongs: (repository: RepositoryPeriod, change: Seen<Change>) => boolean;
  readonly coverage: CoverageIndex;
}

/** Loads every dossier of the period, set-wise: a fixed number of queries whatever the number of items. */
export async function loadDossiers(store: Store, request: DossierRequest): Promise<Dossiers> {
  const keys = [...new Set(request.repositories.map(({ key }) => key))];
  const unread = await store.entities("unreadable", { repositories: keys });
  const coverage = coverageIndex(await store.coverage(), unread);
  const evidence = await loadBranchEvidence(store, request);
  const repositories = [...request.repositories]
    .sort((a, b) => compare(a.system, b.system) || compare(a.key, b.key))
    .map((repository) =>
      repositoryPeriod(repository, request, evidence, coverageOf(repository, request.repositories, evidence, coverage)),
    );
  const wanted = new Map(repositories.flatMap((period) => [...wantedChanges(period)].map((c) => [c.key, c] as const)));
  const evidenceToday = await loadChangeEvidence(store, {
    changes: [...wanted.values()].map((c) => ({ key: c.key, head: commitKey(c.repository, c.headOid) })),
    commits: repositories.flatMap((period) =>
      shownOids(period).map((oid) => commitKey(period.view.repository.key, oid)),
    ),
    deployed: repositories.flatMap(({ inPeriod, view }) =>
      inPeriod.deployments.map(({ deployment }) => commitKey(view.repository.key, deployment.oid)),
    ),
    // Which system's a change is decides the flow too, which counts what merged before the period.
    filed: repositories.flatMap(({ view, changes }) =>
      view.repository.paths.length === 0 ? [] : changes.map(({ key }) => key),
    ),
  });
  const known = await earlierIdentities(store, [...wanted.values()], evidenceToday);
  const looks = await earlierLooks(store, [...wanted.values()]);
  const belongs = ({ view }: RepositoryPeriod, change: Seen<Change>) =>
    touchesSystem(view.repository, request.repositories, change, evidenceToday);
  const parts = repositories.map((period) =>
    dossiersOf(period, request, { ...known, looks }, (change) => belongs(period, change)),
  );
  return {
    commits: parts.flatMap((part) => part.commits),
    changes: parts.flatMap((part) => part.changes),
    deployments: parts.flatMap((part) => part.deployments),
    configuration: parts.flatMap((part) => part.configuration),
    repositories,
    belongs,
    coverage,
  };
}

/** The changes whose dossiers the period needs: merged in it, or brought to production in it. */
function wantedChanges(period: RepositoryPeriod): ReadonlySet<Seen<Change>> {
  const brought = deployedPlaces(period).flatMap(
    (place) => period.explained.get(period.line.commits[place]?.oid ?? "") ?? [],
  );
  return new Set([...period.inPeriod.changes, ...brought]);
}

/** The places of the line's commits that the period's deployments answer for. */
const deployedPlaces = ({ inPeriod }: RepositoryPeriod): readonly number[] =>
  inPeriod.deployments.flatMap(({ brought, standsAt }) => [
    ...(brought ? Array.from({ length: brought.to - brought.from }, (_, at) => brought.from + at) : []),
    ...(standsAt === undefined ? [] : [standsAt]),
  ]);

/** The commits whose messages, authors and signatures are needed: of the line, those pushed away from it, and the merges. */
function shownOids(period: RepositoryPeriod): readonly string[] {
  const places = new Set([...period.inPeriod.places, ...deployedPlaces(period)]);
  return [
    ...[...places].flatMap((place) => period.line.commits[place]?.oid ?? []),
    ...period.inPeriod.pushedAway.map(({ graph }) => graph.oid),
    ...[...wantedChanges(period)].flatMap((change) => mergeOidOf(period.view, change) ?? []),
  ];
}

function dossiersOf(
  period: RepositoryPeriod,
  request: DossierRequest,
  { authorOf, evidence, looks }: EarlierIdentities & { readonly looks: Awaited<ReturnType<typeof earlierLooks>> },
  mine: (change: Seen<Change>) => boolean,
) {
  const { view } = period;
  const dossiers = new Map(
    [...wantedChanges(period)].map((change) => {
      const named = authorOf(change);
      const seen = named.record === undefined ? {} : { authorSeenIn: named.record };
      const earlier = looks.get(change.key);
      const dossier = { ...changeDossier(view, named.change, evidence), ...seen, ...(earlier ? { earlier } : {}) };
      return [change.key, dossier];
    }),
  );
  return {
    changes: period.inPeriod.changes.filter(mine).flatMap((change) => dossiers.get(change.key) ?? []),
    commits: [
      ...period.inPeriod.places.flatMap((place) => {
        const graph = period.line.commits[place];
        const at = period.reached[place];
        const changes = graph ? broughtBy(period, graph.oid) : [];
        return !graph || !at || (changes.length > 0 && !changes.some(mine))
          ? []
          : commitDossier(period, { graph, changes, reached: at }, request, evidence);
      }),
      ...period.inPeriod.pushedAway.map((lost) => commitDossier(period, lost, request, evidence)),
    ],
    deployments: period.inPeriod.deployments.map((deployment) =>
      deploymentDossier(period, deployment, dossiers, evidence),
    ),
    configuration: [configurationDossier(view, request, period.lost), ...promotedDossiers(view, request)],
  };
}
