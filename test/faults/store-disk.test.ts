import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Migration } from "../../migrations/index.ts";
import { migrations } from "../../migrations/index.ts";
import { openStore } from "../../src/store/open-store.ts";
import {
  batch,
  freshFolder,
  head,
  open,
  optionsFor,
  rowsOf,
  stream,
  withShell,
} from "../unit/store/evidence-fixture.ts";
import { moments, rounds, timeFor } from "./rounds.ts";

let path: string;
let remove: () => void;
beforeEach(() => {
  ({ path, remove } = freshFolder());
});
afterEach(() => remove());

async function filled(): Promise<void> {
  const store = await open(path);
  const run = await store.beginRun("collect");
  await store.append(run, batch([head("main", "a"), head("next", "b")]));
  await store.endRun(run, "done");
  await store.close();
}

const schemaOf = (): unknown[] => rowsOf(path, "sqlite_master", "type, name, sql", "type, name");

describe("a full disk", () => {
  it("47: stops with an error, nothing is half written, and a run after it goes on", async () => {
    await filled();
    const pages = withShell(path, (file) => file.pragma("page_count", { simple: true })) as number;
    const full = await openStore(optionsFor(path), { maxPages: pages + 4 });
    const run = await full.beginRun("collect");
    const big = Array.from({ length: 50 }, (_, i) => ({
      kind: "head",
      externalId: `${i}`,
      body: { text: `${i}`.repeat(5_000) },
    }));
    await expect(full.append(run, batch(big, { cursor: "after" }))).rejects.toMatchObject({
      code: "integrity",
      message: expect.stringMatching(/evidence\.db: the disk refused a write/),
      hint: expect.stringMatching(/run again/),
    });
    await expect(full.append(run, batch([head("main", "c")]))).rejects.toThrow(/the disk refused a write/);
    await full.close();

    const store = await open(path);
    expect(await store.recordsOfStream(stream().id)).toHaveLength(2);
    expect(await store.cursors([stream().id])).toEqual(new Map());
    expect(await store.verify()).toEqual([]);
    const next = await store.beginRun("collect");
    expect(await store.append(next, batch(big, { cursor: "after" }))).toEqual({ added: 50 });
    expect((await store.endRun(next, "done")).size).toBe(52);
    expect(await store.verify()).toEqual([]);
    expect((await store.runs()).map(({ outcome }) => outcome)).toEqual(["done", "interrupted", "done"]);
    await store.close();
  });
});

describe("a write-ahead log cut anywhere", () => {
  const count = rounds(40);
  it(
    `46: ${count} times over, it opens to a prefix of what was acknowledged, whole batches only`,
    async () => {
      const where = moments("torn log");
      const store = await open(path);
      const run = await store.beginRun("collect");
      for (let i = 0; i < 8; i += 1) await store.append(run, batch([head(`a${i}`, "a"), head(`b${i}`, "b")]));
      const copies = ["", "-wal"].map((suffix) => readFileSync(path + suffix));
      await store.close();
      const [database, log] = copies as [Buffer, Buffer];
      const sizes = new Set<number>();
      for (let round = 0; round < count; round += 1) {
        const torn = join(dirname(path), `torn-${round}.db`);
        writeFileSync(torn, database);
        writeFileSync(`${torn}-wal`, log);
        truncateSync(`${torn}-wal`, Math.floor((log.length * (round + where.next())) / count));
        // Before the schema was there, the same file is a new store.
        const opened = await open(torn);
        const records = await opened.recordsOfStream(stream().id);
        expect(records.length % 2).toBe(0);
        expect(await opened.verify()).toEqual([]);
        sizes.add(records.length);
        await opened.close();
      }
      expect(sizes.size).toBeGreaterThan(3);
    },
    timeFor(count),
  );
});

const known = migrations.length;

