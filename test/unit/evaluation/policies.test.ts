import { describe, expect, it } from "vitest";
import type { EvaluationInput } from "../../../src/evaluation/index.ts";
import { evaluate } from "../../../src/evaluation/index.ts";
import { identityMap } from "../../../src/model/identity.ts";
import { policySchema, waiverSchema } from "../../../src/model/policy.ts";
import { input, numbered } from "./input.ts";

const result = (more: Partial<EvaluationInput> = {}) => evaluate(input(more));
const only = (...changes: EvaluationInput["dossiers"]["changes"]): Partial<EvaluationInput> => ({
  dossiers: { commits: [], changes, deployments: [], configuration: [] },
});

describe("the policy in force", () => {
  const two = policySchema.parse({ from: "2026-10-05", approval: { count: 2 } });
  const first = { policy: policySchema.parse({ from: "2026-01-01" }), firstSeen: "2026-01-01T00:00:00Z" };
  const outcome = (policies: EvaluationInput["policies"], more: Partial<EvaluationInput> = {}) =>
    result({ ...only(numbered(1)), policies, ...more }).population[0]?.observations.find(
      ({ attribute }) => attribute === "approved-by-someone-independent",
    );

  it("is the latest that began before the merge, in the organisation's time zone", () => {
    expect(outcome([first, { policy: two, firstSeen: "2026-10-04T00:00:00Z" }])?.outcome).toBe("fail");
    expect(
      outcome([first, { policy: { ...two, from: "2026-10-06" }, firstSeen: "2026-10-04T00:00:00Z" }])?.outcome,
    ).toBe("pass");
    const late = { policy: { ...two, from: "2026-10-06" }, firstSeen: "2026-10-04T00:00:00Z" };
    // Merged at 10:00 UTC on the 5th: there the 6th has begun.
    expect(
      outcome([first, late], { organisation: { name: "R", slug: "r", timezone: "Pacific/Kiritimati" } })?.outcome,
    ).toBe("fail");
  });

  it("is one for the item's system and team", () => {
    const seen = "2026-10-04T00:00:00Z";
    expect(outcome([first, { policy: { ...two, systems: ["search"] }, firstSeen: seen }])?.outcome).toBe("pass");
    expect(outcome([first, { policy: { ...two, teams: ["shop"] }, firstSeen: seen }])?.outcome).toBe("pass");
    expect(
      outcome([first, { policy: { ...two, systems: ["payments"], teams: ["checkout"] }, firstSeen: seen }])?.outcome,
    ).toBe("fail");
  });

  it("71: dated before it was first seen is marked, with the outcome under the earlier rule beside it", () => {
    const strict = {
      policy: policySchema.parse({ from: "2026-01-01", approval: { count: 2 } }),
      firstSeen: "2026-01-01T00:00:00Z",
    };
    const lax = { policy: policySchema.parse({ from: "2026-10-01" }), firstSeen: "2026-10-20T00:00:00Z" };
    expect(outcome([strict, lax])).toMatchObject({ outcome: "pass", earlierOutcome: "fail" });
    expect(outcome([{ ...strict, withdrawn: "2026-10-20T00:00:00Z" }, lax])).toMatchObject({
      outcome: "pass",
      earlierOutcome: "fail",
    });
    expect(outcome([{ ...strict, withdrawn: "2026-09-01T00:00:00Z" }, lax])?.earlierOutcome).toBeUndefined();
    expect(result({ policies: [strict, lax] }).policies.map(({ retroactive }) => retroactive)).toEqual([false, true]);
  });

  it("71: stands beside today's outcome too where the identity map of the time gave another", () => {
    const onePerson = identityMap([{ person: "ada", accounts: ["github:ada", "github:ben"], emails: [] }]);
    const under = (from: string, to: string, map = onePerson) =>
      outcome([first], { earlierIdentities: [{ from, to, map }] });
    expect(under("2026-09-01T00:00:00Z", "2026-10-20T00:00:00Z")).toMatchObject({
      outcome: "pass",
      earlierOutcome: "fail",
    });
    expect(under("2026-09-01T00:00:00Z", "2026-09-20T00:00:00Z")?.earlierOutcome).toBeUndefined();
    expect(under("2026-09-01T00:00:00Z", "2026-10-20T00:00:00Z", identityMap([]))?.earlierOutcome).toBeUndefined();
  });
});

describe("a waiver", () => {
  const waiver = (more: object = {}) => ({
    waiver: waiverSchema.parse({
      id: "W-1",
      attribute: "approved-by-someone-independent",
      systems: ["payments"],
      items: ["#1"],
      owner: "Head of Engineering",
      reason: "Migration",
      from: "2026-10-01",
      expires: "2026-10-05",
      ...more,
    }),
    firstSeen: "2026-09-30T00:00:00Z",
  });
  const waived = (more: object = {}) =>
    result({ ...only(numbered(1, { reviews: [] }), numbered(2)), waivers: [waiver(more)] });

  it("accepts the failure it names: counted apart, and still shown", () => {
    const final = { ...waiver({ id: "W-2", attribute: "approved-on-final-revision" }) };
    const assessment = result({ ...only(numbered(1, { reviews: [] }), numbered(2)), waivers: [waiver(), final] });
    const found = assessment.controls.find(({ id }) => id === "CHG-03");
    expect(found).toMatchObject({ result: "exceptionsNoted", tally: { items: 2, pass: 1, fail: 0, waived: 1 } });
    expect(found?.statement).toContain("1 did not and had been accepted in advance");
    expect(assessment.waivers.map(({ used }) => used)).toEqual([1, 1]);
    expect(assessment.exceptions[0]).toMatchObject({ label: "#1", waiver: null, controls: ["CHG-03", "CHG-05"] });
  });

  it("may name the repository", () => {
    const { waivers } = waived({ systems: ["*"], items: ["Riverbank/payments#1"] });
    expect(waivers.map(({ used }) => used)).toEqual([1]);
  });

  it.each<[string, object]>([
    ["of another item", { items: ["#2"] }],
    ["of another repository's change", { items: ["riverbank/search#1"] }],
    ["of another system", { systems: ["search"] }],
    ["of another attribute", { attribute: "change-described" }],
    ["that has expired", { expires: "2026-10-04" }],
    ["that has not begun", { from: "2026-10-06", expires: "2026-12-01" }],
  ])("%s accepts nothing", (_name, more) => {
    expect(waived(more).waivers.map(({ used }) => used)).toEqual([0]);
  });
});
