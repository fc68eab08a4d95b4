import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { assess } from "../../../src/pipeline/assess.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { documentView } from "../../../src/report/document.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { startRiverbank } from "./riverbank.ts";

/** The demonstration's configuration with two slips of the pen: a branch of payments, an environment of ledger-api. */
const withSlips = (text: string): string =>
  text
    .replace(/(- id: payments\n(?: {4}.*\n)*? {4}branch: )main/, "$1mian")
    .replace(/(- id: ledger-api\n(?: {4}.*\n)*? {4}environments: )\[production\]/, "$1[prodution]");

let riverbank: Awaited<ReturnType<typeof startRiverbank>>;
let result: AssessmentResult;
beforeAll(async () => {
  riverbank = await startRiverbank();
  const context = riverbank.context(withSlips);
  await collect(context);
  result = await assess(context, { period: parsePeriod("2026-10", "UTC", context.clock()) });
});
afterAll(async () => {
  await riverbank.close();
});

const of = (id: string, system: string) => {
  const control = result.controls.find((one) => one.id === id);
  return {
    result: control?.bySystem.find((one) => one.system === system)?.result,
    reasons: (control?.incomplete ?? []).filter((one) => one.system === system).map(({ reason }) => reason),
  };
};

describe("a wrong branch name", () => {
  it.each(["CHG-01", "CHG-03", "CHG-04", "CHG-05", "CHG-08", "CHG-10"])(
    "leaves the evidence of %s incomplete for its system and over all",
    (id) => {
      expect(of(id, "payments")).toEqual({
        result: "evidenceIncomplete",
        reasons: expect.arrayContaining([
          expect.stringMatching(/^commits of riverbank\/payments unobserved .* no branch mian/),
        ]),
      });
      const control = result.controls.find((one) => one.id === id);
      expect(["evidenceIncomplete", "aboveThreshold"]).toContain(control?.result);
      expect(control?.statement).toContain("Evidence of the period is not whole for 1 system.");
      expect(of(id, "storefront").reasons.filter((reason) => reason.startsWith("commits"))).toEqual([]);
    },
  );

  it.each(["CHG-02", "CHG-14"])("fails no rule of a branch that there is not: %s", (id) => {
    expect(of(id, "payments").result).toBe("evidenceIncomplete");
    expect(of(id, "payments").reasons[0]).toContain("the branch mian was not found");
  });
});

describe("a wrong environment name", () => {
  const said =
    /no deployment to prodution is recorded; the source records them to .*production.*: the name may be wrong/;

  it.each(["CHG-06", "CHG-07", "CHG-12"])("leaves the evidence of %s incomplete for its system", (id) => {
    expect(of(id, "ledger-api")).toEqual({
      result: "evidenceIncomplete",
      reasons: [expect.stringMatching(said)],
    });
  });

  it("is a row of the completeness of evidence and of page one, and the flow to production is not told", () => {
    const rows = result.coverage.filter(({ kind, status }) => kind === "deployments" && status !== "complete");
    expect(rows.map(({ system }) => system)).toEqual(["ledger-api"]);
    expect(rows[0]?.intervals[0]?.reason).toMatch(said);
    expect(JSON.stringify(documentView(result).cover.unseen)).toMatch(said);
    expect(result.reconciliation.rows.find(({ system }) => system === "ledger-api")?.flow).toBeNull();
    expect(result.reconciliation.rows.find(({ system }) => system === "storefront")?.flow).not.toBeNull();
  });
});
