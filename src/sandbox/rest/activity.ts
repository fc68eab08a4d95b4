import { time } from "../graphql/context.ts";
import { encodeNodeId } from "../node-id.ts";
import { NOT_FOUND, type Resource, refused } from "./answer.ts";
import { newestFirst, page } from "./pages.ts";
import { userOf } from "./user.ts";

const NOWHERE = "0".repeat(40);

/** Every move of every branch, newest first. */
export const activity: Resource = (request, source, rest) => {
  if (rest.length > 1) return NOT_FOUND;
  return (
    refused(request, source, "activity") ??
    page(
      request,
      newestFirst(source.activity, ({ at }) => at),
      {
        cursor: true,
        item: (each) => ({
          id: each.id,
          node_id: encodeNodeId({ prefix: "PSH", repository: source.id, id: each.id }),
          before: each.before ?? NOWHERE,
          after: each.after ?? NOWHERE,
          ref: `refs/heads/${each.branch}`,
          timestamp: time(each.at),
          activity_type: each.type,
          actor: userOf(request, each.actor),
        }),
      },
    )
  );
};
