import { describe, expect, it } from "vitest";
import type { AssessmentResult, Item } from "../../../src/model/assessment.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import { compareWithTruth } from "../../../src/pipeline/compare-with-truth.ts";
import type { Planted } from "../../../src/sandbox/index.ts";

const at = "2026-10-07T09:00:00Z";
const oid = "9f3c1ab09f3c1ab09f3c1ab09f3c1ab09f3c1ab0";

function item(number: string, outcomes: Readonly<Record<string, Outcome>>, more: Partial<Item> = {}): Item {
  return {
    subject: "change",
    key: `github/1#${number}`,
    system: "payments",
    team: "checkout",
    repository: "github/1",
    label: `#${number}`,
    title: "t",
    url: null,
    number,
    commit: null,
    at,
    actor: "ada (1)",
    environment: null,
    link: null,
    unplaced: false,
    record: 1,
    observations: Object.entries(outcomes).map(([attribute, outcome]) => ({
      attribute,
      outcome,
      message: "m",
      evidence: [],
    })),
    ...more,
  };
}

function result(population: readonly Item[]): Pick<AssessmentResult, "period" | "scope" | "population"> {
  const repositories = [{ key: "github/1", name: "riverbank/payments", branch: "main" }];
  return {
    period: { id: "2026-10", from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z", asOf: at, cutAt: null },
    scope: {
      systems: [{ id: "payments", team: "checkout", profile: "continuous", environments: [], repositories }],
      repositories: [],
    },
    population: [...population],
  };
}

const change = (number: number, attributes: Planted["attributes"], when = at): Planted => ({
  kind: "self-merge",
  repository: "riverbank/payments",
  subject: { kind: "change", number },
  at: when,
  attributes,
  why: "w",
});

describe("comparing an assessment with what was planted", () => {
  it("counts an item as found when each of its attributes came out as planted", () => {
    const planted = [
      change(1, { c: "fail", d: "notVerifiable" }),
      { ...change(0, { arrived: "fail" }), subject: { kind: "commit", oid } as const },
    ];
    const population = [
      item("1", { c: "fail", d: "notVerifiable", e: "pass" }),
      item("0", { arrived: "fail" }, { subject: "commit", number: null, commit: oid }),
    ];
    expect(compareWithTruth({ planted }, result(population))).toEqual({
      planted: 2,
      found: 2,
      missed: [],
      invented: [],
    });
  });

  it("names what was missed: another outcome, an untested attribute, an absent item", () => {
    const planted = [change(1, { c: "fail" }), change(2, { c: "fail" }), change(3, { c: "fail" })];
    const { found, missed } = compareWithTruth({ planted }, result([item("1", { c: "pass" }), item("2", {})]));
    expect(found).toBe(0);
    expect(missed.join("\n")).toMatch(
      /change 1 .*c is pass, not fail[\s\S]*change 2 .*c is untested[\s\S]*change 3 .*not in the population/,
    );
  });

  it("names what was invented: on a clean item, or another attribute of a planted one", () => {
    const population = [
      item("1", { c: "fail", e: "fail" }),
      item("2", { c: "notVerifiable", d: "pass", e: "notApplicable" }),
    ];
    const { found, invented } = compareWithTruth({ planted: [change(1, { c: "fail" })] }, result(population));
    expect(found).toBe(1);
    expect(invented).toEqual(["github/1 #1: e fail (m)", "github/1 #2: c notVerifiable (m)"]);
  });

  it("asks only for what was planted within the period, and forgives what is not due yet", () => {
    const waiting = item(
      "2",
      {},
      {
        observations: [
          { attribute: "j", outcome: "notVerifiable", message: "m", evidence: [], due: "2026-11-02T00:00:00Z" },
        ],
      },
    );
    const planted = [
      change(9, { c: "fail" }, "2026-09-30T23:59:59Z"),
      change(8, { c: "fail" }, "2026-11-01T00:00:00Z"),
    ];
    expect(compareWithTruth({ planted }, result([waiting]))).toEqual({
      planted: 0,
      found: 0,
      missed: [],
      invented: [],
    });
  });

  it("expects what is wrong with a repository's settings, beside what was planted", () => {
    const settings = [{ repository: "riverbank/payments", attribute: "n", why: "workflows may approve" }];
    const seen = (outcome: Outcome) => item("", { n: outcome, l: "pass" }, { subject: "configuration", number: null });
    expect(compareWithTruth({ planted: [], settings }, result([seen("fail")]))).toEqual({
      planted: 0,
      found: 0,
      missed: [],
      invented: [],
    });
    expect(compareWithTruth({ planted: [], settings }, result([seen("pass")])).missed).toEqual([
      "riverbank/payments: n is not fail (workflows may approve)",
    ]);
    expect(compareWithTruth({ planted: [] }, result([seen("fail")])).invented).toHaveLength(1);
  });
});
