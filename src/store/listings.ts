import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import type { StreamKind } from "../model/stream.ts";
import type { ListingRow } from "./store.ts";
import type { Tables } from "./tables.ts";

const portion = 20_000;

interface Listing {
  readonly requests: Map<string, Set<number>>;
  readonly digest: ReturnType<typeof createHash>;
  records: number;
  first: string;
  last: string;
}

/** Per kind of stream of these sources, what its records until then came from; reads every record's leaf once, in portions. */
export async function listingsOf(
  db: Kysely<Tables>,
  until: string,
  sources: readonly string[],
): Promise<readonly ListingRow[]> {
  const found = new Map<StreamKind, Listing>();
  for (let after = 0; ; ) {
    const rows = await db
      .selectFrom("record")
      .innerJoin("stream", "stream.id", "record.stream")
      .innerJoin("exchange", "exchange.id", "record.exchange_id")
      .select(["record.id", "record.leaf", "record.fetched_at", "stream.kind", "exchange.id as exchange"])
      .select(["exchange.query", "exchange.endpoint", "exchange.started_at"])
      .where("record.id", ">", after)
      .where("record.fetched_at", "<=", until)
      .where("stream.source", "in", [...sources])
      .orderBy("record.id")
      .limit(portion)
      .execute();
    for (const row of rows) add(found, row);
    const end = rows.at(-1);
    if (!end) break;
    after = end.id;
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

interface Row {
  readonly leaf: Uint8Array;
  readonly fetched_at: string;
  readonly kind: StreamKind;
  readonly exchange: number;
  readonly query: string;
  readonly endpoint: string;
  readonly started_at: string;
}

function add(found: Map<StreamKind, Listing>, row: Row): void {
  const { kind, leaf, fetched_at: fetched, started_at: started, exchange, query, endpoint } = row;
  const listing = found.get(kind) ?? {
    requests: new Map(),
    digest: createHash("sha256"),
    records: 0,
    first: started,
    last: fetched,
  };
  found.set(kind, listing);
  listing.digest.update(leaf);
  listing.records += 1;
  if (started < listing.first) listing.first = started;
  if (fetched > listing.last) listing.last = fetched;
  const name = JSON.stringify([query, endpoint]);
  const exchanges = listing.requests.get(name) ?? new Set();
  listing.requests.set(name, exchanges.add(exchange));
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : a > b ? 1 : 0;
