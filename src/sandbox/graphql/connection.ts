import { GraphQLError, type GraphQLResolveInfo, Kind, type SelectionSetNode } from "graphql";
import { type Context, refusal } from "./context.ts";

/** The paging arguments that every connection takes. */
export interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

/** What an item is ordered by; the second part breaks ties and must be unique. */
export type Key = readonly [number | string, number | string];

/** One page as the fields of a connection read it. */
export interface Connection {
  kind: "Connection";
  nodes: readonly unknown[];
  totalCount: number;
  edges: () => { node: unknown; cursor: string }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

const MOST = 100;

/**
 * Cuts one page out of an ordered list. Cursors hold the order's value, so a page goes on after the same item when
 * others have been added before it. Refuses pages without a bound or over 100 as GitHub does.
 */
export function connection<T>(
  list: readonly T[],
  key: (item: T, index: number) => Key,
  parameters: PageArguments,
  context: Context,
  info: GraphQLResolveInfo,
  order: "ASC" | "DESC" = "ASC",
): Connection {
  const { first, last } = boundsOf(parameters, info);
  const sign = order === "ASC" ? 1 : -1;
  let [from, to] = [0, list.length];
  if (parameters.after) from = seek(list, key, decode(parameters.after), sign, true);
  if (parameters.before) to = Math.max(from, seek(list, key, decode(parameters.before), sign, false));
  const whole = [from, to] as const;
  if (first !== null) to = Math.min(to, from + first);
  if (last !== null) from = Math.max(from, to - last);
  const cursor = (index: number) => encode(key(list[index] as T, index));
  const nodes: unknown[] = list.slice(from, to);
  const most = context.faults.pageLimit;
  for (let index = most; index < nodes.length; index++) nodes[index] = new GraphQLError(TIMEOUT);
  const stuck = context.faults.repeatsCursor && parameters.after && nodes.length > 0;
  return {
    kind: "Connection",
    nodes,
    totalCount: list.length,
    edges: () => nodes.map((node, index) => ({ node, cursor: cursor(from + index) })),
    pageInfo: {
      hasNextPage: stuck ? true : to < whole[1],
      hasPreviousPage: from > whole[0] || from > 0,
      startCursor: to > from ? cursor(from) : null,
      endCursor: stuck ? (parameters.after as string) : to > from ? cursor(to - 1) : null,
    },
  };
}

const TIMEOUT =
  "Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug.";

function boundsOf(parameters: PageArguments, info: GraphQLResolveInfo): { first: number | null; last: number | null } {
  const [first, last] = [parameters.first ?? null, parameters.last ?? null];
  const name = info.fieldName;
  if (first === null && last === null && selects(info, ["nodes", "edges"])) {
    throw refusal(
      "MISSING_PAGINATION_BOUNDARIES",
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  }
  for (const [bound, size] of [
    ["first", first],
    ["last", last],
  ] as const) {
    if (size !== null && size > MOST) {
      throw refusal(
        "EXCESSIVE_PAGINATION",
        `Requesting ${size} records on the \`${name}\` connection exceeds the \`${bound}\` limit of ${MOST} records.`,
      );
    }
    if (size !== null && size < 0) {
      throw refusal("INVALID_PAGINATION", `\`${bound}\` on the \`${name}\` connection cannot be less than zero.`);
    }
  }
  return { first, last };
}

/** Whether the field asks for one of the named fields directly below it. */
function selects(info: GraphQLResolveInfo, names: readonly string[]): boolean {
  const within = (set: SelectionSetNode | undefined): boolean =>
    set?.selections.some((each) => {
      if (each.kind === Kind.FIELD) return names.includes(each.name.value);
      if (each.kind === Kind.INLINE_FRAGMENT) return within(each.selectionSet);
      return within(info.fragments[each.name.value]?.selectionSet);
    }) ?? false;
  return info.fieldNodes.some((node) => within(node.selectionSet));
}

function encode(key: Key): string {
  return Buffer.from(`cursor:v2:${JSON.stringify(key)}`, "utf8").toString("base64");
}

function decode(cursor: string): Key {
  try {
    const text = Buffer.from(cursor, "base64").toString("utf8");
    const key: unknown = JSON.parse(text.replace(/^cursor:v2:/, ""));
    if (text.startsWith("cursor:v2:") && Array.isArray(key) && key.length === 2) return key as unknown as Key;
  } catch {}
  throw refusal("INVALID_CURSOR_ARGUMENTS", `\`${cursor}\` does not appear to be a valid cursor.`);
}

function seek<T>(
  list: readonly T[],
  key: (item: T, index: number) => Key,
  target: Key,
  sign: number,
  past: boolean,
): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = sign * compare(key(list[middle] as T, middle), target);
    if (order < 0 || (past && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The order of two keys: by value, then by what breaks the tie. */
export function compare(a: Key, b: Key): number {
  for (const part of [0, 1] as const) {
    if (a[part] < b[part]) return -1;
    if (a[part] > b[part]) return 1;
  }
  return 0;
}
