import { copyFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withStore } from "../../src/pipeline/open.ts";
import { type Ended, run, type Started, start } from "../e2e/flowproof-process.ts";
import {
  type Baseline,
  baselineOf,
  expectConverged,
  expectIntact,
  type Organisation,
  organisation,
  type Place,
  reading,
} from "./organisation.ts";
import { moments, rounds, timeFor } from "./rounds.ts";

let riverbank: Organisation;
let undisturbed: Place;
let calm: Baseline;
beforeAll(async () => {
  riverbank = await organisation({ changes: 60 });
  undisturbed = riverbank.place();
  await undisturbed.collect();
  calm = await baselineOf(undisturbed);
});
afterAll(() => riverbank.close());

const env = { FLOWPROOF_SANDBOX_TOKEN: "any" };
const requests = (): number => riverbank.sandbox.stats().requests;

/** A place to which the source answers slowly, so that there is something to interrupt. */
function slowPlace(milliseconds = 15): Place {
  const place = riverbank.place();
  place.context();
  riverbank.sandbox.setFaults(`slow:${milliseconds}`);
  return place;
}

/** Starts collecting, and gives it when the source got that many requests of it, or it has ended. */
async function started(place: Place, asked: number): Promise<Started> {
  const before = requests();
  const process = start(["collect"], { cwd: place.folder, env });
  let over = false;
  void process.ended.then(() => {
    over = true;
  });
  while (!over && requests() < before + asked) await sleep(2);
  return process;
}

const collectAsCron = (place: Place): Promise<Ended> => run(["collect"], { cwd: place.folder, env });

const hasSchema = ({ store }: Place): boolean =>
  existsSync(store) && reading(store, (file) => file.prepare("SELECT count(*) FROM sqlite_master").pluck().get()) !== 0;

const runsOf = (place: Place) => withStore(place.context(), { write: false }, (store) => store.runs());

describe("collecting that is killed with -9", () => {
  const count = rounds(4);
  it(
    `45: ${count} times over, it keeps all it had, and ends with the records, population and outcomes of an undisturbed run`,
    async () => {
      const place = slowPlace();
      const when = moments("collecting killed");
      let held: readonly string[] = [];
      let cut = 0;
      for (let round = 0; round < count; round++) {
        const asked = when.int(0, 24);
        const { child, ended } = await started(place, asked);
        await sleep(asked === 0 ? when.int(0, 600) : when.int(0, 40));
        child.kill("SIGKILL");
        if ((await ended).code === null) cut++;
        if (!hasSchema(place)) continue;
        await expectIntact(place);
        const now = place.said().records;
        const still = new Set(now);
        expect(held.filter((record) => !still.has(record))).toEqual([]);
        held = now;
      }
      expect(cut).toBeGreaterThan(count / 2);
      riverbank.sandbox.setFaults(undefined);
      expect(await collectAsCron(place)).toMatchObject({ code: 0 });
      await expectConverged(place, calm);
      for (const { outcome } of await runsOf(place)) expect(["interrupted", "done"]).toContain(outcome);
    },
    timeFor(count),
  );
});

describe("collecting that is asked to end", () => {
  const count = rounds(2);
  it(
    `49: by SIGTERM in a page, ${count} times over, it ends with 143, whole pages only, the run marked interrupted`,
    async () => {
      const when = moments("SIGTERM");
      for (let round = 0; round < count; round++) {
        const place = slowPlace(50);
        const { child, ended } = await started(place, when.int(3, 7));
        await sleep(when.int(0, 30));
        child.kill("SIGTERM");
        const { code, stderr } = await ended;
        expect(code, stderr).toBe(143);
        expect(stderr).toContain("interrupted; what was stored is whole");
        expect((await runsOf(place)).map(({ outcome }) => outcome)).toEqual(["interrupted"]);
        await expectIntact(place);
        // What a run stored it said so, exchange by exchange: no page is there in part.
        const torn = reading(place.store, (file) =>
          file
            .prepare(
              "SELECT id FROM exchange WHERE added <> (SELECT count(*) FROM record WHERE exchange_id = exchange.id)",
            )
            .all(),
        );
        expect(torn).toEqual([]);
        riverbank.sandbox.setFaults(undefined);
        await expectConverged(place, calm);
      }
    },
    timeFor(count),
  );
});

