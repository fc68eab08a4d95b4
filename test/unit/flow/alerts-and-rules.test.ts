import { describe, expect, it } from "vitest";
import { remediationOf } from "../../../src/flow/remediation.ts";
import { standardRulesOf } from "../../../src/flow/standard-rules.ts";
import type { Item } from "../../../src/model/assessment.ts";
import type { Outcome } from "../../../src/model/attribute.ts";

const span = { from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z" };
const alert = (severity: string, openedAt: string, fixedAt: string | null, dismissedAt: string | null = null) => ({
  severity,
  openedAt,
  fixedAt,
  dismissedAt,
});
const hour = 3600;

describe("remediation of alerts", () => {
  const alerts = [
    alert("high", "2026-10-02T00:00:00Z", "2026-10-02T02:00:00Z"),
    alert("low", "2026-09-30T00:00:00Z", "2026-10-01T00:00:00Z"),
    alert("high", "2026-10-02T00:00:00Z", "2026-10-02T10:00:00Z"),
    alert("critical", "2026-10-03T00:00:00Z", null),
    alert("critical", "2026-10-03T00:00:00Z", null, "2026-10-04T00:00:00Z"),
    alert("odd", "2026-10-05T00:00:00Z", "2026-11-01T00:00:00Z"),
    alert("low", "2026-08-01T00:00:00Z", "2026-09-01T00:00:00Z"),
    alert("low", "2026-11-02T00:00:00Z", null),
  ];
  const found = remediationOf(alerts, span);

  it("is counted from opening to fix, gravest first; a dismissal is no remedy and nothing is open", () => {
    expect(found.bySeverity).toEqual([
      { severity: "critical", fixed: 0, median: null, p90: null, openAtEnd: 1 },
      { severity: "high", fixed: 2, median: 2 * hour, p90: 10 * hour, openAtEnd: 0 },
      { severity: "low", fixed: 1, median: 24 * hour, p90: 24 * hour, openAtEnd: 0 },
      { severity: "odd", fixed: 0, median: null, p90: null, openAtEnd: 1 },
    ]);
    expect(found.all).toEqual({ severity: null, fixed: 3, median: 10 * hour, p90: 24 * hour, openAtEnd: 2 });
  });

  it("adds up over severities", () => {
    const sum = (of: "fixed" | "openAtEnd") => found.bySeverity.reduce((total, row) => total + row[of], 0);
    expect(sum("fixed")).toBe(found.all.fixed);
    expect(sum("openAtEnd")).toBe(found.all.openAtEnd);
  });
});

const setting = (repository: string, branch: Outcome, binds: Outcome): Item => ({
  subject: "configuration",
  key: repository,
  system: repository,
  team: "web",
  repository,
  label: repository,
  title: "",
  url: null,
  number: null,
  commit: null,
  at: span.to,
  actor: "",
  environment: null,
  link: null,
  unplaced: false,
  record: 1,
  observations: [
    { attribute: "branch-protected", outcome: branch, message: "", evidence: [] },
    { attribute: "rules-bind-administrators", outcome: binds, message: "", evidence: [] },
  ],
});

describe("repositories on the standard rules", () => {
  it("are those that met both over the whole period; what policy exempts is told apart, and all add up", () => {
    const found = standardRulesOf([
      setting("a", "pass", "pass"),
      setting("b", "pass", "notApplicable"),
      setting("c", "fail", "pass"),
      setting("d", "pass", "notVerifiable"),
      setting("e", "notVerifiable", "notApplicable"),
      setting("f", "notVerifiable", "fail"),
    ]);
    expect(found).toEqual({ repositories: 6, met: 1, exempt: 1, failed: 2, notVerifiable: 2 });
    expect(found.met + found.exempt + found.failed + found.notVerifiable).toBe(found.repositories);
  });

  it("count a repository of two systems once, by the gravest answer", () => {
    const found = standardRulesOf([setting("a", "pass", "pass"), setting("a", "pass", "fail")]);
    expect(found).toMatchObject({ repositories: 1, met: 0, failed: 1 });
  });
});
