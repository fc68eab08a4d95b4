import type { Answer, RestRequest } from "./answer.ts";

interface Shape<T> {
  item: (item: T) => unknown;
  /** The property that holds the items, beside `total_count`. */
  property?: string;
  /** Pages are named by a cursor instead of a number. */
  cursor?: boolean;
}

/** One page of a list in GitHub's shape, with the links to its neighbours. */
export function page<T>({ path, base }: RestRequest, list: readonly T[], shape: Shape<T>): Answer {
  const size = Math.min(100, Math.max(1, Number(path.searchParams.get("per_page") ?? 30) || 30));
  const name = shape.cursor ? "after" : "page";
  const given = path.searchParams.get(name);
  const number = shape.cursor ? (given === null ? 1 : pageOf(given)) : Math.max(1, Number(given ?? 1) || 1);
  const last = Math.max(1, Math.ceil(list.length / size));
  const link = (to: number, rel: string) => {
    const query = new URLSearchParams(path.searchParams);
    query.set(name, shape.cursor ? cursorOf(to) : String(to));
    return `<${base}${path.pathname.replace(/^\/api\/v3/, "")}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 && !shape.cursor ? [link(number - 1, "prev"), link(1, "first")] : []),
    ...(number < last ? [link(number + 1, "next"), ...(shape.cursor ? [] : [link(last, "last")])] : []),
  ];
  const items = list.slice((number - 1) * size, number * size).map(shape.item);
  return {
    status: 200,
    body: shape.property === undefined ? items : { total_count: list.length, [shape.property]: items },
    ...(links.length > 0 && { headers: { link: links.join(", ") } }),
  };
}

const cursorOf = (number: number): string => Buffer.from(`page:${number}`).toString("base64url");
const pageOf = (cursor: string): number =>
  Math.max(1, Number(Buffer.from(cursor, "base64url").toString("utf8").replace("page:", "")) || 1);

const orders = new WeakMap<readonly unknown[], { length: number; list: readonly unknown[] }>();

/** A list newest first; made once for as long as it does not grow. */
export function newestFirst<T>(list: readonly T[], at: (item: T) => number): readonly T[] {
  const made = orders.get(list);
  if (made?.length === list.length) return made.list as readonly T[];
  const sorted = list
    .map((item, index) => ({ item, index, at: at(item) }))
    .sort((a, b) => b.at - a.at || b.index - a.index)
    .map(({ item }) => item);
  orders.set(list, { length: list.length, list: sorted });
  return sorted;
}

const indexes = new WeakMap<readonly unknown[], { length: number; byId: ReadonlyMap<string, unknown> }>();

/** Finds an item of a list by its id; the index is made once for as long as the list does not grow. */
export function byId<T extends { id: number }>(list: readonly T[], id: string): T | undefined {
  let made = indexes.get(list);
  if (made?.length !== list.length) {
    made = { length: list.length, byId: new Map(list.map((item) => [String(item.id), item])) };
    indexes.set(list, made);
  }
  return made.byId.get(id) as T | undefined;
}
