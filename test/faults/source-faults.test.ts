import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { AssessmentResult } from "../../src/model/assessment.ts";
import { httpClient } from "../../src/util/http.ts";
import {
  type Baseline,
  baselineOf,
  expectConverged,
  expectIntact,
  expectNothingInvented,
  expectTruthful,
  type Organisation,
  organisation,
  type Place,
} from "./organisation.ts";

let riverbank: Organisation;
let undisturbed: Place;
let calm: Baseline;
/** Requests that an undisturbed run makes. */
let whole: number;
beforeAll(async () => {
  riverbank = await organisation({ changes: 120 });
  undisturbed = riverbank.place();
  whole = await requestsOf(() => undisturbed.collect());
  calm = await baselineOf(undisturbed);
  expect(calm.judged.population.length).toBeGreaterThan(40);
});
afterAll(() => riverbank.close());
afterEach(() => {
  vi.restoreAllMocks();
});

/** What must hold after every fault, before and after the next undisturbed run. */
async function expectSound(place: Place): Promise<void> {
  await expectIntact(place);
  await expectTruthful(place, calm.said);
  expectNothingInvented(await place.assess(), calm.judged);
  await expectConverged(place, calm);
}

/** Requests that the source got while the place collected. */
async function requestsOf(work: () => Promise<unknown>): Promise<number> {
  const before = riverbank.sandbox.stats().requests;
  await work();
  return riverbank.sandbox.stats().requests - before;
}

const always = 100_000;

describe("32: partial data with errors", () => {
  it("32: the page is discarded and asked again smaller, until it is whole", async () => {
    const place = riverbank.place();
    const requests = await requestsOf(() => place.collect("partial:7"));
    expect(requests).toBeGreaterThan(whole);
    expect(place.said()).toEqual(calm.said);
    expect((await place.stream("changes")).status).toBe("complete");
    await expectSound(place);
  });

  it("32: what no smaller page gives is partial or unobserved, and says so", async () => {
    const place = riverbank.place();
    await place.collect("partial:0");
    for (const { status } of await place.streams()) expect(status).not.toBe("complete");
    await expectSound(place);
  });
});

describe("33: a repository that is null without an error", () => {
  it("33: is unknown, never empty", async () => {
    const place = riverbank.place();
    await place.collect("null");
    expect(await place.stream("changes")).toMatchObject({
      status: "unobserved",
      reason: expect.stringContaining("null"),
    });
    const result = await place.assess();
    expect(new Set(result.controls.map(({ result: said }) => said))).toEqual(new Set(["evidenceIncomplete"]));
    await expectSound(place);
  });

  it("33: takes nothing away from what was known before", async () => {
    const place = riverbank.place();
    place.restore(undisturbed);
    await place.collect("null");
    expect(place.said()).toEqual(calm.said);
    expect((await place.stream("commits")).status).toBe("unobserved");
    await expectSound(place);
  });
});

describe("34: a body that is no whole JSON", () => {
  it.each(["html", "truncated", "empty", "invalid"])("34: %s now and then is asked again", async (failure) => {
    const place = riverbank.place();
    await place.collect(`${failure}/3`);
    expect(place.said()).toEqual(calm.said);
    expect(place.waits.length).toBeGreaterThan(3);
    await expectSound(place);
  });

  it.each(["html", "truncated", "empty", "invalid"])("34: %s for ever leaves the rest partial", async (failure) => {
    const place = riverbank.place();
    await place.collect(`${failure}:${always}@8`);
    const states = (await place.streams()).map(({ status }) => status);
    expect(new Set(states).size).toBeGreaterThan(1);
    await expectSound(place);
  });
});

describe("35: a source that is overloaded, or has had enough of us", () => {
  it.each(["502", "504"])("35: %s for ever ends collecting soon, and it is resumed later", async (failure) => {
    const place = riverbank.place();
    expect(await requestsOf(() => place.collect(`${failure}:${always}@6`))).toBeLessThan(3 * whole);
    expect((await place.stream("changes", "riverbank/platform-infra")).reason).toContain(failure);
    await expectSound(place);
  });

  it("35: a secondary limit is waited out as its header says", async () => {
    const place = riverbank.place();
    await place.collect("secondary:2@4");
    expect(place.waits).toEqual([1000, 1000]);
    expect(place.said()).toEqual(calm.said);
    await expectSound(place);
  });

  it("35: a rate limit with HTTP status 200 is waited out until it resets", async () => {
    const place = riverbank.place();
    await place.collect("primary@4");
    expect(place.waits).toEqual([2000]);
    expect(place.said()).toEqual(calm.said);
    await expectSound(place);
  });

  it("35: a limit that never ends is not waited for without end", async () => {
    const place = riverbank.place();
    await place.collect(`primary:${always}@7`);
    expect((await place.stream("changes", "riverbank/platform-infra")).reason).toContain("rate limit");
    await expectSound(place);
  });
});

