import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { leafContent, leafHash } from "../../../src/ledger/leaf.ts";
import { merkleTree } from "../../../src/ledger/merkle-tree.ts";
import type { Store } from "../../../src/store/index.ts";
import { sha256, sha256Hex } from "../../../src/util/hash.ts";
import { batch, dropTriggers, freshFolder, head, open, withShell } from "./evidence-fixture.ts";

let path: string;
let remove: () => void;
let store: Store;
beforeEach(async () => {
  ({ path, remove } = freshFolder());
  store = await open(path);
});
afterEach(async () => {
  await store.close();
  remove();
});

async function collected(...oids: string[]): Promise<void> {
  const run = await store.beginRun("collect");
  for (const oid of oids) await store.append(run, batch([head("main", oid)]));
  await store.endRun(run, "done");
}

describe("a checkpoint", () => {
  it("is the RFC 6962 root over every record, run after run", async () => {
    expect(await store.checkpoint()).toBeUndefined();
    const sizes = [];
    for (const oids of [[], ["a", "b", "c"], [], ["d", "e"]]) {
      await collected(...oids);
      const checkpoint = await store.checkpoint();
      const leaves = (await store.records([1, 2, 3, 4, 5])).map(({ leaf }) => Buffer.from(leaf, "hex"));
      expect(checkpoint?.root).toBe(Buffer.from(merkleTree(sha256, leaves).root()).toString("hex"));
      sizes.push(checkpoint?.size);
    }
    expect(sizes).toEqual([0, 3, 3, 5]);
    expect(await store.verify()).toEqual([]);
  });

  it("rests on leaves that anyone can recompute from what a record says", async () => {
    await collected("a");
    const [record] = await store.records([1, 99]);
    const { salt, content } = withShell(path, (file) => file.prepare("SELECT salt, content FROM body").get()) as {
      salt: Buffer;
      content: string;
    };
    const { stream: id, kind, externalId, fetchedAt, run } = record as NonNullable<typeof record>;
    const digest = sha256Hex(salt, content);
    const leaf = leafHash(sha256, leafContent({ version: 1, stream: id, kind, externalId, fetchedAt, run, digest }));
    expect(record?.leaf).toBe(Buffer.from(leaf).toString("hex"));
    expect(content).toBe('{"heads":[{"name":"main","oid":"a"}]}');
  });

  it("is the same again where salts and run ids are", async () => {
    const roots = [];
    for (let i = 0; i < 2; i += 1) {
      const folder = freshFolder();
      const repeated = await open(folder.path, { random: (bytes) => new Uint8Array(bytes).fill(7) });
      const run = await repeated.beginRun("collect");
      await repeated.append(run, batch([head("main", "a")]));
      roots.push(await repeated.endRun(run, "done"));
      await repeated.close();
      folder.remove();
    }
    expect(roots[0]).toEqual(roots[1]);
  });
});

describe("a run", () => {
  it("that died is marked interrupted, and its records come under the next checkpoint", async () => {
    const died = await store.beginRun("collect");
    await store.append(died, batch([head("main", "a")]));
    await store.close();
    store = await open(path);
    await collected("b");
    expect(await store.runs()).toMatchObject([
      { id: died, outcome: "interrupted", endedAt: "2026-11-02T03:00:00Z", records: 1 },
      { outcome: "done", records: 1 },
    ]);
    expect((await store.checkpoint())?.size).toBe(2);
    expect(await store.verify()).toEqual([]);
  });

  it("that died twice over is no sign of tampering", async () => {
    await collected("a");
    for (const oid of ["b", "c"]) {
      await store.append(await store.beginRun("collect"), batch([head("main", oid)]));
      await store.close();
      store = await open(path);
      expect(await store.verify()).toEqual([]);
    }
    await store.beginRun("collect");
    expect(await store.verify()).toEqual([]);
    await store.close();
    store = await open(path);
    await collected();
    expect((await store.checkpoint())?.size).toBe(3);
    expect(await store.verify()).toEqual([]);
  });

  it("ends once", async () => {
    const run = await store.beginRun("collect");
    await store.endRun(run, "failed");
    await expect(store.endRun(run, "done")).rejects.toThrow();
    await expect(store.endRun("unknown", "done")).rejects.toThrow();
    expect(await store.runs()).toMatchObject([{ outcome: "failed" }]);
  });
});

