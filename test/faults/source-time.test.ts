import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withStore } from "../../src/pipeline/open.ts";
import type { PullRequest, Repository } from "../../src/sandbox/world.ts";
import {
  baselineOf,
  expectConverged,
  expectIntact,
  expectNothingInvented,
  expectTruthful,
  type Organisation,
  organisation,
  outcomesOf,
  type Place,
  reading,
} from "./organisation.ts";

const day = 86_400_000;

let riverbank: Organisation;
let payments: Repository;
beforeEach(async () => {
  riverbank = await organisation({ changes: 200 });
  payments = riverbank.world.repositories.find(({ name }) => name === "payments") as Repository;
});
afterEach(() => riverbank.close());

/** A place that collected from the source as it is now, without a fault. */
async function undisturbed(): Promise<Place> {
  const calm = riverbank.place();
  await calm.collect();
  return calm;
}

const merged = (): readonly PullRequest[] =>
  payments.changes.filter(({ mergedAt }) => mergedAt !== null).sort((a, b) => b.updatedAt - a.updatedAt);

describe("39: a page that shifts while it is walked", () => {
  /** Collects; after the first page of changes the source moves one of them to the top. */
  async function shifting(place: Place, moved: PullRequest): Promise<void> {
    let shifted = 0;
    const progress = (text: string) => {
      const [, read, total] = /riverbank\/payments: (\d+) of (\d+) changes/.exec(text) ?? [];
      if (shifted > 0 || read === total) return;
      moved.updatedAt = riverbank.now - 1000;
      shifted = ++riverbank.world.revision;
    };
    await place.collect(undefined, { progress });
    expect(shifted).toBeGreaterThan(0);
  }

  it("39: what moves out of the pages still to come is missed by the source's own count, and read by the next run", async () => {
    const place = riverbank.place();
    const total = merged().length;
    await shifting(place, merged().at(-1) as PullRequest);
    expect(await place.stream("changes")).toMatchObject({
      status: "partial",
      reason: `the source counts ${total}, ${total - 1} were given`,
    });
    const calm = await baselineOf(await undisturbed());
    await expectTruthful(place, calm.said);
    expectNothingInvented(await place.assess(), calm.judged);
    await expectConverged(place, calm);
  });

  it("39: what moves while it is known already is neither lost nor counted twice", async () => {
    const place = riverbank.place();
    await shifting(place, merged()[10] as PullRequest);
    expect((await place.stream("changes")).status).toBe("complete");
    const counts = await withStore(place.context(), { write: false }, (store) => store.totals());
    expect(counts.get(`github/${payments.id}/changes`)).toEqual({
      stored: merged().length,
      sourceTotal: merged().length,
    });
    const calm = (await undisturbed()).said();
    await expectTruthful(place, calm);
    await place.collect();
    await expectIntact(place);
    expect(place.said().entities).toEqual(calm.entities);
  });
});

describe("40: a late review that does not move its change", () => {
  /** A reviewer takes back the approval of a change that was merged lately. */
  function reviewLate(change: PullRequest): void {
    const [review] = merged().flatMap(({ reviews }) => reviews);
    const at = riverbank.now - 1000;
    const late = {
      change: change.number,
      id: 990_001,
      state: "CHANGES_REQUESTED",
      submittedAt: at,
      updatedAt: at,
    } as const;
    change.reviews.push({ ...(review as PullRequest["reviews"][number]), ...late });
    riverbank.world.revision++;
  }

  async function expectCaught(place: Place): Promise<void> {
    const late = place.said().entities.filter((line) => line.startsWith("review ") && line.includes("990001"));
    expect(late).toEqual([expect.stringContaining("changesRequested")]);
    expect((await place.stream("reviews")).status).toBe("complete");
    await expectIntact(place);
  }

  it("40: is caught by the look-back where nothing else is new", async () => {
    const place = await undisturbed();
    riverbank.now += day;
    reviewLate(merged()[1] as PullRequest);
    await place.collect();
    await expectCaught(place);
  });

  it("40: is caught by the look-back below whatever else is new", async () => {
    const place = await undisturbed();
    riverbank.now += day;
    reviewLate(merged()[1] as PullRequest);
    // The first page holds these and one more.
    for (const [index, change] of merged().slice(-28).entries()) change.updatedAt = riverbank.now - 60_000 - index;
    await place.collect();
    await expectCaught(place);
  });
});

