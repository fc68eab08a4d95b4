import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Entity } from "../../../src/model/entity.ts";
import type { Store } from "../../../src/store/index.ts";
import { batch, freshFolder, head, open, rowsOf, stream } from "./evidence-fixture.ts";

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

const branches = async (filter: Parameters<Store["entities"]>[1]) =>
  (await store.entities("branchHead", filter)).map(({ branch }) => branch);

describe("entities", () => {
  beforeEach(async () => {
    await store.append(run, batch([head("c", "3", "2026-10-03T00:00:00Z"), head("a", "1", "2026-10-01T00:00:00Z")]));
    await store.append(run, batch([head("b", "2", "2026-10-03T00:00:00Z")]));
    await store.append(run, batch([head("z", "9", "2026-10-02T00:00:00Z")], { stream: stream("commits", "99") }));
  });

  it("come by time, then key, each with its record", async () => {
    const all = await store.entities("branchHead");
    expect(all.map(({ branch, record }) => [branch, record])).toEqual([
      ["a", 2],
      ["z", 4],
      ["b", 3],
      ["c", 1],
    ]);
    expect(await store.entities("change")).toEqual([]);
  });

  it("are found by repository, by key, and from one instant up to before another", async () => {
    expect(await branches({ repositories: ["github/4711"] })).toEqual(["a", "b", "c"]);
    expect(await branches({ keys: ["github/4711/heads/b", "github/99/heads/z", "none"] })).toEqual(["z", "b"]);
    expect(await branches({ keys: ["github/99/heads/z"], repositories: ["github/4711"] })).toEqual([]);
    expect(await branches({ from: "2026-10-02T00:00:00Z", to: "2026-10-03T00:00:00Z" })).toEqual(["z"]);
    expect(await branches({ repositories: [] })).toEqual([]);
  });

  it("are found by more keys than one statement takes, each once", async () => {
    const keys = Array.from({ length: 1_200 }, (_, i) => `none/${i}`);
    expect(
      await branches({ keys: ["github/4711/heads/a", ...keys, "github/4711/heads/a", "github/99/heads/z"] }),
    ).toEqual(["a", "z"]);
  });

  describe("where there are many", () => {
    const names = Array.from({ length: 4_200 }, (_, i) => `many-${String(i).padStart(4, "0")}`);
    const keyOf = (name: string) => `github/4711/heads/${name}`;
    const day = (i: number) => `2026-10-${String(10 + (i % 9)).padStart(2, "0")}T00:00:00Z`;
    beforeEach(async () => {
      await store.append(run, batch(names.map((name, i) => head(name, String(i), day(i)))));
    });

    it.each([
      ["few of them", names.filter((_, i) => i % 7 === 0)],
      ["most of them", names.slice(0, 4_100)],
    ])("a list of %s gives those it names, in order, and none beside", async (_, named) => {
      const all = (await store.entities("branchHead")).map(({ key }) => key);
      const keys = [...named.map(keyOf).toReversed(), "none"];
      const wanted = new Set(keys);
      const asked = (filter: object) => store.entities("branchHead", { keys, ...filter });
      expect((await asked({})).map(({ key }) => key)).toEqual(all.filter((key) => wanted.has(key)));
      expect(await asked({ repositories: ["github/99"] })).toEqual([]);
      const once = await asked({ from: day(0), to: day(1), repositories: ["github/4711"] });
      const ofThatDay = (name: string) => Number(name.slice(-4)) % 9 === 0;
      expect(once.map(({ branch }) => branch)).toEqual(named.filter(ofThatDay));
    });

    it("each is visited once, with its record", async () => {
      const seen: string[] = [];
      await store.eachEntity("branchHead", ({ branch, record }) => seen.push(`${branch} ${record}`));
      const all = (await store.entities("branchHead")).map(({ branch, record }) => `${branch} ${record}`);
      expect(seen.toSorted()).toEqual(all.toSorted());
      expect(all).toHaveLength(4_204);
    });
  });

  it("a reader of an earlier instant visits only what was there", async () => {
    await store.append(run, batch([head("late", "1")], { total: 5 }, "2026-11-02T05:00:00Z"));
    await store.close();
    const reader = await open(path, { readonly: true, asOf: "2026-11-02T04:00:00Z" });
    const seen: string[] = [];
    await reader.eachEntity("branchHead", ({ branch }) => seen.push(branch));
    expect(seen.toSorted()).toEqual(["a", "b", "c", "z"]);
    await reader.close();
    store = await open(path);
  });

  it("are counted per stream against the source's own count", async () => {
    const graphCommits = (oid: string): Entity => ({
      type: "graphCommit",
      key: `github/4711@${oid}`,
      repository: "github/4711",
      oid,
      parents: [],
      tree: "t",
      changes: [],
    });
    await store.close();
    store = await open(path, { normalize: (record) => [graphCommits(record.externalId)] });
    run = await store.beginRun("collect");
    const commits = ["1", "2", "3"].map((externalId) => ({ kind: "commit", externalId, body: { externalId } }));
    await store.append(run, batch(commits, { total: 4 }));
    await store.append(run, batch([{ kind: "commit", externalId: "3", body: "changed" }]));
    expect((await store.totals()).get(stream().id)).toEqual({ stored: 3, sourceTotal: 4 });
    expect((await store.totals()).get("github/99/commits")).toEqual({ stored: 0, sourceTotal: null });

    const [fourth, kept] = [
      { kind: "commit", externalId: "4", body: "later" },
      { normalize: () => [graphCommits("4")] },
    ];
    await store.append(run, batch([fourth], {}, "2026-11-02T05:00:00Z"));
    expect((await store.totals()).get(stream().id)).toEqual({ stored: 4, sourceTotal: 4 });
    const reader = await open(path, { readonly: true, asOf: "2026-11-02T04:00:00Z", ...kept });
    expect((await reader.totals()).get(stream().id)).toEqual({ stored: 3, sourceTotal: 4 });
    await reader.close();
  });

  it("are counted in each stream that holds them, where a second one of the kind follows another branch", async () => {
    await store.close();
    store = await open(path, {
      normalize: ({ externalId: oid }) => [
        {
          type: "graphCommit",
          key: `github/4711@${oid}`,
          repository: "github/4711",
          oid,
          parents: [],
          tree: "t",
          changes: [],
        },
      ],
    });
    run = await store.beginRun("collect");
    const commits = (...oids: string[]) => oids.map((oid) => ({ kind: "commit", externalId: oid, body: { oid } }));
    const prod = { ...stream(), id: "github/4711/commits/prod", branch: "prod" };
    await store.append(run, batch(commits("1", "2", "3"), { total: 3 }));
    await store.append(run, batch(commits("2", "4"), { stream: prod, total: 2, cursor: "p" }));
    const totals = await store.totals();
    expect(totals.get("github/4711/commits")).toEqual({ stored: 3, sourceTotal: 3 });
    expect(totals.get("github/4711/commits/prod")).toEqual({ stored: 2, sourceTotal: 2 });
    expect(await store.entities("graphCommit")).toHaveLength(4);
    expect(await store.cursors(["github/4711/commits", prod.id])).toEqual(new Map([[prod.id, "p"]]));
    expect(await store.recordsOfStream(prod.id)).toMatchObject([{ streamKind: "commits", scopeId: "4711" }, {}]);
  });
});

