import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SourceRecord } from "../../../src/model/stream.ts";
import type { Store, StoreOptions } from "../../../src/store/index.ts";
import { SourceError } from "../../../src/util/errors.ts";
import { batch, freshFolder, head, open, optionsFor, rowsOf, stream } from "./evidence-fixture.ts";

const strict: StoreOptions["normalize"] = (record) => {
  const { shape } = record.body as { shape?: string };
  if (shape === "new") throw new SourceError("unexpectedShape", "review.state has the unknown value MAYBE");
  if (shape === "cursed") throw new SourceError("auth", "asked for what nobody may see");
  return optionsFor(record.stream).normalize(record);
};
const broken = (externalId: string, value = 1): SourceRecord => ({
  kind: "head",
  externalId,
  body: { shape: "new", value },
});
const columns = "type, key, repository, parent, at, record_id, data";
const rows = (path: string): unknown[] => rowsOf(path, "entity", columns, "type, key");

let path: string;
let remove: () => void;
let store: Store;
let run: string;
beforeEach(async () => {
  ({ path, remove } = freshFolder());
  store = await open(path, { normalize: strict });
  run = await store.beginRun("collect");
});
afterEach(async () => {
  await store.close();
  remove();
});

describe("a record of a shape nobody knows", () => {
  it("is kept raw under its leaf, with the rest of its batch, and named as unreadable", async () => {
    const all = [head("main", "a"), broken("odd"), head("next", "b")];
    expect(await store.append(run, batch(all, { cursor: "next" }))).toEqual({ added: 3 });
    expect(await store.recordBody(2)).toEqual({ shape: "new", value: 1 });
    expect(await store.cursors([stream().id])).toEqual(new Map([[stream().id, "next"]]));
    expect(await store.entities("branchHead")).toHaveLength(2);
    expect(await store.entities("unreadable", { repositories: ["github/4711"] })).toEqual([
      {
        type: "unreadable",
        key: "github/4711/commits/head/odd",
        repository: "github/4711",
        stream: "github/4711/commits",
        kind: "head",
        externalId: "odd",
        reason: "review.state has the unknown value MAYBE",
        record: 2,
      },
    ]);
    expect(await store.endRun(run, "done")).toMatchObject({ size: 3 });
    expect(await store.verify()).toEqual([]);
  });

  it("is unreadable no more once the same object can be read, by a later record or a better reading", async () => {
    await store.append(run, batch([broken("main"), broken("next"), head("last", "c")]));
    await store.append(run, batch([head("main", "a"), broken("last")]));
    const unreadable = async () => (await store.entities("unreadable")).map(({ externalId }) => externalId);
    expect(await unreadable()).toEqual(["last", "next"]);
    expect((await store.entities("branchHead")).map(({ branch }) => branch)).toEqual(["last", "main"]);
    await store.endRun(run, "done");
    await store.close();
    const better: StoreOptions["normalize"] = (record) =>
      strict({ ...record, body: "shape" in Object(record.body) ? head(record.externalId, "read").body : record.body });
    store = await open(path, { normalize: better });
    await store.rebuild();
    expect(await unreadable()).toEqual([]);
    expect((await store.entities("branchHead")).map(({ branch, oid }) => [branch, oid])).toEqual([
      ["last", "read"],
      ["main", "a"],
      ["next", "read"],
    ]);
    expect(await store.verify()).toEqual([]);
  });

  it("is not confused with an object of the same name in another stream", async () => {
    await store.append(run, batch([broken("main")]));
    await store.append(run, batch([head("main", "a")], { stream: stream("changes") }));
    expect(await store.entities("unreadable")).toMatchObject([{ stream: stream().id }]);
  });

  it("is named by verify where the tool reads today what it could not read then", async () => {
    await store.append(run, batch([broken("odd")]));
    await store.endRun(run, "done");
    await store.close();
    store = await open(path);
    expect(await store.verify()).toEqual([
      "unreadable github/4711/commits/head/odd: no readable record says so (it names r1)",
    ]);
  });

  it("rejects its batch when reading fails for any other reason", async () => {
    const cursed = { kind: "head", externalId: "x", body: { shape: "cursed" } };
    await expect(store.append(run, batch([head("main", "a"), cursed]))).rejects.toThrow("nobody may see");
    expect(await store.recordsOfStream(stream().id)).toEqual([]);
  });
});

it("rebuilding gives the same rows as appending did, in whatever order objects became unreadable and readable", async () => {
  const step = fc.record({ name: fc.constantFrom("a", "b", "c"), readable: fc.boolean(), value: fc.nat(3) });
  const batches = fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(batches, async (steps) => {
      const folder = freshFolder();
      const other = await open(folder.path, { normalize: strict });
      try {
        const otherRun = await other.beginRun("collect");
        const latest = new Map<string, boolean>();
        for (const some of steps) {
          const records = some.map(({ name, readable, value }) =>
            readable ? head(name, String(value)) : broken(name, value),
          );
          await other.append(otherRun, batch(records));
          for (const { name, readable } of some) latest.set(name, readable);
        }
        await other.endRun(otherRun, "done");
        const expected = [...latest].flatMap(([name, readable]) => (readable ? [] : [name])).sort();
        expect((await other.entities("unreadable")).map(({ externalId }) => externalId)).toEqual(expected);
        const before = rows(folder.path);
        expect(await other.verify()).toEqual([]);
        await other.rebuild();
        expect(rows(folder.path)).toEqual(before);
      } finally {
        await other.close();
        folder.remove();
      }
    }),
    { numRuns: 15 },
  );
});