describe("43: a clock of this machine that is two days off", () => {
  it.each([
    ["ahead of", 2 * day],
    ["behind", -2 * day],
  ])("43: %s the source is warned of, and no cursor and no coverage goes by it", async (where, off) => {
    const calm = await undisturbed();
    const place = riverbank.place();
    const clock = () => new Date(riverbank.now + off);
    const { warnings, coverage } = await place.collect(undefined, { clock });
    expect(warnings).toEqual([expect.stringContaining(`this machine's clock is 2880 minutes ${where} source github`)]);
    const server = new Date(riverbank.now).toISOString().slice(0, 19);
    const own = coverage.filter(({ stream }) => stream.startsWith("github/"));
    expect(own.filter(({ to }) => to > `${server}Z`)).toEqual([]);
    const whole = own.filter(({ status }) => status === "complete");
    expect(new Set(whole.map(({ to }) => to))).toEqual(new Set([`${server}Z`]));
    const cursors = reading(place.store, (file) =>
      file.prepare("SELECT cursor FROM stream_state").pluck().all(),
    ) as string[];
    const times = cursors.join().match(/(?<=")\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=Z")/g) ?? [];
    expect(times.length).toBeGreaterThan(20);
    expect(times.filter((time) => time > server)).toEqual([]);
    expect(place.said()).toEqual(calm.said());
    for (const each of [place, calm]) {
      riverbank.now += day / 2;
      await each.collect();
      riverbank.now -= day / 2;
    }
    riverbank.now += day;
    await calm.collect();
    await expectConverged(place, await baselineOf(calm));
  });
});

describe("44: a stream switched on later", () => {
  it("44: backfills from its own cursor down to the horizon, and the others ask nothing twice", async () => {
    const [place, calm] = [riverbank.place(), await undisturbed()];
    await place.collect("forbidden:checks,forbidden:deployments");
    for (const kind of ["checks", "deployments"]) expect((await place.stream(kind)).status).toBe("unobserved");
    await expectTruthful(place, calm.said());
    expectNothingInvented(await place.assess(), await calm.assess());
    riverbank.now += day;
    const { coverage } = await place.collect();
    const ofChecks = coverage.filter(({ stream }) => stream === `github/${payments.id}/checks`);
    expect(ofChecks).toEqual([expect.objectContaining({ status: "complete", from: "2026-04-01T00:00:00Z" })]);
    const ofReviews = coverage.filter(({ stream }) => stream === `github/${payments.id}/reviews`);
    expect(ofReviews.map(({ from }) => from)).toEqual([
      new Date(riverbank.now - day).toISOString().replace(".000", ""),
    ]);
    await calm.collect();
    await expectIntact(place);
    // A look at the rules names the apps that checks have shown until then.
    const lasting = (each: Place) => each.said().entities.filter((line) => !line.startsWith("protection "));
    expect(lasting(place)).toEqual(lasting(calm));
    expect(outcomesOf(await place.assess())).toEqual(outcomesOf(await calm.assess()));
  });

  it("44: a repository that a system names later is read whole, as if it had been there from the start", async () => {
    const all = riverbank.place();
    await all.collect();
    let whole = "";
    const place = riverbank.place((config) => {
      whole = config;
      return config.replace(/(systems:\n {2}- id: payments\n(?: {4}.*\n)+)(?: {2}- id:.*\n(?: {4}.*\n)+)+/, "$1");
    });
    await place.collect();
    const scopes = new Set((await place.streams()).filter(({ kind }) => kind === "changes").map(({ scope }) => scope));
    expect(scopes).toEqual(new Set(["riverbank/payments"]));
    place.configure(() => whole);
    await expectConverged(place, await baselineOf(all));
  });
});
