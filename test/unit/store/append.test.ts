import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../../src/store/index.ts";
import { batch, freshFolder, head, open, rowsOf, stream, withShell } from "./evidence-fixture.ts";

let path: string;
let remove: () => void;
let store: Store;
let run: string;
beforeEach(async () => {
  ({ path, remove } = freshFolder());
  store = await open(path);
  run = await store.beginRun("collect");
});
afterEach(async () => {
  await store.close();
  remove();
});

const stored = () => store.recordsOfStream(stream().id);

describe("what is stored", () => {
  it("is the body as the source gave it, with where and when it was seen", async () => {
    await store.append(run, batch([{ kind: "head", externalId: "R_1", body: { b: [1, null, "ü\ud800"], a: true } }]));
    expect(await stored()).toEqual([
      {
        id: 1,
        stream: "github/4711/commits",
        source: "github",
        scopeId: "4711",
        streamKind: "commits",
        kind: "head",
        externalId: "R_1",
        fetchedAt: "2026-11-02T03:00:01Z",
        run,
        body: { a: true, b: [1, null, "ü\ud800"] },
      },
    ]);
    expect(await store.recordBody(1)).toEqual({ a: true, b: [1, null, "ü\ud800"] });
    await expect(store.recordBody(2)).rejects.toThrow("there is no record r2");
  });

  it("keeps names that no database takes, and verifies them", async () => {
    await store.append(run, batch([head("a\ud800\u0000'", "oid")]));
    await store.endRun(run, "done");
    expect(await store.append(await store.beginRun("again"), batch([head("a\ud800\u0000'", "oid")]))).toEqual({
      added: 0,
    });
    expect(await store.entities("branchHead")).toMatchObject([{ branch: "a\ud800\u0000'" }]);
    expect(await store.verify()).toEqual([]);
  });

  it("refuses a stream whose id does not say what it is, since the ledger holds the id alone", async () => {
    const misnamed = { ...stream(), id: "github/4712/commits" };
    await expect(store.append(run, batch([head("main", "a")], { stream: misnamed }))).rejects.toThrow(/not named/);
    expect(await store.runs()).toMatchObject([{ records: 0, requests: 0 }]);
  });

  it("is the same of batches together as of one after the other", async () => {
    const batches = [
      batch([head("main", "a"), head("next", "a")], { cursor: "1" }),
      batch([head("main", "b")], { cursor: "2" }),
      batch([head("main", "b"), head("next", "a")], { cursor: "3" }),
      batch([head("main", "a")], { cursor: "4" }),
    ];
    const apart = freshFolder();
    const other = await open(apart.path);
    const otherRun = await other.beginRun("collect");
    for (const each of batches) await other.append(otherRun, each);
    await other.close();
    expect(await store.append(run, ...batches)).toEqual({ added: 4 });
    const evidence = (file: string) => [
      rowsOf(file, "exchange", "id, query, variables, server_time, added"),
      rowsOf(file, "record", "id, stream, kind, external_id, fetched_at, body_id, exchange_id"),
      rowsOf(file, "body", "id, content"),
      rowsOf(file, "entity", "type, key, repository, parent, at, record_id, data", "type, key"),
      rowsOf(file, "stream_state", "stream, cursor"),
    ];
    expect(evidence(path)).toEqual(evidence(apart.path));
    apart.remove();
  });

  it("is nothing of batches together where one of them cannot be read", async () => {
    const unreadable = { kind: "head", externalId: "x", body: { heads: 7 } };
    await expect(store.append(run, batch([head("main", "a")], { cursor: "1" }), batch([unreadable]))).rejects.toThrow();
    expect(await stored()).toEqual([]);
    expect(await store.runs()).toMatchObject([{ records: 0, requests: 0 }]);
    expect(await store.cursors([stream().id])).toEqual(new Map());
  });

  it("is nothing of a batch that cannot be read", async () => {
    const unreadable = { kind: "head", externalId: "x", body: { heads: 7 } };
    await expect(store.append(run, batch([head("main", "a"), unreadable], { cursor: "next" }))).rejects.toThrow();
    expect(await stored()).toEqual([]);
    expect(await store.entities("branchHead")).toEqual([]);
    expect(await store.cursors([stream().id])).toEqual(new Map());
    expect(await store.append(run, batch([head("main", "a")]))).toEqual({ added: 1 });
  });

  it("gets no record after the end of its run", async () => {
    await store.endRun(run, "done");
    await expect(store.append(run, batch([head("main", "a")]))).rejects.toThrow("the run has ended");
    await expect(store.append("unknown", batch([head("main", "a")]))).rejects.toThrow();
  });
});