describe("evidence", () => {
  const evidence = [
    "record",
    "exchange",
    "leaf",
    "checkpoint",
    "coverage",
    "run",
    "body",
    "stream",
    "query_text",
    "migration",
  ];

  it.each(evidence)("in %s is neither changed nor removed", async (table) => {
    const run = await store.beginRun("collect");
    const coverage = { status: "complete", from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z" } as const;
    await store.append(run, batch([head("main", "a")], { coverage }));
    await store.endRun(run, "done");
    withShell(path, (file) => {
      const columns = file.prepare("SELECT name FROM pragma_table_info(?)").pluck().all(table) as string[];
      expect(file.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).not.toBe(0);
      for (const column of columns) {
        expect(() => file.exec(`UPDATE ${table} SET "${column}" = "${column}"`)).toThrow(/changed/);
      }
      expect(() => file.exec(`DELETE FROM ${table}`)).toThrow(/removed/);
    });
    expect(await store.verify()).toEqual([]);
  });

  it("may be erased, and only wholly and once", async () => {
    await collected("a");
    const erase = "UPDATE body SET content = NULL, salt = NULL, erased_at = '2026-11-03T00:00:00Z'";
    withShell(path, (file) => {
      expect(() => file.exec("UPDATE body SET content = NULL")).toThrow();
      expect(() => file.exec("UPDATE body SET content = NULL, erased_at = '2026-11-03T00:00:00Z'")).toThrow();
      expect(() => file.exec(`${erase}, digest = zeroblob(32)`)).toThrow(/only erased/);
      file.exec(erase);
      expect(() => file.exec(erase)).toThrow(/only erased/);
    });
  });
});

describe("verify names", () => {
  beforeEach(async () => {
    await collected("a", "b");
    await collected("c", "d");
  });

  async function tampered(table: string, statement: string): Promise<readonly string[]> {
    withShell(path, (file) => {
      file.pragma("foreign_keys = OFF");
      dropTriggers(file, table);
      expect(file.prepare(statement).run().changes).toBeGreaterThan(0);
    });
    return store.verify();
  }
  const r3 = /^r3 \(github\/4711\/commits, head main\): /;

  it.each([
    ["body", `UPDATE body SET content = replace(content, '"c"', '"x"') WHERE id = 3`],
    ["body", "UPDATE body SET salt = zeroblob(32) WHERE id = 3"],
    ["record", "UPDATE record SET fetched_at = '2026-01-01T00:00:00Z' WHERE id = 3"],
    ["record", "UPDATE record SET leaf = zeroblob(32) WHERE id = 3"],
    ["record", "UPDATE record SET body_id = 1 WHERE id = 3"],
    ["body", "UPDATE body SET dedupe = zeroblob(32) WHERE id = 3"],
  ])("the record whose %s was changed: %s", async (table, statement) => {
    const problems = await tampered(table, statement);
    expect(problems.filter((problem) => problem.startsWith("r"))).toEqual([expect.stringMatching(r3)]);
  });

  it("the records among which one was rewritten with a leaf that fits", async () => {
    const content = '{"heads":[{"name":"main","oid":"x"}]}';
    const salt = Buffer.alloc(32);
    const [record] = await store.records([3]);
    const { stream: id, kind, externalId, fetchedAt, run } = record as NonNullable<typeof record>;
    const digest = sha256(salt, content);
    const fields = {
      version: 1,
      stream: id,
      kind,
      externalId,
      fetchedAt,
      run,
      digest: digest.toString("hex"),
    } as const;
    withShell(path, (file) => {
      for (const table of ["body", "record"]) dropTriggers(file, table);
      file.prepare("UPDATE body SET content = ?, salt = ?, digest = ? WHERE id = 3").run(content, salt, digest);
      file.prepare("UPDATE record SET leaf = ? WHERE id = 3").run(leafHash(sha256, leafContent(fields)));
    });
    expect(await store.verify()).toContainEqual(expect.stringMatching(/another root, in r3 to r4/));
  });

  it("what follows a removed record", async () => {
    const problems = await tampered("record", "DELETE FROM record WHERE id = 2");
    expect(problems).toContainEqual(expect.stringMatching(/^r3 .*place 2 of the ledger instead of 1/));
    expect(problems).toContainEqual(expect.stringMatching(/is over 4 records, only 3 are left/));
  });

  it("a record added behind the ledger's back", async () => {
    const insert =
      "INSERT INTO record SELECT 9, stream, kind, 'forged', fetched_at, run, body_id, exchange_id, leaf FROM record WHERE id = 4";
    expect(await tampered("record", insert)).toContainEqual(
      expect.stringMatching(/^r9 .*no place in the ledger, though a checkpoint came after/),
    );
  });

  it("a checkpoint that was changed", async () => {
    const problems = await tampered("checkpoint", "UPDATE checkpoint SET root = zeroblob(32) WHERE id = 1");
    expect(problems).toEqual([expect.stringMatching(/over 2 records has another root/)]);
    const run = await store.beginRun("collect");
    await tampered("checkpoint", "UPDATE checkpoint SET root = zeroblob(32)");
    await expect(store.endRun(run, "done")).rejects.toThrow(/does not match its own frontier/);
  });

  it.each([
    [
      "UPDATE entity SET data = replace(data, '\"d\"', '\"x\"')",
      /branchHead github\/4711\/heads\/main: differs from its record r4/,
    ],
    ["UPDATE entity SET key = 'x'", /branchHead x: no readable record says so/],
    ["DELETE FROM entity", /branchHead github\/4711\/heads\/main: missing, though r4 says so/],
  ])("a projection that says something else than its record: %s", async (statement, problem) => {
    expect(await tampered("entity", statement)).toContainEqual(expect.stringMatching(problem));
    await store.rebuild();
    expect(await store.verify()).toEqual([]);
  });
});
