import { existsSync, renameSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Batch } from "../../../src/model/stream.ts";
import { openStore, type Store } from "../../../src/store/index.ts";
import { batch, freshFolder, head, open, optionsFor, rowsOf, stream, withShell } from "./evidence-fixture.ts";

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

/** So many heads at once that a thread stores them; `more` are added to them. */
const many = (oid: string, cursor: string, more: Parameters<typeof batch>[0] = []): Batch =>
  batch([...Array.from({ length: 1_000 }, (_, i) => head(`branch-${i}`, oid)), ...more], { cursor });

const stored = async () => (await store.recordsOfStream(stream().id)).length;

describe("many records at once", () => {
  it("are stored as a few are, what is known and what is repeated included", async () => {
    const twice = [head("main", "a"), head("next", "a"), head("main", "b"), head("main", "a")];
    const batches = [many("a", "1", twice), many("a", "2"), many("b", "3", [head("ü\ud800", "a")]), many("a", "4")];
    const apart = freshFolder();
    const other = await open(apart.path);
    const otherRun = await other.beginRun("collect");
    for (const { exchange, parts } of batches) {
      const records = parts.flatMap((part) => part.records);
      for (let at = 0; at < records.length; at += 500) {
        const cursor = parts[0]?.cursor ?? "";
        await other.append(otherRun, {
          exchange,
          parts: [{ stream: stream(), records: records.slice(at, at + 500), cursor }],
        });
      }
    }
    await other.endRun(otherRun, "done");
    await other.close();

    const added = await Promise.all(batches.map((each) => store.append(run, each)));
    expect(added.map((each) => each.added)).toEqual([1_004, 0, 1_001, 1_000]);
    const { size } = await store.endRun(run, "done");
    expect(size).toBe(3_005);
    const evidence = (file: string) => [
      rowsOf(file, "record", "id, stream, kind, external_id, fetched_at, body_id"),
      rowsOf(file, "body", "id, content"),
      rowsOf(file, "entity", "type, key, repository, parent, at, record_id, data", "type, key"),
      rowsOf(file, "stream_state", "stream, cursor"),
    ];
    expect(evidence(path)).toEqual(evidence(apart.path));
    expect(new Set(rowsOf(path, "body", "hex(salt) AS salt").map((row) => (row as { salt: string }).salt)).size).toBe(
      rowsOf(path, "body", "id").length,
    );
    expect(await store.verify()).toEqual([]);
    apart.remove();
  });

  it("are followed by a few, read at once, and there when the store was closed before they were", async () => {
    expect(await store.append(run, many("a", "1"))).toEqual({ added: 1_000 });
    expect(await store.append(run, batch([head("main", "b")], { cursor: "2" }))).toEqual({ added: 1 });
    expect(await store.entities("branchHead")).toHaveLength(1_001);
    const last = store.append(run, many("c", "3"));
    await store.close();
    expect(await last).toEqual({ added: 1_000 });
    store = await open(path);
    expect(await stored()).toBe(2_001);
    expect(await store.cursors([stream().id])).toEqual(new Map([[stream().id, "3"]]));
  });

  it("fail with what was wrong, and so do those that followed before it was known", async () => {
    const misnamed = {
      ...many("a", "1"),
      parts: [{ stream: { ...stream(), id: "elsewhere" }, records: many("a", "1").parts[0]?.records ?? [] }],
    };
    const first = store.append(run, misnamed);
    const second = store.append(run, many("b", "2"));
    await expect(first).rejects.toThrow("stream elsewhere is not named");
    await expect(second).rejects.toThrow("stream elsewhere is not named");
    expect(await stored()).toBe(0);
    expect(await store.cursors([stream().id])).toEqual(new Map());
    expect(await store.append(run, many("c", "3"))).toEqual({ added: 1_000 });
    await store.endRun(run, "done");
    await expect(store.append(run, many("d", "4"))).rejects.toThrow("the run has ended");
  });

  it("that cannot be read wait for those before them, and take none of these along", async () => {
    const first = store.append(run, many("a", "1"));
    const second = store.append(run, many("b", "2", [{ kind: "head", externalId: "x", body: { heads: 7 } }]));
    const third = store.append(run, many("c", "3"));
    expect(await first).toEqual({ added: 1_000 });
    await expect(second).rejects.toThrow();
    await expect(third).rejects.toThrow();
    expect(await stored()).toBe(1_000);
    expect(await store.cursors([stream().id])).toEqual(new Map([[stream().id, "1"]]));
  });

  it("47: onto a full disk stop everything that is written after them", async () => {
    await store.append(run, batch([head("main", "a")]));
    await store.close();
    const pages = withShell(path, (file) => file.pragma("page_count", { simple: true })) as number;
    store = await openStore(optionsFor(path), { maxPages: pages + 4 });
    run = await store.beginRun("collect");
    await expect(store.append(run, many("a", "after"))).rejects.toMatchObject({
      code: "integrity",
      exitCode: 5,
      message: expect.stringMatching(/evidence\.db: the disk refused a write \(SQLITE_FULL/),
      hint: expect.stringMatching(/run again/),
    });
    await expect(store.append(run, batch([head("main", "b")]))).rejects.toThrow("the disk refused a write");
    await expect(store.endRun(run, "failed")).rejects.toThrow("the disk refused a write");
    await store.close();

    store = await open(path);
    expect(await stored()).toBe(1);
    expect(await store.cursors([stream().id])).toEqual(new Map());
    const next = await store.beginRun("collect");
    expect(await store.append(next, many("a", "after"))).toEqual({ added: 1_000 });
    await store.endRun(next, "done");
    expect(await store.verify()).toEqual([]);
  });

  it("are refused where the file has gone meanwhile, and take nothing with them that is stored", async () => {
    await store.append(run, batch([head("main", "a"), head("next", "a")]));
    renameSync(path, `${path}.away`);
    await expect(store.append(run, many("a", "1"))).rejects.toMatchObject({
      code: "integrity",
      message: expect.stringMatching(/has gone since it was opened/),
    });
    expect(existsSync(path)).toBe(false);
    await store.close();
    renameSync(`${path}.away`, path);
    store = await open(path);
    expect(await stored()).toBe(2);
  });
});
