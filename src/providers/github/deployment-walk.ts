import type { Job } from "./cursors.ts";
import type { Gained, Item, ListJob } from "./follow-ups.ts";
import * as text from "./fragments.ts";
import { isLine } from "./history-walk.ts";
import type { Member } from "./list-state.ts";
import { type ListOptions, listWalk } from "./list-walk.ts";
import { nestedSchema } from "./pages.ts";
import { isRecent, type Session, secondsUtc } from "./session.ts";
import type { Walk } from "./walk.ts";

/** As many as round down to a whole point together with what shares the request. */
function sizes(beside: readonly string[]): readonly (readonly [number, number])[] {
  const lines = beside.some(isLine);
  const page = beside.includes("changes") ? (lines ? 50 : 100) : lines ? 74 : 100;
  return [
    [page, 50],
    [page >> 1, 25],
    [page >> 2, 10],
    [10, 10],
    [5, 5],
    [1, 1],
  ];
}
const final = new Set(["SUCCESS", "INACTIVE"]);
/** An end too, unless it is tried again soon. */
const failed = new Set(["FAILURE", "ERROR"]);

const own = `id databaseId environment originalEnvironment task description commitOid createdAt ref { name } creator { ${text.account} }`;
const statuses = (first: string, after: string) =>
  `statuses(first: ${first}${after}) { totalCount ${text.page} nodes { ${text.status} } }`;

/** Walks the deployments of all environments, newest first, with their statuses; those without an end are read again. */
export function deploymentWalk(session: Session, member: Member, unmoved?: ListOptions["unmoved"]): Walk {
  const atRest = new Set<string>();
  return listWalk(session, {
    name: "deployments",
    operation: "Deployments",
    members: [member],
    counted: "deployments",
    sections: [],
    sizes,
    ...(unmoved ? { unmoved } : {}),
    field:
      () => `deployments(first: $deploymentsPage, after: $deploymentsAfter, orderBy: { field: CREATED_AT, direction: DESC }) {
      totalCount ${text.page} nodes { ${own} ${statuses("$deploymentsInner", "")} }
    }`,
    timeOf: (item) => String(item.createdAt),
    gain: (_kind, item, _refused, now) => gain(item, now),
    lists: { statuses: moreStatuses },
    byIds: {},
    watched: {
      deployments: {
        operation: "UnfinishedDeployments",
        most: 50,
        fields: `... on Deployment { ${own} ${statuses("50", "")} }`,
        records: (node, _job, now) => {
          const gained = gain(node, now);
          if (!gained.watch) atRest.add(`deployments ${node.id}`);
          return gained.records;
        },
        jobs: (node) => gain(node, "").jobs ?? [],
      },
    },
    atRest,
  });
}

const idOf = (item: Item): string => String(item.databaseId ?? item.id);

function gain(item: Item, now: string): Gained {
  const { statuses: given, ...deployment } = item;
  const list = nestedSchema.safeParse(given).data;
  const at = secondsUtc(String(item.createdAt));
  const ends = isRecent(at, now) ? final : new Set([...final, ...failed]);
  const job: Job = {
    do: "statuses",
    id: String(item.id),
    of: idOf(item),
    after: list?.pageInfo.endCursor ?? null,
    offset: list?.nodes.length ?? 0,
    key: `statuses:${idOf(item)}:${list?.totalCount ?? ""}`,
    at,
  };
  return {
    records: [
      {
        kind: "deployment",
        externalId: idOf(item),
        body: { ...deployment, statuses: { totalCount: list?.totalCount ?? null } },
      },
      ...statusRecords(item, list?.nodes ?? []),
    ],
    jobs: !list || list.pageInfo.hasNextPage ? [job] : [],
    watch: !list?.nodes.some((status) => ends.has(String(status?.state))),
  };
}

function statusRecords(item: Item, nodes: readonly (Item | null)[]) {
  return nodes
    .filter((status) => status !== null)
    .map((status) => ({
      kind: "deploymentStatus",
      externalId: String(status.id),
      body: { deployment: idOf(item), status },
    }));
}

const moreStatuses: ListJob = {
  operation: "MoreStatuses",
  fields: (first, after) => `... on Deployment { databaseId ${statuses(first, after)} }`,
  connection: (node) => nestedSchema.safeParse(node.statuses).data,
  gain: (items, _job, _offset, node) => ({ records: statusRecords(node, items) }),
};
