import { describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { documentView } from "../../../src/report/document.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { trendFigure } from "../../../src/report/trend-figure.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const metricsOf = (result: AssessmentResult) => documentView(result).metrics.delivery;
const measure = (result: AssessmentResult, name: string) =>
  metricsOf(result)?.measures.find((one) => one.name === name);

describe("delivery in the document", () => {
  const result = assessmentFixture();

  it("defines all five measures, and holds against a target only where there is one", () => {
    const { measures = [] } = metricsOf(result) ?? {};
    expect(measures.map(({ name }) => name).slice(0, 5)).toEqual([
      "Change lead time",
      "Deployment frequency",
      "Failed deployment recovery time",
      "Change fail rate",
      "Deployment rework rate",
    ]);
    for (const { definition } of measures) expect(definition).toMatch(/\.$/);
    expect(measure(result, "Change lead time")).toMatchObject({ target: "at most 2 d", met: "met" });
    expect(measure(result, "Deployment frequency")).toMatchObject({ target: null, met: null });
    expect(measure(result, "Change fail rate")).toMatchObject({
      value: expect.stringMatching(/^\d+(\.\d+)? % \(1 of \d+ deployments\)$/),
      target: "at most 1 %",
      met: "not met",
    });
    expect(measure(result, "Failed deployment recovery time")?.value).toMatch(/^2 h median/);
  });

  it("says not measured, never nought, without a list of incidents", () => {
    const clean = assessmentFixture({ clean: true });
    for (const name of ["Failed deployment recovery time", "Change fail rate", "Deployment rework rate"])
      expect(measure(clean, name)?.value).toBe("not measured");
    expect(metricsOf(clean)).toMatchObject({ incidentsMeasured: false, incidents: null });
    expect(renderDocument(clean)).toContain("No list of incidents is imported");
  });

  it("prints of a system that was not observed that nothing was measured, and why", () => {
    const { scopes = [], gaps } = metricsOf(result) ?? {};
    const search = scopes.find(({ name }) => name === "search");
    expect(search?.cells.map(({ text }) => text)).toEqual(Array(5).fill("not measured"));
    expect(gaps).toEqual(["Deployments of riverbank/search not observed: 403: not readable with this token"]);
  });

  it("counts deployments by month as the table above does", () => {
    const { trend, scopes = [] } = metricsOf(result) ?? {};
    for (const [index, row] of (trend?.deployments ?? []).entries()) {
      expect(row.name).toBe(scopes[index]?.name);
      expect(row.cells.at(-1)?.replace("–", "not measured")).toBe(scopes[index]?.cells[0]?.text);
    }
  });

  it("leads from each incident to its record, and calls a heuristic one", () => {
    const { incidents } = metricsOf(result) ?? {};
    expect(incidents?.rows).toMatchObject([{ id: "INC-204", linked: "latest before it (heuristic)" }]);
    expect(incidents?.rows[0]?.records[0]?.anchor).toMatch(/^r\d+$/);
    expect(incidents?.heuristic).toContain("need not be the cause");
  });

  it("keeps hostile names of incidents as text", () => {
    const hostile = assessmentFixture();
    const [item] = hostile.delivery?.incidents?.items ?? [];
    if (!item) throw new Error("the fixture has an incident");
    item.id = "<img src=x onerror=alert(1)>\u202e=cmd";
    const html = renderDocument(hostile);
    expect(html).toContain("&lt;img src&#x3D;x onerror&#x3D;alert(1)&gt;‹U+202E›");
    expect(html).not.toContain("<img src=x");
  });

  it("shows an older pack's measures as it has them", () => {
    const { delivery: _, narrative: __, ...old } = assessmentFixture();
    const html = renderDocument(old);
    expect(html).toContain("Lead time, 90th percentile");
    expect(html).not.toContain("why no board meets");
    expect(html).toContain("Context, not control evidence");
  });
});

describe("the trend's figure", () => {
  const measures = {
    deployments: 10,
    perDay: 0.3,
    fallBacks: 0,
    changes: 8,
    leadTimeMedian: 86_400,
    leadTimeP90: 864_000,
    incidents: null,
  };
  const none = { ...measures, deployments: null, leadTimeMedian: null, leadTimeP90: null };
  const months = [
    { id: "2026-08", inPeriod: false, partial: true, measures: none },
    { id: "2026-09", inPeriod: false, partial: true, measures: { ...measures, deployments: 5 } },
    { id: "2026-10", inPeriod: true, partial: false, measures },
  ];

  it("is to scale, marks what was not observed without colour, and says all of it in text", () => {
    const figure = trendFigure(months);
    const height = (path = ""): number => 92 - Number(/V([\d.]+)/.exec(path)?.[1]);
    const [first, second, third] = figure?.bars ?? [];
    expect(height(first?.path)).toBe(0);
    expect(height(third?.path)).toBe(2 * height(second?.path));
    expect([second?.hatch, third?.hatch]).toEqual([expect.stringMatching(/^M/), null]);
    expect(figure?.counts.map(({ text }) => text)).toEqual(["–", "5*", "10"]);
    expect(figure?.alternative).toBe(
      "By month. 2026-08: not measured, no lead time, not observed whole; 2026-09: 5 deployments, lead time 1 d in the median, 10 d at the 90th percentile, not observed whole; 2026-10: 10 deployments, lead time 1 d in the median, 10 d at the 90th percentile.",
    );
    expect(figure?.medians).toHaveLength(2);
  });

  it("needs two months, and stands where nothing or one thing was measured", () => {
    expect(trendFigure(months.slice(2))).toBeNull();
    for (const some of [months.map((month) => ({ ...month, measures: none })), months]) {
      const figure = trendFigure(some);
      expect(JSON.stringify(figure)).not.toMatch(/NaN|Infinity|null,"y"/);
    }
    const instant = months.map((month) => ({ ...month, measures: { ...measures, leadTimeMedian: 0, leadTimeP90: 0 } }));
    expect(JSON.stringify(trendFigure(instant))).not.toMatch(/NaN|Infinity/);
  });
});
