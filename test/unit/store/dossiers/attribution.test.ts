import { describe, expect, test } from "vitest";
import type { Deployment, EntityOf, GraphCommit, Seen } from "../../../../src/model/entity.ts";
import { attributeDeployments } from "../../../../src/store/dossiers/attribution.ts";
import { firstParentLine } from "../../../../src/store/dossiers/first-parent-line.ts";

const repository = "github/1";
const commit = (oid: string, parents: string[], tree = oid): Seen<GraphCommit> => ({
  type: "graphCommit",
  key: `${repository}@${oid}`,
  repository,
  oid,
  parents,
  tree,
  changes: [],
  record: 1,
});
const deployment = (id: string, oid: string, at: string) => ({
  deployment: {
    type: "deployment",
    key: `${repository}/deployments/${id}`,
    repository,
    id,
    oid,
    environment: "production",
    createdAt: at,
    record: 3,
  } as Seen<Deployment>,
  statuses: [],
  succeededAt: at,
});
const commits = [
  commit("a", []),
  commit("b", ["a"]),
  commit("c", ["b"]),
  commit("d", ["c"]),
  commit("fork", ["b"]),
  commit("promoted", ["a", "c"], "c"),
];
const graph = new Map(commits.map((c) => [c.oid, c]));
const head: Seen<EntityOf<"branchHead">> = {
  type: "branchHead",
  key: "h",
  repository,
  branch: "main",
  oid: "d",
  observedAt: "2026-10-09T00:00:00Z",
  record: 2,
};
const line = firstParentLine([head], graph);
const run = (...items: ReturnType<typeof deployment>[]) =>
  attributeDeployments(items, line, graph).map((d) => ({
    id: d.deployment.id,
    onBranch: d.onBranch,
    before: d.deployedBefore?.id,
    fallBack: d.fallBack?.id,
    brought: d.brought && line.commits.slice(d.brought.from, d.brought.to).map((c) => c.oid),
  }));

describe("which deployment brought a commit", () => {
  test("the first one that had it, in the order of success, whatever order they come in", () => {
    expect(
      run(deployment("2", "d", "2026-10-05T00:00:00Z"), deployment("1", "b", "2026-10-02T00:00:00Z")),
    ).toMatchObject([
      { id: "1", brought: ["a", "b"], onBranch: true },
      { id: "2", brought: ["c", "d"], onBranch: true },
    ]);
  });

  test("a fall-back brings nothing, and what it left out is not brought twice", () => {
    expect(
      run(
        deployment("1", "b", "2026-10-01T00:00:00Z"),
        deployment("2", "d", "2026-10-02T00:00:00Z"),
        deployment("3", "b", "2026-10-03T00:00:00Z"),
        deployment("4", "d", "2026-10-04T00:00:00Z"),
      ),
    ).toMatchObject([
      { brought: ["a", "b"], before: undefined, fallBack: undefined },
      { brought: ["c", "d"], fallBack: "1" },
      { brought: [], before: "1", fallBack: "2" },
      { brought: [], before: "2", fallBack: "3" },
    ]);
  });

  test("25: a commit of a fork is not on the branch, though it descends from it", () => {
    expect(
      run(deployment("1", "fork", "2026-10-01T00:00:00Z"), deployment("2", "a", "2026-10-02T00:00:00Z"))[1],
    ).toMatchObject({
      fallBack: undefined,
    });
    expect(run(deployment("1", "fork", "2026-10-01T00:00:00Z"))).toMatchObject([
      { onBranch: false, brought: undefined },
    ]);
  });

  test("a second parent of a merge is an ancestor that was never the tip, which is not off the branch", () => {
    const whole = [commit("a", []), commit("side", ["a"]), commit("m", ["a", "side"]), commit("other", ["a"])];
    const merge = new Map(whole.map((one) => [one.oid, one]));
    const merged = firstParentLine([{ ...head, oid: "m" }], merge);
    const place = (oid: string) =>
      attributeDeployments([deployment("1", oid, "2026-10-01T00:00:00Z")], merged, merge)[0];
    expect(place("side")).toMatchObject({ onBranch: undefined, offLine: true, brought: undefined });
    expect(place("other")).toMatchObject({ onBranch: false, offLine: false });
  });

  test("a promotion with an identical tree stands for the commit of the line it carries", () => {
    expect(run(deployment("1", "promoted", "2026-10-01T00:00:00Z"))).toMatchObject([
      { onBranch: true, brought: ["a", "b", "c"] },
    ]);
  });

  test("an identical tree stands for the commit of the line that can have been there, not for a later one", () => {
    // d gives back what b had.
    const whole = [
      commit("a", []),
      commit("b", ["a"], "t"),
      commit("c", ["b"]),
      commit("d", ["c"], "t"),
      commit("x", ["a"], "t"),
    ];
    const known = new Map(whole.map((one) => [one.oid, one]));
    const back = firstParentLine([head], known);
    const reached = ["01", "02", "04", "06"].map((day) => ({ from: `2026-10-${day}T00:00:00Z` }));
    const at = (day: string) =>
      attributeDeployments([deployment("1", "x", `2026-10-${day}T12:00:00Z`)], back, known, new Set(), reached)[0]
        ?.brought;
    expect(at("05")).toEqual({ from: 0, to: 2 });
    expect(at("06")).toEqual({ from: 0, to: 4 });
    // Deployed before the branch had it: what came later is judged with the time.
    expect(at("01")).toEqual({ from: 0, to: 2 });
  });

  test("a version that never ran and brings nothing is known by its own place", () => {
    const stand = (...items: ReturnType<typeof deployment>[]) =>
      attributeDeployments(items, line, graph).map(({ standsAt }) => standsAt);
    expect(
      stand(
        deployment("1", "b", "2026-10-01T00:00:00Z"),
        deployment("2", "d", "2026-10-02T00:00:00Z"),
        deployment("3", "c", "2026-10-03T00:00:00Z"),
        deployment("4", "b", "2026-10-04T00:00:00Z"),
      ),
    ).toEqual([undefined, undefined, 2, undefined]);
  });

  test("a commit that is not in the graph is off the branch only where the graph is whole", () => {
    expect(run(deployment("1", "unknown", "2026-10-01T00:00:00Z"))).toMatchObject([{ onBranch: false }]);
    const cut = firstParentLine([head], new Map([...graph].filter(([oid]) => oid !== "a")));
    expect(attributeDeployments([deployment("1", "unknown", "2026-10-01T00:00:00Z")], cut, graph)).toMatchObject([
      { onBranch: undefined },
    ]);
  });
});
