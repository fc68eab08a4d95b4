import { time } from "../graphql/context.ts";
import { repositoryNodeId } from "../graphql/resolve-repository.ts";
import type { Repository } from "../world.ts";
import type { RestRequest } from "./answer.ts";
import { simpleUser } from "./user.ts";

/** A repository as REST writes it. */
export function restRepository({ world, base }: RestRequest, source: Repository): Record<string, unknown> {
  const { login } = world.organisation;
  return {
    id: source.id,
    node_id: repositoryNodeId(source),
    name: source.name,
    full_name: `${login}/${source.name}`,
    private: source.isPrivate,
    visibility: source.isPrivate ? "private" : "public",
    owner: simpleUser(world.organisation, base),
    description: source.description,
    fork: false,
    url: `${base}/repos/${login}/${source.name}`,
    default_branch: source.defaultBranch,
    archived: source.isArchived,
    disabled: false,
    created_at: time(source.createdAt),
    updated_at: time(source.updatedAt),
    pushed_at: time(source.pushedAt),
    permissions: { admin: false, maintain: false, push: false, triage: false, pull: true },
    ...(!source.unrecorded.has("settings") && {
      allow_merge_commit: source.merge.commit,
      allow_squash_merge: source.merge.squash,
      allow_rebase_merge: source.merge.rebase,
      allow_auto_merge: true,
      delete_branch_on_merge: true,
    }),
  };
}
