import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { migrations } from "../../migrations/index.ts";
import { freshFolder, open, rowsOf, stream } from "../unit/store/evidence-fixture.ts";
import { moments, rounds, timeFor } from "./rounds.ts";

let path: string;
let remove: () => void;
const children: ChildProcess[] = [];
beforeEach(() => {
  ({ path, remove } = freshFolder());
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  remove();
});

/** Starts a writer; `until` is called with each line that it prints. */
function writer(objects: number, until: (line: string) => void, ...more: string[]) {
  const script = fileURLToPath(new URL("store-writer.ts", import.meta.url));
  const child = spawn(process.execPath, [script, path, String(objects), ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let errors = "";
  child.stderr.on("data", (data) => {
    errors += data;
  });
  createInterface(child.stdout).on("line", until);
  return { child, ended: once(child, "close").then(() => errors) };
}

/** Resolves once a writer that holds on to its lock has written everything. */
async function holding(objects: number): Promise<ChildProcess> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { child } = writer(objects, (line) => line === String(objects) && resolve(), "hold");
  await promise;
  return child;
}

describe("a collector killed with -9", () => {
  it.each([
    { how: "", count: rounds(12), perBatch: 5, batches: 60, lines: 40, milliseconds: 5 },
    { how: "many", count: rounds(4), perBatch: 1_000, batches: 8, lines: 6, milliseconds: 60 },
  ])(
    "45: $count times over, it leaves what it acknowledged, whole batches of $perBatch only, and the next run converges",
    async ({ how, count, perBatch, batches, ...latest }) => {
      const perRound = batches * perBatch;
      const objects = count * perRound;
      const when = moments(`store killed ${how}`.trim());
      let acknowledged = 0;
      for (let round = 0; round < count; round += 1) {
        const [killAfter, later] = [when.int(0, latest.lines), when.int(0, latest.milliseconds)];
        let lines = 0;
        const until = (line: string) => {
          acknowledged = Math.max(acknowledged, Number(line) || 0);
          lines += 1;
          if (lines === killAfter + 1) setTimeout(() => child.kill("SIGKILL"), later);
        };
        const { child, ended } = writer((round + 1) * perRound, until, how);
        expect(await ended, `round ${round}, killed ${later} ms after line ${killAfter}`).toBe("");
        const store = await open(path, { readonly: true });
        const records = await store.recordsOfStream(stream().id);
        expect(records.length).toBeGreaterThanOrEqual(acknowledged);
        expect(records.length % perBatch).toBe(0);
        expect(Number((await store.cursors([stream().id])).get(stream().id) ?? 0)).toBe(records.length);
        expect(await store.verify()).toEqual([]);
        await store.close();
      }

      expect(await writer(objects, () => {}, how).ended).toBe("");
      const store = await open(path);
      const heads = await store.entities("branchHead");
      expect(heads.map(({ branch, oid }) => [branch, oid]).sort()).toEqual(
        Array.from({ length: objects }, (_, i) => [`branch-${i}`, `oid-${i}`]).sort(),
      );
      expect(await store.recordsOfStream(stream().id)).toHaveLength(objects);
      expect((await store.checkpoint())?.size).toBe(objects);
      expect((await store.runs()).every(({ outcome }) => outcome !== null)).toBe(true);
      expect(await store.verify()).toEqual([]);
      await store.close();
    },
    timeFor(rounds(12)),
  );
});

describe("a second writer", () => {
  it("50: is told who holds the store, and reads beside it", async () => {
    const { pid } = await holding(5);
    await expect(open(path).then((store) => store.lock("flowproof run"))).rejects.toMatchObject({
      code: "locked",
      exitCode: 75,
      message: expect.stringMatching(
        new RegExp(`pid ${pid} on host \\S+ since 2026-11-02T03:00:00Z \\(flowproof collect\\)`),
      ),
    });
    const reader = await open(path, { readonly: true });
    expect(await reader.entities("branchHead")).toHaveLength(5);
    expect(await reader.verify()).toEqual([]);
    await expect(reader.beginRun("report")).rejects.toThrow(/opened for reading/);
    await reader.close();
    expect(rowsOf(path, "run")).toHaveLength(1);
    const other = await open(path);
    await expect(other.beginRun("flowproof collect")).rejects.toMatchObject({ code: "locked" });
    await expect(other.rebuild()).rejects.toMatchObject({ code: "locked" });
    await other.close();
  });

  it("50: goes on as soon as the holder is killed, whatever its note says", async () => {
    const child = await holding(5);
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
    const store = await open(path);
    await store.lock("flowproof run");
    await expect(open(path).then((second) => second.lock("second"))).rejects.toThrow(`pid ${process.pid} on host`);
    await store.close();
    const third = await open(path);
    await third.lock("flowproof run");
    await third.close();
  });
});

it("50: two runs that race for an empty store leave one schema and one winner at a time", async () => {
  const results = await Promise.all([1, 2, 3].map(() => writer(20, () => {}).ended));
  expect(results.filter((errors) => errors === "").length).toBeGreaterThanOrEqual(1);
  for (const errors of results.filter(Boolean)) expect(errors).toMatch(/LockedError/);
  expect(rowsOf(path, "migration")).toHaveLength(migrations.length);
});
