import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { migrations } from "../../migrations/index.ts";
import { verifyManifest } from "../../src/pack/manifest.ts";
import { packageRoot } from "../../src/util/root.ts";
import { batch, head, open, rowsOf, stream } from "../unit/store/evidence-fixture.ts";
import {
  type Baseline,
  baselineOf,
  expectConverged,
  expectIntact,
  type Organisation,
  organisation,
  type Place,
} from "./organisation.ts";
import { moments, rounds, timeFor } from "./rounds.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "flowproof-disk-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const main = join(packageRoot(), "src", "cli", "main.ts");
const packWriter = fileURLToPath(new URL("pack-writer.ts", import.meta.url));
const storeMigrator = fileURLToPath(new URL("store-migrator.ts", import.meta.url));

/** Runs a shell script with arguments to its end; `$0` is Node. */
async function shell(text: string, args: readonly string[], cwd: string) {
  const child = spawn("sh", ["-c", text, process.execPath, ...args], {
    cwd,
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      FLOWPROOF_SANDBOX_TOKEN: "any",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data) => {
    stdout += data;
  });
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  const [code] = await once(child, "close");
  return { code: code as number | null, stdout, stderr };
}

/** A limit on the size of files, in blocks of 512 bytes: beyond it a write fails, as on a full disk. */
const limited = (blocks: number): string => `ulimit -f ${blocks}; exec "$0" "$@"`;

const works = (text: string): boolean => spawnSync("sh", ["-c", text, tmpdir()], { stdio: "ignore" }).status === 0;
const mountable = works(`unshare -rm sh -c 'mount -t tmpfs -o size=64k tmpfs "$0"' "$0"`);
const traceable = works("strace -f -qq -o /dev/null -e trace=fdatasync -e inject=fdatasync:error=EIO true");

describe("47: collecting onto a disk that refuses", () => {
  let riverbank: Organisation;
  let calm: Baseline;
  let place: Place;
  beforeAll(async () => {
    riverbank = await organisation({ changes: 60 });
    const undisturbed = riverbank.place();
    await undisturbed.collect();
    calm = await baselineOf(undisturbed);
  });
  afterAll(() => riverbank.close());
  beforeEach(() => {
    place = riverbank.place();
    place.context();
  });

  it("47: to let a file grow: exit code 5 with what to do, and the next run goes on from what was stored", async () => {
    const { code, stdout, stderr } = await shell(limited(1200), [main, "collect"], place.folder);
    expect(code, stderr).toBe(5);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/flowproof\.db: the disk refused a write \(SQLITE_\w+: .*\)\n.*Free space/);
    expect(place.said().records.length).toBeGreaterThan(0);
    await expectIntact(place);
    await expectConverged(place, calm);
  });

  it.skipIf(!mountable)("47: because it is full (a small file system of its own): the same", async () => {
    const small = join(place.folder, "small");
    mkdirSync(small);
    const text = `mount -t tmpfs -o size=1800k tmpfs "$2" && cp flowproof.config.yaml "$2" && cd "$2" || exit 99
      "$0" "$1" collect; echo "full $?"
      mount -o remount,size=200m "$2"
      cp flowproof.db* ..
      "$0" "$1" collect > /dev/null; echo "freed $?"`;
    const { stdout, stderr } = await shell(`exec unshare -rm sh -c '${text}' "$0" "$@"`, [main, small], place.folder);
    expect(stdout, stderr).toBe("full 5\nfreed 0\n");
    expect(stderr).toMatch(/the disk refused a write \(SQLITE_(FULL|IOERR\w*): /);
    // What the full disk held.
    await expectIntact(place);
    await expectConverged(place, calm);
  });

  it.skipIf(!traceable)("47: to sync (an error injected into the system call): the same", async () => {
    const inject = "-e trace=fdatasync,fsync -e inject=fdatasync,fsync:error=EIO:when=12+";
    const { code, stderr } = await shell(
      `exec strace -f -qq -o /dev/null ${inject} "$0" "$@"`,
      [main, "collect"],
      place.folder,
    );
    expect(code, stderr).toBe(5);
    expect(stderr).toContain("the disk refused a write (SQLITE_IOERR_FSYNC");
    await expectIntact(place);
    await expectConverged(place, calm);
  });
});

