import { describe, expect, test } from "vitest";
import { failureOf, limitOf } from "../../../../src/providers/github/answers.ts";
import type { HttpResponse } from "../../../../src/util/http.ts";

const date = "Sat, 21 Nov 2026 12:00:00 GMT";
const server = Date.parse(date);
const answer = (status: number, json: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  json,
  text: JSON.stringify(json) ?? "",
  headers: { date, ...headers },
});
// Two days off: waiting goes by the server's clock.
const local = server - 2 * 86_400_000;

describe("limits", () => {
  test("a secondary limit is waited out as long as it says", () => {
    const limit = limitOf(
      answer(403, { message: "You have exceeded a secondary rate limit." }, { "retry-after": "30" }),
      local,
      0,
    );
    expect(limit).toEqual({ wait: 30_000, until: server + 30_000 });
  });

  test("a primary limit in a 200 is waited out by the reset, against the server's own time", () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(server / 1000 + 600) };
    const limit = limitOf(
      answer(200, { errors: [{ type: "RATE_LIMITED", message: "API rate limit exceeded" }] }, headers),
      local,
      0,
    );
    expect(limit).toEqual({ wait: 601_000, until: server + 600_000 });
  });

  test("a limit without a header is waited out a minute, then longer", () => {
    const limited = answer(429, { message: "Too many" });
    expect([0, 1, 2].map((times) => limitOf(limited, local, times)?.wait)).toEqual([60_000, 120_000, 240_000]);
  });

  test("a refusal is no limit", () => {
    expect(limitOf(answer(403, { message: "Resource not accessible by integration" }), local, 0)).toBeUndefined();
    expect(limitOf(answer(200, { data: { title: "Explain the rate limit" } }), local, 0)).toBeUndefined();
  });
});

describe("failures", () => {
  test.each([
    [401, { message: "Bad credentials" }, "auth"],
    [403, { message: "Resource protected by organization SAML enforcement." }, "auth"],
    [404, { message: "Not Found" }, "notFound"],
    [502, undefined, "unavailable"],
    [418, { message: "?" }, "unexpectedShape"],
    [
      200,
      { data: null, errors: [{ type: "NOT_FOUND", path: ["repository"], message: "Could not resolve" }] },
      "notFound",
    ],
    [200, { data: {}, errors: [{ message: "Something went wrong" }] }, "unavailable"],
    [200, { data: {}, errors: [{ type: "FORBIDDEN", message: "Resource not accessible by integration" }] }, "auth"],
    [200, { data: null }, "unexpectedShape"],
    [200, [], "unexpectedShape"],
  ])("%i %o is %s", (status, json, reason) => {
    expect(failureOf(answer(status, json))).toMatchObject({ reason, message: expect.stringMatching(/\w/) });
  });

  test("a whole answer is none", () => {
    expect(failureOf(answer(200, { data: { viewer: null } }))).toBeUndefined();
  });
});