describe("36: an answer that never comes", () => {
  /** Time limits as they are, but so many times shorter. */
  const hastened = (times: number) => {
    const limits: number[] = [];
    const limit = AbortSignal.timeout.bind(AbortSignal);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((milliseconds) => {
      limits.push(milliseconds);
      return limit(milliseconds / times);
    });
    return limits;
  };

  it("36: runs into a time limit, and is asked again", async () => {
    const limits = hastened(150);
    const place = riverbank.place();
    await place.collect("hang@5");
    expect(new Set(limits)).toEqual(new Set([60_000]));
    expect(place.said()).toEqual(calm.said);
    await expectSound(place);
  });

  it("36: for ever leaves the rest partial, with the reason", async () => {
    hastened(1200);
    const place = riverbank.place();
    await place.collect(`hang:${always}@4`);
    vi.restoreAllMocks();
    expect((await place.stream("commits", "riverbank/platform-infra")).reason).toContain(
      "gave no whole answer within 60 s",
    );
    await expectSound(place);
  });
});

describe("37: a cursor that repeats", () => {
  it("37: a repeating cursor stops the stream, which becomes partial", async () => {
    const place = riverbank.place();
    expect(await requestsOf(() => place.collect("cursor"))).toBeLessThan(2 * whole);
    expect(await place.stream("changes")).toMatchObject({
      status: "partial",
      reason: expect.stringContaining("cursor does not advance"),
    });
    await expectSound(place);
  });
});

describe("38: a way to another host", () => {
  it("38: a redirect is refused, and nothing reaches where it leads", async () => {
    const { port, seen, close } = await witness();
    const place = riverbank.place();
    await place.collect(`redirect:${always}@6,elsewhere:${port}`);
    await close();
    expect(seen).toEqual([]);
    expect((await place.stream("changes", "riverbank/platform-infra")).reason).toContain("redirect");
    await expectSound(place);
  });

  it("38: a next page on another host is refused before a byte is sent", async () => {
    const { port, seen, close } = await witness();
    const client = httpClient({ baseUrl: riverbank.sandbox.url });
    const next = {
      method: "GET",
      url: `http://127.0.0.1:${port}/api/v3/next`,
      headers: { authorization: "t" },
    } as const;
    await expect(client.request(next)).rejects.toMatchObject({
      reason: "unexpectedShape",
      message: expect.stringContaining("refused to speak to"),
    });
    await client.close();
    await close();
    expect(seen).toEqual([]);
  });

  /** A server that should never be spoken to. */
  async function witness() {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return { port, seen, close: () => new Promise((resolve) => server.close(resolve)) };
  }
});

describe("41: protection that may not be read", () => {
  const refusals = ["forbidden", "missing"] as const;
  it.each(refusals)("41: told as %s is not readable, never unprotected", async (refusal) => {
    const place = riverbank.place();
    await place.collect(`${refusal}:protection,${refusal}:rulesets`);
    expect(await place.stream("protection")).toMatchObject({
      status: "unobserved",
      reason: expect.stringMatching(/\w/),
    });
    const result = await place.assess();
    const settings = result.population.filter(({ subject }) => subject === "configuration");
    expect(settings).toHaveLength(2);
    // Whether pipelines may approve is read elsewhere, and says nothing of protection.
    const ofProtection = settings.flatMap(({ observations }) =>
      observations.filter(({ attribute }) => attribute !== "approvals-by-people-only"),
    );
    expect(ofProtection).toHaveLength(4);
    for (const { outcome } of ofProtection) expect(outcome).toBe("notVerifiable");
    await expectSound(place);
  });

  it.each(refusals)("41: %s after it was readable takes nothing from what was seen", async (refusal) => {
    const place = riverbank.place();
    place.restore(undisturbed);
    await place.collect(`${refusal}:protection,${refusal}:rulesets`);
    expect(place.said()).toEqual(calm.said);
    expect((await place.stream("protection")).status).toBe("unobserved");
    await expectSound(place);
  });
});

describe("42: what nobody knew yet", () => {
  it("42: a new enum value is kept as it came and means unknown, never an approval", async () => {
    const place = riverbank.place();
    await place.collect("enum:APPROVED");
    expect(place.said().entities.filter((line) => line.startsWith("review ") && line.includes('"approved"'))).toEqual(
      [],
    );
    const result = await place.assess();
    const approvals = result.population.flatMap(({ observations }) =>
      observations.filter(({ attribute }) => attribute === "approved-by-someone-independent"),
    );
    expect(new Set(approvals.map(({ outcome }) => outcome))).not.toContain("pass");
    expectNothingInvented(result, calm.judged);
    await expectIntact(place);
  });

  it("42: ids over 2^53 are kept to the last digit, and judged alike", async () => {
    const place = riverbank.place();
    await place.collect("bigids");
    await expectIntact(place);
    expect(place.said().entities).toHaveLength(calm.said.entities.length);
    const result = await place.assess();
    const tally = ({ population }: AssessmentResult) =>
      population
        .flatMap(({ subject, number, observations }) =>
          observations.map(
            ({ attribute, outcome }) => `${subject} ${subject === "change" ? number : ""} ${attribute} ${outcome}`,
          ),
        )
        .sort();
    expect(tally(result)).toEqual(tally(calm.judged));
  });
});