describe("a migration", () => {
  const next = (up: Migration["up"]): readonly Migration[] => [...migrations, { name: "2027-01-01-next", up }];
  const good = next(async (db) => void (await sql`CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT`.execute(db)));

  it("51: is preceded by a copy of the store and recorded with its version", async () => {
    await filled();
    const before = schemaOf();
    const store = await openStore(optionsFor(path, { toolVersion: "0.2.0" }), { migrations: good });
    expect(await store.entities("branchHead")).toHaveLength(2);
    await store.close();
    expect(rowsOf(path, "migration")).toMatchObject([
      ...migrations.map(({ name }, index) => ({ version: index + 1, name, tool: "0.1.0" })),
      { version: known + 1, name: "2027-01-01-next", tool: "0.2.0" },
    ]);
    const copy = await open(`${path}.backup-${known}`);
    expect(await copy.verify()).toEqual([]);
    expect(await copy.entities("branchHead")).toHaveLength(2);
    await copy.close();
    expect(rowsOf(`${path}.backup-${known}`, "sqlite_master", "type, name, sql", "type, name")).toEqual(before);
  });

  it("51: that fails half-way leaves the store as it was", async () => {
    await filled();
    const before = [schemaOf(), rowsOf(path, "record"), rowsOf(path, "migration")];
    const failing = next(async (db) => {
      await sql`CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT`.execute(db);
      await sql`ALTER TABLE record ADD COLUMN more TEXT`.execute(db);
      throw new Error("the power went");
    });
    await expect(openStore(optionsFor(path), { migrations: failing })).rejects.toMatchObject({
      code: "integrity",
      message: expect.stringContaining(
        `migration ${known + 1} (2027-01-01-next) failed and was undone: the power went`,
      ),
      hint: expect.stringContaining(`${path}.backup-${known}`),
    });
    expect([schemaOf(), rowsOf(path, "record"), rowsOf(path, "migration")]).toEqual(before);
    const store = await open(path);
    expect(await store.verify()).toEqual([]);
    await store.close();
  });

  it("51: is not run on a new store's account: there is nothing to copy", async () => {
    await filled();
    expect(readdirSync(dirname(path)).filter((name) => name.includes("backup"))).toEqual([]);
  });

  it("51: is left to a writer: who only reads says so and changes nothing", async () => {
    await filled();
    const old = openStore(optionsFor(path, { readonly: true }), { migrations: good });
    await expect(old).rejects.toMatchObject({ code: "config", message: expect.stringMatching(/older flowproof/) });
    expect(rowsOf(path, "migration")).toHaveLength(known);
  });

  it("51: is not started while another process holds the store", async () => {
    await filled();
    const holder = await open(path);
    await holder.lock("flowproof collect");
    await expect(openStore(optionsFor(path), { migrations: good })).rejects.toMatchObject({ code: "locked" });
    await holder.close();
    expect(rowsOf(path, "migration")).toHaveLength(known);
  });
});

describe("refused, and left as it is", () => {
  async function refused(code: string, message: RegExp, readonly = false): Promise<void> {
    const before = existsSync(path) ? readFileSync(path) : undefined;
    await expect(open(path, { readonly })).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    if (before) expect(readFileSync(path)).toEqual(before);
  }

  it("51: a store with a newer schema, both versions named", async () => {
    await filled();
    withShell(path, (file) =>
      file.exec(`INSERT INTO migration VALUES (${known + 1}, '2027-01-01-next', '2027-01-01T00:00:00Z', '9.9.9')`),
    );
    const newer = new RegExp(
      `schema ${known + 1} \\(2027-01-01-next, by flowproof 9\\.9\\.9\\).* 0\\.1\\.0 knows up to ${known} `,
    );
    await refused("integrity", newer);
    await refused("integrity", newer, true);
  });

  it("a file that is no database, and another program's", async () => {
    writeFileSync(
      path,
      "a note to self, which is long enough to be taken for a database's header by nobody at all".repeat(20),
    );
    await refused("integrity", /is no flowproof store/);
    writeFileSync(path, "");
    withShell(path, (file) => file.exec("CREATE TABLE bookmarks (url TEXT)"));
    await refused("integrity", /another program/);
  });

  it("a store that is not there, to a reader; a folder that is not there, to a writer", async () => {
    await refused("config", /there is no store/, true);
    expect(existsSync(path)).toBe(false);
    path = join(dirname(path), "missing", basename(path));
    await refused("config", /cannot be opened/);
  });
});

it("damage in the file is found by verify", async () => {
  await filled();
  const page = withShell(path, (file) => {
    file.pragma("wal_checkpoint(TRUNCATE)");
    return file.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'record_of_object'").pluck().get();
  }) as number;
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(512, 7), 0, 512, page * 4096 - 512);
  closeSync(file);
  const store = await open(path, { readonly: true });
  const problems = await store.verify();
  expect(problems.join("\n")).toMatch(/the database file is damaged/);
  await store.close();
});

it("the store is readable by its owner alone", async () => {
  await filled();
  expect(statSync(path).mode & 0o077).toBe(0);
});
