import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrations } from "../../migrations/index.ts";
import { newSigningKey, signingKey } from "../../src/ledger/signing-key.ts";
import { backupStore, restoreStore } from "../../src/store/index.ts";
import { openStore } from "../../src/store/open-store.ts";
import { ConfigError, IntegrityError, LockedError } from "../../src/util/errors.ts";
import {
  batch,
  dropTriggers,
  freshFolder,
  head,
  open,
  optionsFor,
  rowsOf,
  withShell,
} from "../unit/store/evidence-fixture.ts";
import { moments, rounds, timeFor } from "./rounds.ts";

const key = signingKey(newSigningKey(), "flowproof/riverbank");
const script = fileURLToPath(new URL("store-backup.ts", import.meta.url));

let path: string;
let copy: string;
let remove: () => void;
beforeEach(async () => {
  ({ path, remove } = freshFolder());
  copy = join(dirname(path), "copy.db");
  await collected("a", "b");
});
afterEach(() => remove());

async function collected(...oids: string[]) {
  const store = await open(path, { signer: key });
  try {
    const run = await store.beginRun("collect");
    for (const oid of oids) await store.append(run, batch([head("main", oid)]));
    return await store.endRun(run, "done");
  } finally {
    await store.close();
  }
}

async function stateOf(file: string) {
  const store = await open(file, { readonly: true });
  try {
    return { problems: await store.verify(key), checkpoint: await store.checkpoint() };
  } finally {
    await store.close();
  }
}

const backup = () => backupStore(optionsFor(path), copy, { key });
const restore = (discardLater = false) => restoreStore(optionsFor(path), copy, { discardLater, key });
const files = (): readonly string[] => readdirSync(dirname(path)).sort();

