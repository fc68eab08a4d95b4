import type { EntityOf, EntityType, Seen } from "../../model/entity.ts";
import { commitKey } from "../../model/keys.ts";
import type { Store } from "../index.ts";
import type { DossierRequest } from "./scope.ts";

/** Entities of several repositories, grouped by the repository's key. */
export type ByRepository<T extends EntityType> = ReadonlyMap<string, readonly Seen<EntityOf<T>>[]>;

/** Entities grouped by what they belong to: a change, a commit or a deployment. */
export type ByParent<T extends EntityType> = ReadonlyMap<string, readonly Seen<EntityOf<T>>[]>;

/** What is read for all repositories at once: the branch and everything that hangs on it. */
export interface BranchEvidence {
  readonly repositories: ByRepository<"repository">;
  readonly graph: ByRepository<"graphCommit">;
  readonly heads: ByRepository<"branchHead">;
  readonly changes: ByRepository<"change">;
  /** The own commits of the changes that a rebase may have merged. */
  readonly rebased: ByParent<"changeCommit">;
  readonly deployments: ByRepository<"deployment">;
  readonly statuses: ByParent<"deploymentStatus">;
  /** The commits deployed, by key: their trees, where the branch does not hold them. */
  readonly deployed: ReadonlyMap<string, Seen<EntityOf<"commit">>>;
  readonly protections: ByRepository<"protection">;
  readonly versions: ByRepository<"ruleVersion">;
  readonly activity: ByRepository<"branchActivity">;
  readonly suites: ByRepository<"ruleSuite">;
  readonly environments: ByRepository<"environment">;
  readonly access: ByRepository<"access">;
  readonly tags: ByRepository<"tag">;
}

/** Reads the branch evidence of all repositories in scope, a query a type. */
export async function loadBranchEvidence(store: Store, request: DossierRequest): Promise<BranchEvidence> {
  const repositories = [...new Set(request.repositories.map((repository) => repository.key))];
  const all = async <T extends EntityType>(type: T) =>
    Map.groupBy(await store.entities(type, { repositories }), (entity) => entity.repository);
  const graph = await store.entities("graphCommit", { repositories });
  const changes = await store.entities("change", { repositories });
  const rebased = await store.entities("changeCommit", { parents: perhapsRebased(changes, graph) });
  const deployments = await store.entities("deployment", { repositories });
  const deployed = [...new Set(deployments.map(({ repository, oid }) => commitKey(repository, oid)))];
  return {
    repositories: await all("repository"),
    graph: Map.groupBy(graph, ({ repository }) => repository),
    heads: await all("branchHead"),
    changes: Map.groupBy(changes, ({ repository }) => repository),
    rebased: Map.groupBy(rebased, ({ change }) => change),
    deployments: Map.groupBy(deployments, ({ repository }) => repository),
    deployed: new Map((await store.entities("commit", { keys: deployed })).map((commit) => [commit.key, commit])),
    statuses: Map.groupBy(await store.entities("deploymentStatus", { repositories }), (status) => status.deployment),
    protections: await all("protection"),
    versions: await all("ruleVersion"),
    activity: await all("branchActivity"),
    suites: await all("ruleSuite"),
    environments: await all("environment"),
    access: await all("access"),
    tags: await all("tag"),
  };
}

/** The keys of changes of several commits, whose merge commit stands on one that the source associates with them too. */
function perhapsRebased(
  changes: readonly Seen<EntityOf<"change">>[],
  graph: readonly Seen<EntityOf<"graphCommit">>[],
): readonly string[] {
  const commits = new Map(graph.map((commit) => [commit.key, commit]));
  return changes.flatMap(({ key, repository, number, mergeOid, totals }) => {
    const parents = mergeOid === null ? [] : (commits.get(commitKey(repository, mergeOid))?.parents ?? []);
    const below = parents.length === 1 ? commits.get(commitKey(repository, parents[0] ?? "")) : undefined;
    return totals.commits > 1 && below?.changes.includes(number) ? [key] : [];
  });
}

/** What belongs to a set of changes, grouped by the change's key; commits, checks and runs by the commit's. */
export interface ChangeEvidence {
  readonly links: ByParent<"changeCommit">;
  readonly reviews: ByParent<"review">;
  readonly dismissals: ByParent<"dismissal">;
  readonly events: ByParent<"changeEvent">;
  readonly files: ByParent<"changeFiles">;
  readonly workItems: ByParent<"workItemLink">;
  readonly checks: ByParent<"check">;
  readonly runs: ByParent<"pipelineRun">;
  /** By the run's key. */
  readonly approvals: ByParent<"deploymentApproval">;
  readonly commits: ReadonlyMap<string, Seen<EntityOf<"commit">>>;
  readonly authors: ReadonlyMap<string, Seen<EntityOf<"commitAuthors">>>;
  /** Of changes' own commits that may be merges of the base. */
  readonly parents: ReadonlyMap<string, Seen<EntityOf<"commitParents">>>;
}

/** Whose evidence is wanted: changes with the key of their head; commits by key, as shown and as deployed. */
export interface Wanted {
  readonly changes: readonly { readonly key: string; readonly head: string }[];
  readonly commits: readonly string[];
  readonly deployed: readonly string[];
  /** Changes of which only the files are wanted. */
  readonly filed?: readonly string[];
}

/** Reads everything that belongs to the changes and deployments, set by set. */
export async function loadChangeEvidence(store: Store, { changes, ...wanted }: Wanted): Promise<ChangeEvidence> {
  const parents = changes.map((change) => change.key);
  const heads = changes.map((change) => change.head);
  const links = await store.entities("changeCommit", { parents });
  const commits = [...new Set([...wanted.commits, ...links.map((link) => commitKey(link.repository, link.oid))])];
  const pushed = [...heads, ...links.map((link) => commitKey(link.repository, link.oid)), ...wanted.deployed];
  const runs = await store.entities("pipelineRun", { parents: [...new Set(pushed)] });
  const approvals = await store.entities("deploymentApproval", { parents: runs.map(({ key }) => key) });
  const byChange = <E extends { readonly change: string }>(entities: readonly E[]) =>
    Map.groupBy(entities, (entity) => entity.change);
  const byCommit = <E extends { readonly repository: string; readonly oid: string }>(entities: readonly E[]) =>
    Map.groupBy(entities, (entity) => commitKey(entity.repository, entity.oid));
  return {
    links: byChange(links),
    reviews: byChange(await store.entities("review", { parents })),
    dismissals: byChange(await store.entities("dismissal", { parents })),
    events: byChange(await store.entities("changeEvent", { parents })),
    files: byChange(
      await store.entities("changeFiles", { parents: [...new Set([...parents, ...(wanted.filed ?? [])])] }),
    ),
    workItems: byChange(await store.entities("workItemLink", { parents })),
    checks: byCommit(await store.entities("check", { parents: heads })),
    runs: byCommit(runs),
    approvals: Map.groupBy(approvals, ({ run }) => run),
    commits: new Map((await store.entities("commit", { keys: commits })).map((commit) => [commit.key, commit])),
    authors: new Map(
      (await store.entities("commitAuthors", { parents: commits })).map((a) => [commitKey(a.repository, a.oid), a]),
    ),
    parents: new Map(
      (await store.entities("commitParents", { parents: commits })).map((p) => [commitKey(p.repository, p.oid), p]),
    ),
  };
}
