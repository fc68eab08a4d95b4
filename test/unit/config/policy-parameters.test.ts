import { describe, expect, it } from "vitest";
import { load, minimal, problemsOf } from "./config-file.ts";

const policy = (line: string): string => `${minimal}policies:\n  - from: 2026-01-01\n    ${line}\n`;
const parametersOf = (line: string) => load(policy(line)).policies[0];

describe("a policy's checks", () => {
  it("are named one by one, or as an objective that any of several serves", () => {
    const line =
      "requiredChecks: [{ name: lint }, { objective: unit tests, anyOf: [{ name: test, app: github-actions }, { name: unit }] }]";
    expect(parametersOf(line)?.requiredChecks).toEqual([
      { name: "lint" },
      { objective: "unit tests", anyOf: [{ name: "test", app: "github-actions" }, { name: "unit" }] },
    ]);
    const own = "automation: [{ account: github:bot, checks: [{ objective: tests, anyOf: [{ name: test }] }] }]";
    expect(parametersOf(own)?.automation[0]?.checks).toEqual([{ objective: "tests", anyOf: [{ name: "test" }] }]);
  });

  it.each([
    ["requiredChecks: [{ name: test, ap: x }]", /unknown key `ap` .*did you mean `app`/],
    ["requiredChecks: [{ nam: test }]", /unknown key `nam` .*did you mean `name`/],
    ["securityChecks: [{ objective: scans, anyOf: [] }]", /anyOf` must not be empty/],
    [
      "requiredChecks: [{ objective: unit tests, name: test }]",
      /unknown key `objective` .*known are `anyOf`, `name`, `app`/,
    ],
  ])("are refused as %s", (line, text) => {
    expect(problemsOf(policy(line))).toEqual([expect.stringMatching(text)]);
  });
});

describe("what a policy asks beyond its defaults", () => {
  it("is off unless it is written", () => {
    const read = parametersOf("requestLink: off");
    expect(read?.approval).toMatchObject({ codeOwners: "off", mergeFromBaseKeeps: false });
    expect(read?.emergency.reason).toBeUndefined();
    expect(read?.fallBack).toEqual({});
  });

  it("is read with its time in milliseconds and its headings", () => {
    expect(parametersOf("fallBack: { within: 90d }")?.fallBack).toEqual({ within: 90 * 86_400_000 });
    expect(parametersOf("emergency: { label: fire, reason: { heading: Reason } }")?.emergency).toEqual({
      label: "fire",
      reviewWithin: 86_400_000,
      reason: { heading: "Reason" },
    });
    expect(parametersOf("approval: { codeOwners: required }")?.approval.codeOwners).toBe("required");
  });
});