describe("a backup", () => {
  it("is one file with its signed checkpoint beside it, holds what the store holds, and only its owner reads it", async () => {
    const before = await stateOf(path);
    expect(await backup()).toEqual({ file: copy, bytes: statSync(copy).size, checkpoint: before.checkpoint });
    expect(before.checkpoint?.note).toBeDefined();
    expect(await stateOf(copy)).toEqual({ problems: [], checkpoint: before.checkpoint });
    expect(JSON.parse(readFileSync(`${copy}.checkpoint.json`, "utf8"))).toEqual(before.checkpoint);
    expect(statSync(copy).mode & 0o077).toBe(0);
    expect(files().filter((name) => /partial|copy.db-/.test(name))).toEqual([]);
  });

  it("is taken while a run is under way, with what was stored until then", async () => {
    const store = await open(path, { signer: key });
    const run = await store.beginRun("collect");
    await store.append(run, batch([head("main", "c")]));
    await backup();
    await store.append(run, batch([head("main", "d")]));
    await store.endRun(run, "done");
    await store.close();
    expect(rowsOf(copy, "record")).toHaveLength(3);
    expect((await stateOf(copy)).problems).toEqual([]);
  });

  it("overwrites nothing, and says where its folder is missing", async () => {
    writeFileSync(copy, "mine");
    await expect(backup()).rejects.toThrow(ConfigError);
    expect(readFileSync(copy, "utf8")).toBe("mine");
    await expect(backupStore(optionsFor(path), join(dirname(path), "no", "copy.db"))).rejects.toThrow(
      /folder is not there/,
    );
  });

  it.skipIf(process.platform !== "linux")(
    "onto what takes no file is no damage: another file is asked for",
    async () => {
      await expect(backupStore(optionsFor(path), "/proc/copy.db")).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/^\/proc\/copy\.db\.partial cannot be written to \(SQLITE_CANTOPEN: /),
        hint: "Name another file.",
      });
    },
  );

  it("of a store that was tampered with, or put back, is not kept, and what is wrong is named", async () => {
    withShell(path, (file) => {
      dropTriggers(file, "body");
      file.exec(`UPDATE body SET content = '{"heads":[]}' WHERE id = 1`);
    });
    await expect(backup()).rejects.toThrow(/r1 \(github\/4711\/commits, head main\): its body is not the one/);
    await expect(backup()).rejects.toBeInstanceOf(IntegrityError);
    const witness = JSON.parse(readFileSync(`${path}.checkpoint.json`, "utf8"));
    writeFileSync(`${path}.checkpoint.json`, JSON.stringify({ ...witness, note: undefined, size: 9 }));
    await expect(backup()).rejects.toThrow(/put back to an earlier state/);
    expect(files().filter((name) => name.startsWith(basename(copy)))).toEqual([]);
  });

  it("leaves nothing behind on a disk that is full", async () => {
    const limited = ["-c", 'ulimit -f 100; exec "$0" "$@"', process.execPath, script, "backup", path, copy];
    const { status, stderr } = spawnSync("sh", limited, { encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toMatch(/IntegrityError: .*the disk refused a write \(SQLITE_(FULL|IOERR)/);
    expect(files().filter((name) => name.startsWith(basename(copy)))).toEqual([]);
    expect((await stateOf(path)).problems).toEqual([]);
  });
});

describe("restoring", () => {
  it("brings back a store that is lost, and collecting goes on", async () => {
    const { checkpoint } = await backup();
    for (const name of files().filter((each) => each.startsWith(basename(path)))) rmSync(join(dirname(path), name));
    expect(await restore()).toMatchObject({ file: path, checkpoint, discarded: [], noted: true });
    expect(await stateOf(path)).toEqual({ problems: [], checkpoint });
    expect((await collected("c")).size).toBe(3);
    expect((await stateOf(path)).problems).toEqual([]);
  });

  it("discards a later checkpoint only when asked to, and names it", async () => {
    const { checkpoint } = await backup();
    const later = await collected("c");
    const refused = restore();
    await expect(refused).rejects.toBeInstanceOf(ConfigError);
    await expect(refused).rejects.toThrow(
      `holds a run that the backup does not, with a checkpoint of ${later.at} over 3 records`,
    );
    expect((await stateOf(path)).checkpoint).toEqual(later);
    const { discarded } = await restore(true);
    expect(discarded).toContainEqual(expect.stringMatching(/holds a run that the backup does not/));
    expect(await stateOf(path)).toEqual({ problems: [], checkpoint });
    expect(files().filter((name) => /restoring/.test(name))).toEqual([]);
  });

  it("asks before it replaces a store that cannot be read, and then replaces it", async () => {
    const { checkpoint } = await backup();
    truncateSync(path, 5_000);
    await expect(restore()).rejects.toThrow(/what .* holds cannot be read/);
    await restore(true);
    expect(await stateOf(path)).toEqual({ problems: [], checkpoint });
  });

  it("waits for nobody: while the store is written or read, it is refused", async () => {
    await backup();
    const writer = await open(path);
    await writer.lock("flowproof collect");
    await expect(restore()).rejects.toBeInstanceOf(LockedError);
    await writer.close();
    const reader = await open(path, { readonly: true });
    await expect(restore()).rejects.toThrow(/is being read/);
    await reader.close();
    await restore();
    expect((await stateOf(path)).problems).toEqual([]);
  });

  it("refuses a backup in which a record was changed, and leaves the store as it is", async () => {
    await backup();
    withShell(copy, (file) => {
      dropTriggers(file, "body");
      file.exec(`UPDATE body SET content = '{"heads":[]}' WHERE id = 2`);
    });
    const before = await stateOf(path);
    await expect(restore()).rejects.toThrow(/copy\.db does not verify.*\n.*r2 \(/);
    expect(await stateOf(path)).toEqual(before);
  });

  it("names a record that cannot even be read any more", async () => {
    await backup();
    withShell(copy, (file) => {
      dropTriggers(file, "body");
      file.exec("UPDATE body SET content = '{' WHERE id = 1");
    });
    await expect(restore()).rejects.toThrow(/r1 \(github\/4711\/commits, head main\): its body is not the one/);
  });

  it("leaves the store as it is on a disk that is full", async () => {
    await backup();
    const before = await stateOf(path);
    const limited = ["-c", 'ulimit -f 100; exec "$0" "$@"', process.execPath, script, "restore", path, copy];
    expect(spawnSync("sh", limited, { encoding: "utf8" }).status).toBe(1);
    expect(await stateOf(path)).toEqual(before);
    expect(files().filter((name) => /restoring/.test(name))).toEqual([]);
  });

  it("migrates a backup that an older version wrote", async () => {
    const old = await openStore(optionsFor(copy), { migrations: migrations.slice(0, 1) });
    await old.close();
    const { discarded } = await restore(true);
    expect(discarded).toHaveLength(2);
    expect(rowsOf(path, "migration")).toHaveLength(migrations.length);
    expect((await collected("z")).size).toBe(1);
    expect((await stateOf(path)).problems).toEqual([]);
    expect(files().filter((name) => /restoring|backup-/.test(name))).toEqual([]);
  });

  it("52: refuses a copy made by hand without its log, by the checkpoint noted beside it", async () => {
    const store = await open(path, { signer: key });
    const run = await store.beginRun("collect");
    await store.append(run, batch([head("main", "c")]));
    await store.endRun(run, "done");
    copyFileSync(path, copy);
    copyFileSync(`${path}.checkpoint.json`, `${copy}.checkpoint.json`);
    const wal = readFileSync(`${path}-wal`);
    await store.close();
    await expect(restore(true)).rejects.toThrow(/copy\.db does not hold its checkpoint of \S+ over 3 records/);
    writeFileSync(`${copy}-wal`, wal);
    expect(await restore(true)).toMatchObject({ checkpoint: { size: 3 } });
    expect((await stateOf(path)).problems).toEqual([]);
  });

  it("tells that no checkpoint is noted beside a backup", async () => {
    await backup();
    rmSync(`${copy}.checkpoint.json`);
    expect(await restore()).toMatchObject({ noted: false });
  });

  it("refuses what is not there, and the store itself", async () => {
    await expect(restore()).rejects.toThrow(/there is no backup/);
    await expect(restoreStore(optionsFor(path), path, { discardLater: true })).rejects.toThrow(/is the store itself/);
  });

  const tries = rounds(8);
  it(`killed at any moment leaves the store as it was or as the backup has it (${tries} rounds)`, {
    timeout: timeFor(tries),
  }, async () => {
    await backup();
    const outcomes = new Set<string>();
    const { wait } = await restoring();
    const whole = await wait;
    const moment = moments("restore");
    for (let round = 0; round < tries; round += 1) {
      const old = await collected("c", "d");
      const { child, wait } = await restoring();
      await sleep(whole * moment.next());
      child.kill("SIGKILL");
      await wait;
      const { problems, checkpoint } = await stateOf(path);
      expect(problems).toEqual([]);
      outcomes.add(checkpoint?.root === old.root ? "old" : `${checkpoint?.size} records`);
      await restore(true);
    }
    expect(["old", "2 records"]).toEqual(expect.arrayContaining([...outcomes]));
    expect((await stateOf(path)).checkpoint).toEqual((await stateOf(copy)).checkpoint);
  });

  /** A process that has begun to restore, and how long it takes from then on. */
  async function restoring(): Promise<{ child: ChildProcess; wait: Promise<number> }> {
    const child = spawn(process.execPath, [script, "restore", path, copy], { stdio: ["ignore", "pipe", "ignore"] });
    const ended = once(child, "exit");
    await once(child.stdout as NodeJS.ReadableStream, "data");
    const began = performance.now();
    return { child, wait: ended.then(() => performance.now() - began) };
  }
});
