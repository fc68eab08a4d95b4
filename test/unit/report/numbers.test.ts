import { describe, expect, it } from "vitest";
import { renderDocument } from "../../../src/report/index.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";
import { bodyOf, elementsOf } from "../../fixtures/html-tree.ts";
import { firstPageLeads, flowAddsUp, tablesAddUp } from "../../fixtures/printed-numbers.ts";

describe.each([
  ["a month with planted violations", {}],
  ["a month without any", { clean: true }],
  ["a month with more changes than a list names", { changes: 60 }],
] as const)("the printed numbers of %s", (_title, options) => {
  const html = renderDocument(assessmentFixture(options));

  it("lead from the first page to lists of as many", () => {
    expect(firstPageLeads(html)).toBeGreaterThan(9);
  });

  it("are the sums of their parts in every table that has a total", () => {
    expect(tablesAddUp(html)).toBeGreaterThan(60);
    flowAddsUp(html);
  });

  it("stand under anchors that are there once", () => {
    const ids = elementsOf(bodyOf(html)).flatMap(({ attributes }) => attributes.get("id") ?? []);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });
});

describe("the headline", () => {
  const headline = (options: { clean?: boolean }, spoil: (result: ReturnType<typeof assessmentFixture>) => void) => {
    const result = assessmentFixture(options);
    spoil(result);
    const h1 = elementsOf(bodyOf(renderDocument(result))).find(({ tag }) => tag === "h1");
    return (
      elementsOf(h1 as never).length +
      (h1?.children ?? []).map((one) => JSON.stringify(typeof one === "string" ? one : one.children)).join("")
    );
  };

  it("does not say that all passed where a criterion is graver, and names it", () => {
    expect(headline({ clean: true }, () => undefined)).not.toContain("yet");
    expect(
      headline({ clean: true }, ({ criteria }) => {
        for (const criterion of criteria) criterion.result = "aboveThreshold";
      }),
    ).toMatch(/ to them, yet .*are above management's threshold/);
    expect(
      headline({ clean: true }, ({ criteria }) => {
        for (const criterion of criteria) criterion.result = "evidenceIncomplete";
      }),
    ).toMatch(/yet the evidence for .* is incomplete/);
  });

  it("claims to know no more commits than the branches that were read whole", () => {
    const gap = headline({ clean: true }, ({ coverage }) => {
      for (const row of coverage.filter(({ kind }) => kind === "commits").slice(0, 1)) row.status = "partial";
    });
    expect(gap).toContain("are known to have reached");
  });
});
