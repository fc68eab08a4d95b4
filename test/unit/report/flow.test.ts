import { describe, expect, it } from "vitest";
import { commitFlow } from "../../../src/report/flow.ts";
import { flowFigure } from "../../../src/report/flow-figure.ts";
import { openPack } from "../../../src/report/pack.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const flowOf = (result = assessmentFixture()) => commitFlow(openPack(result));
const counts = (flow: ReturnType<typeof flowOf>) =>
  Object.fromEntries(flow.gates.map(({ id, leaks, unseen }) => [id, [leaks.length, unseen.length]]));

describe("the flow of commits", () => {
  it("loses each commit at the first gate it fails, and adds up", () => {
    const flow = flowOf();
    expect(counts(flow)).toEqual({
      change: [2, 0],
      approval: [4, 0],
      tests: [1, 14],
      rules: [1, 0],
      production: [1, 0],
    });
    const lost = flow.gates.reduce((sum, { leaks, unseen }) => sum + leaks.length + unseen.length, 0);
    expect(flow.commits).toBe(lost + flow.waiting + flow.delivered);
    const { passed, failed, waived, open } = flow.verdict;
    expect(passed + failed + waived + open).toBe(flow.commits);
    expect(waived).toBe(1);
  });

  it("of a clean month leaks nothing", () => {
    const flow = flowOf(assessmentFixture({ clean: true }));
    expect(Object.values(counts(flow)).flat()).toEqual(Array(10).fill(0));
    expect(flow.verdict.passed).toBe(flow.commits);
  });

  it("never counts an undeployed change as waiting where deployments could not be read", () => {
    const result = assessmentFixture({ clean: true });
    for (const row of result.coverage) {
      if (row.kind === "deployments" && row.system === "ledger") row.status = "unobserved";
    }
    const flow = flowOf(result);
    expect(counts(flow).production).toEqual([0, 1]);
    expect(flow.waiting).toBe(4);
  });
});

describe("its figure", () => {
  const many = (commits: number, leaks: number) => {
    const base = flowOf();
    const leak = base.gates[0]?.leaks[0];
    if (!leak) throw new Error("the fixture has no leak");
    const gates = base.gates.map((gate, index) => ({
      ...gate,
      entering: index === 0 ? commits : commits - leaks,
      leaks: index === 0 ? Array(leaks).fill(leak) : [],
      unseen: [],
    }));
    return flowFigure({ ...base, commits, gates, waiting: 0, delivered: commits - leaks });
  };
  const numbers = (figure: ReturnType<typeof flowFigure>): number[] =>
    [...figure.stream, ...figure.leaks.map(({ path }) => path)].flatMap((path) =>
      (path.match(/-?[\d.]+/g) ?? []).map(Number),
    );

  it.each([
    [0, 0],
    [1, 0],
    [1, 1],
    [418, 8],
    [100_000, 1],
    [100_000, 100_000],
  ])("stays inside its frame with %i commits and %i leaks", (commits, leaks) => {
    const figure = many(commits, leaks);
    expect(numbers(figure).every((value) => Number.isFinite(value) && value >= 0 && value <= figure.width)).toBe(true);
    expect(figure.leaks).toHaveLength(leaks > 0 ? 1 : 0);
    expect(figure.counts[0]?.text).toBe(commits.toLocaleString("en-GB"));
  });

  it("links each leak to its list and says everything in words too", () => {
    const figure = flowFigure(flowOf());
    expect(figure.leaks.map(({ anchor }) => anchor)).toEqual([
      "leak-change",
      "leak-approval",
      "leak-tests",
      "leak-rules",
      "leak-production",
    ]);
    expect(figure.leaks[1]).toMatchObject({ text: "4 without valid approval", more: "1 waived in advance" });
    expect(figure.unseen.map(({ text }) => text)).toEqual(["14 not verifiable"]);
    expect(figure.alternative).toContain(
      "Of 64 commits that reached a released branch: 62 by a change (2 failed, 0 not verifiable)",
    );
  });
});
