import { time } from "../graphql/context.ts";
import { encodeNodeId } from "../node-id.ts";
import { NOT_FOUND, type Resource, refused } from "./answer.ts";
import { newestFirst, page } from "./pages.ts";
import { userOf } from "./user.ts";

/** Releases, newest first. */
export const releases: Resource = (request, source, rest) => {
  if (rest.length > 1) return NOT_FOUND;
  const url = `${request.base}/repos/${request.world.organisation.login}/${source.name}/releases`;
  return (
    refused(request, source, "releases") ??
    page(
      request,
      newestFirst(source.releases, ({ createdAt }) => createdAt),
      {
        item: (each) => ({
          url: `${url}/${each.id}`,
          id: each.id,
          node_id: encodeNodeId({ prefix: "RE", repository: source.id, id: each.id }),
          tag_name: each.tag,
          target_commitish: source.defaultBranch,
          name: each.name,
          draft: each.publishedAt === null,
          prerelease: false,
          created_at: time(each.createdAt),
          published_at: each.publishedAt === null ? null : time(each.publishedAt),
          author: userOf(request, each.author),
          assets: [],
          body: "",
        }),
      },
    )
  );
};

/** Where each tag points: to its commit, as none of them is annotated. */
export const tags: Resource = (request, source, rest) => {
  if (rest[1] !== "matching-refs") return NOT_FOUND;
  const prefix = rest.slice(3).join("/");
  const url = `${request.base}/repos/${request.world.organisation.login}/${source.name}/git`;
  const list = source.tags.filter(({ name }) => name.startsWith(prefix)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return (
    refused(request, source, "releases") ??
    page(request, list, {
      item: ({ name, oid }) => ({
        ref: `refs/tags/${name}`,
        node_id: encodeNodeId({ prefix: "REF", repository: source.id, id: 0 }),
        url: `${url}/refs/tags/${name}`,
        object: { type: "commit", sha: oid, url: `${url}/commits/${oid}` },
      }),
    })
  );
};