it("a child is found by its parent's key", async () => {
  const change = "github/4711#12";
  const base = { repository: "github/4711" };
  const children: Entity[] = [
    {
      type: "review",
      key: "r",
      ...base,
      id: "1",
      change,
      author: null,
      state: "approved",
      submittedAt: null,
      oid: null,
    },
    { type: "changeFiles", key: "f", ...base, change, paths: [] },
    {
      type: "deploymentStatus",
      key: "s",
      ...base,
      deployment: "d",
      state: "success",
      createdAt: "2026-10-01T00:00:00Z",
      creator: null,
      run: null,
    },
    { type: "commitAuthors", key: "c", ...base, oid: "abc", authors: [] },
  ];
  await store.close();
  store = await open(path, { normalize: () => children });
  await store.append(await store.beginRun("collect"), batch([head("main", "a")]));
  expect(await store.entities("review", { parents: [change] })).toEqual([{ ...children[0], record: 1 }]);
  expect(await store.entities("changeFiles", { parents: [change] })).toEqual([{ ...children[1], record: 1 }]);
  expect(await store.entities("deploymentStatus", { parents: ["d"] })).toEqual([{ ...children[2], record: 1 }]);
  expect(await store.entities("commitAuthors", { parents: ["github/4711@abc"] })).toEqual([
    { ...children[3], record: 1 },
  ]);
  expect(await store.entities("review", { parents: [change], from: "2026-01-01T00:00:00Z" })).toEqual([]);
});

const columns = "type, key, repository, parent, at, record_id, data";

it("rebuilding gives the same rows", async () => {
  await store.append(
    run,
    batch([head("main", "a"), head("next", "b"), { kind: "head", externalId: "none", body: {} }]),
  );
  await store.append(
    run,
    batch([head("main", "c"), { kind: "head", externalId: "other", body: head("next", "d").body }]),
  );
  await store.endRun(run, "done");
  const before = rowsOf(path, "entity", columns, "type, key");
  expect(before).toMatchObject([{ record_id: 4 }, { record_id: 5 }]);
  expect(await store.rebuild()).toEqual({ records: 5, entities: 2 });
  expect(rowsOf(path, "entity", columns, "type, key")).toEqual(before);
});

it("neither the order of records nor where batches are cut decides what entities say", async () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 12 });
  const cutAndOrdered = names.chain((list) =>
    fc.record({
      list: fc.constant(list),
      shuffled: fc.shuffledSubarray(list, { minLength: list.length }),
      cut: fc.integer({ min: 0, max: list.length }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cutAndOrdered, async ({ list, shuffled, cut }) => {
      const contents = [];
      for (const parts of [[list], [shuffled.slice(0, cut), shuffled.slice(cut)]]) {
        const folder = freshFolder();
        const other = await open(folder.path);
        try {
          const otherRun = await other.beginRun("collect");
          for (const part of parts)
            await other.append(otherRun, batch(part.map((name) => head(name, `oid of ${name}`))));
          contents.push((await other.entities("branchHead")).map(({ record, ...rest }) => [typeof record, rest]));
        } finally {
          await other.close();
          folder.remove();
        }
      }
      expect(contents[1]).toEqual(contents[0]);
    }),
    { numRuns: 15 },
  );
});

it("a reader stays with the state it opened, while a collector goes on", async () => {
  await store.append(run, batch([head("main", "a")]));
  const reader = await open(path, { readonly: true });
  await store.append(run, batch([head("main", "b"), head("next", "b")]));
  const { root } = await store.endRun(run, "done");
  expect(await reader.entities("branchHead")).toMatchObject([{ oid: "a", record: 1 }]);
  expect(await reader.checkpoint()).toBeUndefined();
  expect(await reader.verify()).toEqual([]);
  await reader.close();
  const later = await open(path, { readonly: true });
  expect(await later.checkpoint()).toMatchObject({ size: 3, root });
  await later.close();
});