describe("an object seen again", () => {
  it("gives no record while it is equal to its latest", async () => {
    const same = batch([head("main", "a"), head("next", "b")]);
    expect(await store.append(run, same)).toEqual({ added: 2 });
    expect(await store.append(run, same)).toEqual({ added: 0 });
    expect(await store.append(run, batch([head("main", "a")], {}, "2026-12-01T00:00:00Z"))).toEqual({ added: 0 });
    expect(await stored()).toHaveLength(2);
  });

  it("gives a record when it changes, and one more when it changes back, over the body already stored", async () => {
    for (const oid of ["a", "b", "a"]) await store.append(run, batch([head("main", oid)]));
    expect((await stored()).map(({ body }) => body)).toEqual(["a", "b", "a"].map((oid) => head("main", oid).body));
    expect(withShell(path, (file) => file.prepare("SELECT count(*) FROM body").pluck().get())).toBe(2);
    expect(await store.entities("branchHead")).toMatchObject([{ oid: "a", record: 3 }]);
  });

  it("is recognised within one batch too", async () => {
    const twice = batch([head("main", "a"), head("main", "a"), head("main", "b"), head("main", "a")]);
    expect(await store.append(run, twice)).toEqual({ added: 3 });
    expect(await store.append(run, twice)).toEqual({ added: 2 });
  });

  it("is another object in another stream or of another kind", async () => {
    const body = { heads: [] };
    const objects = ["head", "tag"].map((kind) => ({ kind, externalId: "x", body }));
    expect(await store.append(run, batch(objects))).toEqual({ added: 2 });
    expect(await store.append(run, batch(objects, { stream: stream("changes") }))).toEqual({ added: 2 });
    expect(withShell(path, (file) => file.prepare("SELECT count(*) FROM body").pluck().get())).toBe(1);
  });

  it("stays erased when the source still gives it", async () => {
    await store.append(run, batch([head("main", "secret"), head("next", "b")]));
    withShell(path, (file) =>
      file.exec("UPDATE body SET content = NULL, salt = NULL, erased_at = '2026-11-03T00:00:00Z' WHERE id = 1"),
    );
    expect(await store.append(run, batch([head("main", "secret")]))).toEqual({ added: 0 });
    await store.endRun(run, "done");
    await store.rebuild();
    expect(await store.recordBody(1)).toBeUndefined();
    expect(await store.entities("branchHead")).toMatchObject([{ branch: "next" }]);
    expect(await store.verify()).toEqual([]);
  });
});

describe("what is known of a stream", () => {
  it("is its cursor, its coverage and the source's count, kept with the batch that said so", async () => {
    const coverage = {
      status: "partial",
      from: "2026-10-01T00:00:00Z",
      to: "2026-11-01T00:00:00Z",
      reason: "403",
    } as const;
    await store.append(run, batch([head("main", "a")], { cursor: "c1", total: 7, coverage }));
    await store.append(run, batch([], { cursor: "c2" }));
    expect(await store.cursors([stream().id, "github/1/changes"])).toEqual(new Map([[stream().id, "c2"]]));
    expect(await store.coverage()).toEqual([{ stream: stream().id, run, ...coverage }]);
    expect(await store.coverage({ source: "other" })).toEqual([]);
    expect((await store.totals()).get(stream().id)?.sourceTotal).toBe(7);
  });

  it("is how many requests a run made, what it found, and the queries it sent", async () => {
    await store.append(run, batch([head("main", "a"), head("next", "a")]));
    await store.append(run, batch([head("main", "a")]));
    expect(await store.runs()).toEqual([
      {
        id: run,
        command: "collect",
        startedAt: "2026-11-02T03:00:00Z",
        endedAt: null,
        outcome: null,
        requests: 2,
        records: 2,
        toolVersion: "0.1.0",
      },
    ]);
    expect(await store.queries([run])).toMatchObject([
      { operation: "Heads", text: "query Heads { heads }", requests: 2 },
    ]);
    expect(await store.queries([])).toEqual([]);
  });
});
