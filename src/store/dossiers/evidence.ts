import type { EntityOf, EntityType, Seen } from "../../model/entity.ts";
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
  readonly deployments: ByRepository<"deployment">;
  readonly statuses: ByParent<"deploymentStatus">;
  readonly protections: ByRepository<"protection">;
}

/** Reads the branch evidence of all repositories in scope, a query a type. */
export async function loadBranchEvidence(store: Store, request: DossierRequest): Promise<BranchEvidence> {
  const repositories = [...new Set(request.repositories.map((repository) => repository.key))];
  const all = async <T extends EntityType>(type: T) =>
    Map.groupBy(await store.entities(type, { repositories }), (entity) => entity.repository);
  return {
    repositories: await all("repository"),
    graph: await all("graphCommit"),
    heads: await all("branchHead"),
    changes: await all("change"),
    deployments: await all("deployment"),
    statuses: Map.groupBy(await store.entities("deploymentStatus", { repositories }), (status) => status.deployment),
    protections: await all("protection"),
  };
}

/** What belongs to a set of changes, grouped by the change's key; commits and checks by the commit's. */
export interface ChangeEvidence {
  readonly links: ByParent<"changeCommit">;
  readonly reviews: ByParent<"review">;
  readonly dismissals: ByParent<"dismissal">;
  readonly events: ByParent<"changeEvent">;
  readonly files: ByParent<"changeFiles">;
  readonly workItems: ByParent<"workItemLink">;
  readonly checks: ReadonlyMap<string, readonly Seen<EntityOf<"check">>[]>;
  readonly commits: ReadonlyMap<string, Seen<EntityOf<"commit">>>;
  readonly authors: ReadonlyMap<string, Seen<EntityOf<"commitAuthors">>>;
}

/** Reads everything that belongs to the changes, set by set. */
export async function loadChangeEvidence(
  store: Store,
  changes: readonly { readonly key: string; readonly head: string }[],
  commitKeys: readonly string[],
): Promise<ChangeEvidence> {
  const parents = changes.map((change) => change.key);
  const links = await store.entities("changeCommit", { parents });
  const commits = [...new Set([...commitKeys, ...links.map((link) => `${link.repository}@${link.oid}`)])];
  const byChange = <E extends { readonly change: string }>(entities: readonly E[]) =>
    Map.groupBy(entities, (entity) => entity.change);
  return {
    links: byChange(links),
    reviews: byChange(await store.entities("review", { parents })),
    dismissals: byChange(await store.entities("dismissal", { parents })),
    events: byChange(await store.entities("changeEvent", { parents })),
    files: byChange(await store.entities("changeFiles", { parents })),
    workItems: byChange(await store.entities("workItemLink", { parents })),
    checks: Map.groupBy(
      await store.entities("check", { parents: changes.map((change) => change.head) }),
      (check) => `${check.repository}@${check.oid}`,
    ),
    commits: new Map((await store.entities("commit", { keys: commits })).map((commit) => [commit.key, commit])),
    authors: new Map(
      (await store.entities("commitAuthors", { parents: commits })).map((a) => [`${a.repository}@${a.oid}`, a]),
    ),
  };
}
