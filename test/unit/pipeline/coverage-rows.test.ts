import { describe, expect, it } from "vitest";
import type { CoverageRow } from "../../../src/model/assessment.ts";
import { coverageRows } from "../../../src/pipeline/coverage-rows.ts";

const period = { from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z" };
const middle = "2026-10-15T00:00:00Z";
const key = "github/1";
const payments = {
  system: "payments",
  team: "checkout",
  source: "github",
  key,
  name: "riverbank/payments",
  url: "",
  branch: "main",
  promotedThrough: ["prod"],
  environments: ["production"],
  paths: [],
};
const said = (
  kind: string,
  status: "complete" | "partial" = "complete",
  from = period.from,
  to = "2026-11-02T00:00:00Z",
) => ({
  stream: `${key}/${kind}`,
  run: "1",
  status,
  from,
  to,
  ...(status === "complete" ? {} : { reason: "403 for half of it" }),
});
const why = "record r12 (review 77) could not be read: unknown shape";
const continuity = [
  {
    system: "payments",
    repository: "riverbank/payments",
    branch: "main",
    intervals: [{ ...period, state: "active" as const, rules: "main is guarded", record: 3 }],
  },
];

function rows(
  statements: ReturnType<typeof said>[],
  unread: string[] = [],
  rules: Parameters<typeof coverageRows>[3] = continuity,
): ReadonlyMap<string, CoverageRow> {
  const totals = new Map([[`${key}/commits/prod`, { stored: 4, sourceTotal: 5 }]]);
  const found = coverageRows([payments], statements, totals, rules, period, (stream) =>
    unread.some((kind) => stream === `${key}/${kind}`) ? why : undefined,
  );
  return new Map(found.map((row) => [row.stream.slice(key.length + 1), row]));
}

describe("a stream with a record that could not be read", () => {
  it("is printed as seen in part, with the record and the reason, over the whole period", () => {
    const { status, intervals } = rows([said("reviews")], ["reviews"]).get("reviews") ?? {};
    expect(status).toBe("partial");
    expect(intervals).toEqual([{ ...period, status: "partial", reason: why }]);
  });

  it("keeps the other reasons, and what was not observed at all stays so", () => {
    const statements = [said("reviews", "complete", period.from, middle), said("checks", "partial")];
    const printed = rows(statements, ["reviews", "checks"]);
    expect(printed.get("reviews")?.intervals).toEqual([
      { from: period.from, to: middle, status: "partial", reason: why },
      { from: middle, to: period.to, status: "unobserved", reason: "no run looked at this time" },
    ]);
    expect(printed.get("checks")?.intervals).toEqual([
      { ...period, status: "partial", reason: `403 for half of it; ${why}` },
    ]);
  });

  it("does not let earlier rules vouch for a look that could not be read", () => {
    expect(rows([said("protection")]).get("protection")?.status).toBe("complete");
    expect(rows([said("protection")], ["protection"]).get("protection")).toMatchObject({
      status: "partial",
      intervals: [{ ...period, status: "partial", reason: why }],
    });
  });
});

it("the commits of a branch that changes are promoted through are a row of their own, after the released branch's", () => {
  const printed = rows([said("commits"), said("commits/prod", "partial")]);
  expect([...printed.keys()].filter((stream) => stream.startsWith("commits"))).toEqual(["commits", "commits/prod"]);
  expect(printed.get("commits")?.status).toBe("complete");
  expect(printed.get("commits/prod")).toMatchObject({ kind: "commits", status: "partial", stored: 4, sourceTotal: 5 });
  expect([...rows([said("commits")]).keys()]).not.toContain("commits/prod");
});

it("the rules of a branch that changes are promoted through are a row of their own, and claimed by no look at another's", () => {
  const ofProd = (intervals: (typeof continuity)[number]["intervals"] | undefined) => {
    const [main] = continuity;
    if (!main) throw new Error("the rules of main are missing");
    const more = intervals === undefined ? [] : [{ ...main, branch: "prod", promotedFrom: "main", intervals }];
    const printed = rows([said("protection")], [], [main, ...more]);
    expect(printed.get("protection")?.status).toBe("complete");
    return printed.get("protection/prod");
  };
  const active = { state: "active" as const, rules: "prod is guarded", record: 3 };
  expect(ofProd([{ ...period, ...active }])).toMatchObject({ kind: "protection", status: "complete" });
  const late = ofProd([
    { from: period.from, to: middle, state: "unobserved", rules: "not read before", record: null } as never,
    { from: middle, to: period.to, ...active },
  ]);
  expect(late).toMatchObject({ status: "partial", intervals: [{ reason: "not read before" }, { status: "complete" }] });
  expect(ofProd(undefined)).toMatchObject({
    status: "unobserved",
    intervals: [{ ...period, status: "unobserved", reason: "the rules of prod were not read" }],
  });
  expect(rows([]).get("protection/prod")?.status).toBe("unobserved");
});

it("what only adds to the controls' evidence has a row where somebody asked for it", () => {
  const asked = rows([said("ruleSuites")]);
  expect(asked.get("ruleSuites")?.status).toBe("complete");
  expect(asked.has("access")).toBe(false);
  expect(asked.get("checks")?.status).toBe("unobserved");
});