describe("two runs at once", () => {
  it("50: the second is told who holds the store, reading goes on, and a lock left by a killed run is no obstacle", async () => {
    const place = slowPlace(400);
    const first = await started(place, 2);
    const second = await collectAsCron(place);
    expect(second).toMatchObject({ code: 75, stdout: "" });
    expect(second.stderr).toContain(`pid ${first.child.pid}`);
    expect((await run(["status"], { cwd: place.folder, env })).stderr).toBe("");
    first.child.kill("SIGKILL");
    await first.ended;
    expect(existsSync(`${place.store}.lock.json`)).toBe(true);
    riverbank.sandbox.setFaults(undefined);
    expect(await collectAsCron(place)).toMatchObject({ code: 0 });
    expect(existsSync(`${place.store}.lock.json`)).toBe(false);
    await expectConverged(place, calm);
  });
});

it("51: a store that a newer flowproof wrote is left as it is by every command, with exit code 5", async () => {
  const place = riverbank.place();
  place.context();
  place.restore(undisturbed);
  const file = new Database(place.store);
  file.exec("INSERT INTO migration VALUES (99, '2099-01-01-later', '2099-01-01T00:00:00Z', '9.9.9')");
  file.pragma("wal_checkpoint(TRUNCATE)");
  file.close();
  const before = readFileSync(place.store);
  const commands = [["collect"], ["report", "--period", "2026-10"], ["status"], ["rebuild"]];
  const ended = await Promise.all(commands.map((command) => run(command, { cwd: place.folder, env })));
  for (const { code, stderr } of ended) {
    expect(code, stderr).toBe(5);
    expect(stderr).toContain("Use flowproof 9.9.9 or newer");
  }
  expect(readFileSync(place.store).equals(before)).toBe(true);
});

describe("a backup", () => {
  it("52: restored without its write-ahead log does not match its checkpoint, which is said before anything is built on it", async () => {
    const place = riverbank.place();
    await place.collect("forbidden:reviews");
    const reader = new Database(place.store, { readonly: true });
    // A reader that stays keeps the second run in the log.
    reader.exec("BEGIN; SELECT count(*) FROM record");
    await place.collect();
    const whole = place.said();
    copyFileSync(place.store, `${place.store}.copy`);
    reader.close();

    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${place.store}${suffix}`, { force: true });
    copyFileSync(`${place.store}.copy`, place.store);
    expect(place.said().records.length).toBeLessThan(whole.records.length);
    const mismatch = {
      code: "integrity",
      message: expect.stringMatching(/does not hold its checkpoint of \S+ over \d+ records with the root [0-9a-f]{64}/),
    };
    await expect(place.collect()).rejects.toMatchObject(mismatch);
    await expect(place.assess()).rejects.toMatchObject(mismatch);
    expect(await withStore(place.context(), { write: false }, (store) => store.verify())).toEqual([mismatch.message]);
    expect(await collectAsCron(place)).toMatchObject({ code: 5, stderr: expect.stringContaining("-wal file") });

    rmSync(`${place.store}.checkpoint.json`);
    await place.collect();
    await expectIntact(place);
    expect(place.said().entities).toEqual(whole.entities);
  });

  it("52: restored with its log is taken as it was", async () => {
    const place = riverbank.place();
    place.restore(undisturbed);
    const reader = new Database(place.store, { readonly: true });
    reader.exec("BEGIN; SELECT count(*) FROM record");
    await place.collect();
    for (const suffix of ["", "-wal"]) copyFileSync(`${place.store}${suffix}`, `${place.store}.copy${suffix}`);
    reader.close();
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${place.store}${suffix}`, { force: true });
    for (const suffix of ["", "-wal"]) copyFileSync(`${place.store}.copy${suffix}`, `${place.store}${suffix}`);
    await expectConverged(place, calm);
  });
});
