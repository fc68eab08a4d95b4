import { isUnknownField } from "../answers.ts";
import * as text from "../fragments.ts";
import type { Item } from "./list.ts";
import { reviewsSchema } from "./schema.ts";
import type { Gained, Reading } from "./walk.ts";

/** How many runs are asked together: as many as the source takes ids. */
const most = 100;
/** How the session remembers that its server or credential gives none of them. */
const section = "deploymentReviews";

// A connection is charged once for each of its parents: 100 runs with three reviews each are four points.
const query = `query DeploymentReviews($ids: [ID!]!) { nodes(ids: $ids) { ... on WorkflowRun { databaseId deploymentReviews(first: 3) { totalCount nodes { state comment user { __typename login databaseId } environments(first: 5) { totalCount nodes { name } } } } } } ${text.price} }`;

/**
 * Who approved the deployments of up to a hundred runs in one request, those that the source gave a global id; gives the
 * ids of the runs that it told of whole, each handed to `done` before its record is. The others have to be asked one by one.
 * @see https://docs.github.com/en/graphql/reference/objects#workflowrun
 */
export async function* reviewsOf(
  reading: Reading,
  runs: readonly Item[],
  done: (id: string) => void,
): AsyncGenerator<Gained, ReadonlySet<string>> {
  const { session } = reading;
  const told = new Set<string>();
  const queue = runs.filter((run) => typeof run.node_id === "string");
  while (queue.length > 0 && !session.denied.has(section)) {
    const chunk = queue.splice(0, most);
    const variables = { ids: chunk.map((run) => run.node_id) };
    const asked = await session.github.ask({ name: "DeploymentReviews", text: query, variables }, 2);
    if (!asked.ok) {
      const { failure, exchange } = asked;
      const lost = new Set(failure.errors.map(({ path }) => path?.[1]));
      const left = lost.has(undefined) ? [] : chunk.filter((_, index) => !lost.has(index));
      queue.unshift(...left);
      if (left.length === 0)
        session.deny(section, {
          reason: failure.message,
          entirely: true,
          everywhere: failure.errors.some((error) => isUnknownField(error)),
        });
      yield { exchange, records: [] };
      continue;
    }
    const nodes = asked.data.nodes as readonly (Item | null)[];
    const records = chunk.flatMap((run, index) => {
      const id = String(run.id);
      const reviews = nodes[index]?.deploymentReviews;
      if (!isWhole(reviews)) return [];
      told.add(id);
      done(id);
      return [{ kind: "deploymentApprovals", externalId: id, body: { run: id, reviews } }];
    });
    yield { exchange: asked.exchange, records };
  }
  return told;
}

/** Whether nothing of the reviews, nor of their environments, is left to a further page. */
function isWhole(reviews: unknown): boolean {
  const read = reviewsSchema.safeParse(reviews);
  const all = ({ totalCount, nodes }: { readonly totalCount: number; readonly nodes: readonly unknown[] }) =>
    totalCount === nodes.length;
  return read.success && all(read.data) && read.data.nodes.every(({ environments }) => all(environments));
}
