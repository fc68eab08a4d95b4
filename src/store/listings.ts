import { createHash } from "node:crypto";
import type { StreamKind } from "../model/stream.ts";
import type { Dialect, LeafRead } from "./dialect/dialect.ts";
import type { ListingRow } from "./store.ts";

interface Listing {
  readonly requests: Map<string, Set<number>>;
  readonly digest: ReturnType<typeof createHash>;
  records: number;
  first: string;
  last: string;
}

/** Per kind of stream of these sources, what its records until then came from; reads every record's leaf once, in portions. */
export async function listingsOf(
  { db, leaves }: Pick<Dialect, "db" | "leaves">,
  until: string,
  sources: readonly string[],
): Promise<readonly ListingRow[]> {
  const streams = await db
    .selectFrom("stream")
    .select(["id", "kind"])
    .where("source", "in", [...sources])
    .execute();
  const kinds = new Map(streams.map(({ id, kind }) => [id, kind]));
  const exchanges = new Map(
    (await db.selectFrom("exchange").select(["id", "query", "endpoint", "started_at"]).execute()).map(
      ({ id, query, endpoint, started_at: started }) => [id, { name: JSON.stringify([query, endpoint]), started }],
    ),
  );
  const found = new Map<StreamKind, Listing>();
  for (let after = 0; ; ) {
    const rows = await leaves(after, until);
    const end = rows.at(-1);
    if (!end) break;
    for (const [kind, some] of Map.groupBy(rows, ([, stream]) => kinds.get(stream)))
      if (kind !== undefined) add(found, kind, some, exchanges);
    [after] = end;
  }
  const operations = new Map(
    (await db.selectFrom("query_text").select(["digest", "operation"]).execute()).map((row) => [
      row.digest,
      row.operation,
    ]),
  );
  return [...found].sort(byName).map(([kind, { requests, records, first, last, digest }]) => ({
    kind,
    requests: [...requests].sort(byName).map(([name, exchanges]) => {
      const [query = "", endpoint = ""] = JSON.parse(name) as string[];
      return { operation: operations.get(query) ?? "", digest: query, endpoint, requests: exchanges.size };
    }),
    first,
    last,
    records,
    digest: digest.digest("hex"),
  }));
}

function add(
  found: Map<StreamKind, Listing>,
  kind: StreamKind,
  rows: readonly LeafRead[],
  exchanges: ReadonlyMap<number, { readonly name: string; readonly started: string }>,
): void {
  const listing = found.get(kind) ?? {
    requests: new Map<string, Set<number>>(),
    digest: createHash("sha256"),
    records: 0,
    first: "9999",
    last: "",
  };
  found.set(kind, listing);
  listing.digest.update(rows.map(([, , , , leaf]) => leaf).join(""), "hex");
  listing.records += rows.length;
  let exchange: number | undefined;
  for (const [, , asked, fetched] of rows) {
    if (fetched > listing.last) listing.last = fetched;
    // What one request gave comes together.
    if (asked === exchange) continue;
    exchange = asked;
    const { name = "", started = "" } = exchanges.get(asked) ?? {};
    if (started < listing.first) listing.first = started;
    const same = listing.requests.get(name) ?? new Set();
    listing.requests.set(name, same.add(asked));
  }
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
