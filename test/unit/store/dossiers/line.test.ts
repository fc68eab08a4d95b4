import { describe, expect, test } from "vitest";
import type { Change, EntityOf, GraphCommit, Seen } from "../../../../src/model/entity.ts";
import { explainLine, firstParentLine, placeLine } from "../../../../src/store/dossiers/first-parent-line.ts";

const repository = "github/1";
const commit = (oid: string, parents: string[], changes: number[] = []): Seen<GraphCommit> => ({
  type: "graphCommit",
  key: `${repository}@${oid}`,
  repository,
  oid,
  parents,
  tree: `tree-${oid}`,
  changes,
  record: 1,
});
const head = (oid: string, observedAt: string): Seen<EntityOf<"branchHead">> => ({
  type: "branchHead",
  key: `${repository}/main/${observedAt}`,
  repository,
  branch: "main",
  oid,
  observedAt,
  record: 2,
});
const change = (number: number, mergeOid: string, mergedAt: string, commits = 1): Seen<Change> =>
  ({
    type: "change",
    key: `${repository}#${number}`,
    repository,
    number,
    mergeOid,
    mergedAt,
    totals: { commits },
  }) as Seen<Change>;
const graph = (...commits: Seen<GraphCommit>[]) => new Map(commits.map((c) => [c.oid, c]));

describe("the first-parent line", () => {
  test("follows first parents only, whatever a merge brought from the side", () => {
    const line = firstParentLine(
      [head("m", "2026-10-05T00:00:00Z")],
      graph(commit("a", []), commit("side", ["a"]), commit("m", ["a", "side"])),
    );
    expect(line.commits.map((c) => c.oid)).toEqual(["a", "m"]);
    expect(line.fromRoot).toBe(true);
  });

  test("is not whole from its root where collecting stopped before it", () => {
    expect(firstParentLine([head("b", "2026-10-05T00:00:00Z")], graph(commit("b", ["a"]))).fromRoot).toBe(false);
  });
});

describe("what explains a commit", () => {
  const looks = [head("e", "2026-10-09T00:00:00Z")];
  const commits = graph(
    commit("a", []),
    commit("b", ["a"], [7]),
    commit("c", ["b"], [7]),
    commit("d", ["c"], [7]),
    commit("e", ["d"]),
  );

  test("a rebase of three commits maps each to its change", () => {
    const line = firstParentLine(looks, commits);
    const explained = explainLine(line, [change(7, "d", "2026-10-03T00:00:00Z", 3)]);
    expect([...explained.keys()].sort()).toEqual(["b", "c", "d"]);
  });

  test("a commit pushed on top of a change's branch is not explained by the association alone", () => {
    const line = firstParentLine(looks, commits);
    const explained = explainLine(line, [change(7, "d", "2026-10-03T00:00:00Z", 2)]);
    expect([...explained.keys()].sort()).toEqual(["c", "d"]);
  });

  test("a change whose merge commit is elsewhere explains nothing", () => {
    expect(explainLine(firstParentLine(looks, commits), [change(7, "elsewhere", "2026-10-03T00:00:00Z", 3)]).size).toBe(
      0,
    );
  });
});

describe("when a commit reached the branch", () => {
  const commits = graph(commit("a", []), commit("b", ["a"]), commit("c", ["b"]), commit("d", ["c"]));
  const changes = [change(1, "a", "2026-10-01T08:00:00Z"), change(3, "c", "2026-10-03T08:00:00Z")];

  test("between the merges around it, and between the look before and the look that saw it", () => {
    const heads = [head("a", "2026-10-02T00:00:00Z"), head("d", "2026-10-05T00:00:00Z")];
    const line = firstParentLine(heads, commits);
    const reached = placeLine(line, explainLine(line, changes), heads, "2026-09-01T00:00:00Z");
    expect(placeLine(line, new Map(), heads, "2026-09-01T00:00:00Z")[0]).toEqual({
      from: "2026-09-01T00:00:00Z",
      to: "2026-10-02T00:00:00Z",
      exact: false,
    });
    expect(reached[1]).toEqual({ from: "2026-10-02T00:00:00Z", to: "2026-10-03T08:00:00Z", exact: false });
    expect(reached[2]).toEqual({ from: "2026-10-03T08:00:00Z", to: "2026-10-03T08:00:00Z", exact: true });
    expect(reached[3]).toEqual({ from: "2026-10-03T08:00:00Z", to: "2026-10-05T00:00:00Z", exact: false });
  });
});
