import { afterEach, beforeEach, expect, it } from "vitest";
import type { Part, SourceRecord } from "../../../src/model/stream.ts";
import type { Store, StoreOptions } from "../../../src/store/index.ts";
import { batch, freshFolder, head, open, optionsFor, rowsOf, stream } from "./evidence-fixture.ts";

let path: string;
let remove: () => void;
let now: string;
let store: Store;
const clock = () => new Date(now);
/** Every object stands for a commit too, which is what its stream is counted in. */
const normalize: StoreOptions["normalize"] = (record) => {
  const { externalId: oid, source, scopeId } = record;
  const repository = `${source}/${scopeId}`;
  return [
    ...optionsFor(path).normalize(record),
    { type: "graphCommit", key: `${repository}@${oid}`, repository, oid, parents: [], tree: "t", changes: [] },
  ];
};
beforeEach(async () => {
  ({ path, remove } = freshFolder());
  now = "2026-11-02T03:00:00Z";
  store = await open(path, { clock, normalize });
});
afterEach(async () => {
  await store.close();
  remove();
});

const coverage = (to: string, reason?: string): NonNullable<Part["coverage"]> => ({
  status: reason === undefined ? "complete" : "partial",
  from: "2026-10-01T00:00:00Z",
  to,
  ...(reason === undefined ? {} : { reason }),
});

/** One run of one batch, from `begin` to a minute later, fetched in between. */
async function collect(begin: string, records: readonly SourceRecord[], more: Partial<Part> = {}): Promise<void> {
  now = begin;
  const run = await store.beginRun("collect");
  await store.append(run, batch(records, more, begin.replace(":00Z", ":20Z")));
  now = begin.replace(":00Z", ":59Z");
  await store.endRun(run, "done");
}

const first = async (): Promise<void> => {
  await collect("2026-11-02T03:00:00Z", [head("main", "a"), head("next", "b")], {
    cursor: "1",
    total: 2,
    coverage: coverage("2026-11-02T03:00:20Z"),
  });
};
const endOfFirst = "2026-11-02T03:00:59Z";

/** Changes an object, brings back an entity by another object's record, adds streams, and says other things of the time before. */
const second = async (): Promise<void> => {
  const other: SourceRecord = { kind: "head", externalId: "other", body: head("next", "c").body };
  await collect("2026-12-02T03:00:00Z", [head("main", "z"), other, head("late", "d")], {
    cursor: "2",
    total: 9,
    coverage: coverage("2026-12-02T03:00:20Z", "403"),
  });
  await collect("2026-12-03T03:00:00Z", [head("x", "y")], { stream: stream("changes"), total: 1 });
};

const ids = [1, 2, 3, 4, 5, 6];
const answers = async (asked: Store) => ({
  entities: await asked.entities("branchHead"),
  byKey: await asked.entities("branchHead", { keys: ["github/4711/heads/main", "github/4711/heads/late"] }),
  ofRepository: await asked.entities("branchHead", { repositories: ["github/4711"], from: "2026-11-01T00:00:00Z" }),
  coverage: await asked.coverage({ source: "github" }),
  runs: await asked.runs(),
  queries: await asked.queries(),
  totals: await asked.totals(),
  records: await asked.records(ids),
  ofStreams: await Promise.all([stream(), stream("changes")].map(({ id }) => asked.recordsOfStream(id))),
  checkpoint: await asked.checkpoint(),
});

async function answersAsOf(asOf: string) {
  const reader = await open(path, { readonly: true, asOf, normalize });
  try {
    return await answers(reader);
  } finally {
    await reader.close();
  }
}

it("is the same answer whether asked at once or after more was collected", async () => {
  await first();
  const remembered = await answers(store);
  expect(remembered.entities).toMatchObject([{ oid: "a" }, { oid: "b" }]);
  expect(remembered.totals.get(stream().id)).toEqual({ stored: 2, sourceTotal: 2 });
  expect(await answersAsOf(endOfFirst)).toEqual(remembered);
  await second();
  const today = await answers(store);
  expect(today).not.toEqual(remembered);
  expect(await answersAsOf(endOfFirst)).toEqual(remembered);
  expect(await answersAsOf("2026-11-30T00:00:00Z")).toEqual(remembered);
  expect(await answersAsOf("2026-12-03T03:00:59Z")).toEqual(today);
});

it("leaves what is stored, and what others read of it, as it is", async () => {
  await first();
  await second();
  const columns = "type, key, repository, parent, at, record_id, data";
  const before = rowsOf(path, "entity", columns, "type, key");
  const today = await answers(store);
  const reader = await open(path, { readonly: true, asOf: endOfFirst, normalize });
  expect(await answers(store)).toEqual(today);
  await reader.close();
  expect(rowsOf(path, "entity", columns, "type, key")).toEqual(before);
  expect(await store.verify()).toEqual([]);
});

it("of a run under way holds what was fetched until then, and says neither its end nor more than was seen", async () => {
  now = "2026-11-02T03:00:00Z";
  const run = await store.beginRun("collect");
  await store.append(run, batch([head("main", "a")], {}, "2026-11-02T03:00:20Z"));
  const whole = { cursor: "1", coverage: coverage("2026-11-02T03:00:10Z") };
  await store.append(run, batch([head("next", "b")], whole, "2026-11-02T03:00:40Z"));
  now = endOfFirst;
  await store.endRun(run, "done");
  const then = await answersAsOf("2026-11-02T03:00:30Z");
  expect(then.entities).toMatchObject([{ branch: "main" }]);
  expect(then.runs).toMatchObject([{ id: run, endedAt: null, outcome: null, requests: 1, records: 1 }]);
  expect(then.queries).toMatchObject([{ requests: 1 }]);
  expect(then.coverage).toEqual([]);
  expect(then.checkpoint).toBeUndefined();
  const reader = await open(path, { readonly: true, asOf: "2026-11-02T03:00:30Z", normalize });
  await expect(reader.recordBody(2)).rejects.toThrow("there is no record r2");
  await reader.close();
});

it("cuts what was said of a time after it, and leaves out what begins later", async () => {
  now = "2026-11-02T03:00:00Z";
  const run = await store.beginRun("collect");
  await store.append(run, batch([], { coverage: coverage("2026-11-05T00:00:00Z") }));
  const later = { ...coverage("2026-11-05T00:00:00Z"), from: "2026-11-04T00:00:00Z" };
  await store.append(run, batch([], { coverage: later }));
  const { coverage: said } = await answersAsOf("2026-11-03T00:00:00Z");
  expect(said.map(({ from, to }) => [from, to])).toEqual([["2026-10-01T00:00:00Z", "2026-11-03T00:00:00Z"]]);
});

it("before the first run holds nothing", async () => {
  await first();
  const { totals, ...rest } = await answersAsOf("2026-10-31T00:00:00Z");
  expect(totals).toEqual(new Map());
  expect(Object.values(rest).flat(2).filter(Boolean)).toEqual([]);
});

it("reads no record anew where none is newer, and is only for readers", async () => {
  await first();
  let read = 0;
  const counting: StoreOptions["normalize"] = (record) => {
    read += 1;
    return normalize(record);
  };
  const reader = await open(path, { readonly: true, asOf: endOfFirst, normalize: counting });
  expect(await reader.entities("branchHead")).toHaveLength(2);
  expect(read).toBe(0);
  await expect(reader.cursors([stream().id])).rejects.toThrow("earlier cursors are not kept");
  await expect(reader.verify()).rejects.toThrow("verified as a whole");
  await reader.close();
  await expect(open(path, { asOf: endOfFirst })).rejects.toThrow("only a reader");
});