it("47: a commit that failed and is there all the same is seen on opening again, and not stored twice", async () => {
  const path = join(folder, "evidence.db");
  const store = await open(path);
  const run = await store.beginRun("collect");
  await store.append(run, batch([head("main", "a")], { cursor: "1" }));
  const prepare = Database.prototype.prepare;
  let failing = true;
  // SQLite as it was measured: after an error of fsync the transaction is stored, though it was called failed.
  vi.spyOn(Database.prototype, "prepare").mockImplementation(function (this: Database.Database, sql: string) {
    const statement = prepare.call(this, sql);
    if (sql !== "commit" || !failing) return statement;
    const run = () => {
      statement.run([]);
      throw new Database.SqliteError("disk I/O error", "SQLITE_IOERR_FSYNC");
    };
    return { reader: false, run } as unknown as typeof statement;
  });
  await expect(store.append(run, batch([head("next", "b")], { cursor: "2" }))).rejects.toMatchObject({
    code: "integrity",
    exitCode: 5,
    message: expect.stringContaining("SQLITE_IOERR_FSYNC"),
  });
  failing = false;
  await expect(store.append(run, batch([head("next", "c")]))).rejects.toThrow("the disk refused a write");
  await store.close();

  const again = await open(path);
  expect(await again.cursors([stream().id])).toEqual(new Map([[stream().id, "2"]]));
  const next = await again.beginRun("collect");
  expect(await again.append(next, batch([head("next", "b")], { cursor: "2" }))).toEqual({ added: 0 });
  expect((await again.endRun(next, "done")).size).toBe(2);
  expect(await again.verify()).toEqual([]);
  await again.close();
});

describe("48: a pack", () => {
  const lines = (stdout: string) =>
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("48: that the disk has no room for is not there in part, and the draft before it stays", async () => {
    const target = join(folder, "riverbank-2026-10");
    const { stdout, stderr } = await shell(limited(200), [packWriter, target, "1000000"], folder);
    expect(lines(stdout), stderr).toEqual([
      { error: "EFBIG", names: [], differences: [expect.stringContaining("ENOENT")] },
    ]);
    const both = await shell(limited(200), [packWriter, target, "50000", "1000000"], folder);
    const kept = { names: ["riverbank-2026-10"], differences: [] };
    expect(lines(both.stdout)).toEqual([
      { error: null, ...kept },
      { error: "EFBIG", ...kept },
    ]);
  });

  it.skipIf(!mountable)(
    "48: that fills its file system is not there in part, and the draft before it stays",
    async () => {
      const target = join(folder, "small", "riverbank-2026-10");
      mkdirSync(join(folder, "small"));
      const text = `mount -t tmpfs -o size=400k tmpfs small && exec "$0" "$@"`;
      const { stdout, stderr } = await shell(
        `exec unshare -rm sh -c '${text}' "$0" "$@"`,
        [packWriter, target, "100000", "900000", "120000"],
        folder,
      );
      const kept = { names: ["riverbank-2026-10"], differences: [] };
      expect(lines(stdout), stderr).toEqual([
        { error: null, ...kept },
        { error: "ENOSPC", ...kept },
        { error: null, ...kept },
      ]);
    },
  );

  const count = rounds(6);
  it(
    `48: whose writer is killed with -9, ${count} times over, is whole under its name or not there, and no draft is lost`,
    async () => {
      const target = join(folder, "riverbank-2026-10");
      const when = moments("pack killed");
      const sizes = Array.from({ length: 200 }, () => "40000");
      let written = false;
      for (let round = 0; round < count; round++) {
        const child = spawn(process.execPath, [packWriter, target, ...sizes], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        const closed = once(child, "close");
        await once(child.stdout, "data");
        await sleep(when.int(0, 60));
        child.kill("SIGKILL");
        await closed;
        written = true;
        if (existsSync(target)) expect(await verifyManifest(target)).toEqual([]);
        else expect(readdirSync(folder).filter((name) => name.endsWith(".old"))).toHaveLength(1);
      }
      expect(written).toBe(true);
      const { stdout } = await shell(`exec "$0" "$@"`, [packWriter, target, "50"], folder);
      expect(lines(stdout)).toEqual([expect.objectContaining({ error: null, differences: [] })]);
    },
    timeFor(count),
  );

  it("48: set aside by a writer that died between its renames goes back under its name", async () => {
    const target = join(folder, "riverbank-2026-10");
    await shell(`exec "$0" "$@"`, [packWriter, target, "50"], folder);
    await shell(`mv "$1" "$2"`, [target, join(folder, ".riverbank-2026-10.0123abcd.old")], folder);
    const { stdout } = await shell(limited(8), [packWriter, target, "9000"], folder);
    expect(lines(stdout)).toEqual([{ error: "EFBIG", names: ["riverbank-2026-10"], differences: [] }]);
  });
});

it("51: a migration killed with -9 half-way leaves the store as it was, and its copy beside it", async () => {
  const path = join(folder, "evidence.db");
  const store = await open(path);
  const run = await store.beginRun("collect");
  await store.append(run, batch([head("main", "a"), head("next", "b")]));
  await store.endRun(run, "done");
  await store.close();
  const before = [rowsOf(path, "sqlite_master", "type, name, sql", "type, name"), rowsOf(path, "record")];
  const child = spawn(process.execPath, [storeMigrator, path], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await closed;
  copyFileSync(`${path}.backup-${migrations.length}`, join(folder, "copy.db"));
  for (const each of [path, join(folder, "copy.db")]) {
    expect([rowsOf(each, "sqlite_master", "type, name, sql", "type, name"), rowsOf(each, "record")]).toEqual(before);
    const again = await open(each);
    expect(await again.verify()).toEqual([]);
    expect((await again.checkpoint())?.size).toBe(2);
    await again.close();
  }
});
