import { describe, expect, test } from "vitest";
import type { BranchActivity, Change, EntityOf, GraphCommit, Seen } from "../../../../src/model/entity.ts";
import {
  type BeforeMerge,
  explainLine,
  firstParentLine,
  type Line,
  mergedElsewhere,
  mergesOfLine,
  placeLine,
  pushedAway,
} from "../../../../src/store/dossiers/first-parent-line.ts";

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
const explain = (line: Line, changes: Seen<Change>[], before: Partial<BeforeMerge> = {}) =>
  explainLine(line, mergesOfLine(line, changes), {
    heads: [],
    moves: new Map(),
    ownOids: () => new Set(),
    ...before,
  });
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
    const explained = explain(line, [change(7, "d", "2026-10-03T00:00:00Z", 3)]);
    expect([...explained.keys()].sort()).toEqual(["b", "c", "d"]);
  });

  test("a commit pushed on top of a change's branch is not explained by the association alone", () => {
    const line = firstParentLine(looks, commits);
    const explained = explain(line, [change(7, "d", "2026-10-03T00:00:00Z", 2)]);
    expect([...explained.keys()].sort()).toEqual(["c", "d"]);
  });

  describe("below the merge, not what was there before it:", () => {
    const move = (record: number, activity: BranchActivity["activity"]) =>
      ({ activity, record }) as Seen<BranchActivity>;
    const merged = change(7, "d", "2026-10-03T00:00:00Z", 3);
    const of = (before: Partial<BeforeMerge>) =>
      [...explain(firstParentLine(looks, commits), [merged], before).keys()].sort();

    test("one of the change's own commits, of which a rebase makes new ones", () => {
      expect(of({ ownOids: () => new Set(["x", "b", "y"]) })).toEqual(["c", "d"]);
    });

    test("what came by a push of its own, or by another merge", () => {
      const [merge, push] = [move(1, "merge"), move(2, "push")];
      const asPlaced = (...moves: Seen<BranchActivity>[]) => new Map(moves.map((each, at) => [at + 1, each]));
      expect(of({ moves: asPlaced(merge, merge, merge) })).toEqual(["b", "c", "d"]);
      expect(of({ moves: asPlaced(push, merge, merge) })).toEqual(["c", "d"]);
      expect(of({ moves: asPlaced(move(3, "merge"), merge, merge) })).toEqual(["c", "d"]);
    });

    test("what a look had seen", () => {
      expect(of({ heads: [head("b", "2026-10-02T00:00:00Z")] })).toEqual(["c", "d"]);
      expect(of({ heads: [head("b", "2026-10-04T00:00:00Z")] })).toEqual(["b", "c", "d"]);
    });

    test("but the change's own commits where its head itself was put there, all by one push", () => {
      expect(of({ ownOids: () => new Set(["b", "c", "d"]) })).toEqual(["b", "c", "d"]);
      const [first, second] = [move(1, "push"), move(2, "push")];
      expect(
        of({
          ownOids: () => new Set(["b", "c", "d"]),
          moves: new Map([
            [1, first],
            [2, second],
            [3, second],
          ]),
        }),
      ).toEqual(["c", "d"]);
    });

    test("anything below a merge of two parents", () => {
      const line = firstParentLine(
        looks,
        graph(...commits.values(), commit("side", ["b"]), commit("d", ["c", "side"], [7])),
      );
      expect([...explain(line, [merged]).keys()]).toEqual(["d"]);
    });
  });

  test("is every change whose merge it is, by merge time", () => {
    const twins = [change(9, "d", "2026-10-04T00:00:00Z"), change(7, "d", "2026-10-03T00:00:00Z")];
    const explained = explain(firstParentLine(looks, commits), twins);
    expect(explained.get("d")?.map(({ number }) => number)).toEqual([7, 9]);
  });

  test("a change whose merge commit is elsewhere explains nothing", () => {
    expect(explain(firstParentLine(looks, commits), [change(7, "elsewhere", "2026-10-03T00:00:00Z", 3)]).size).toBe(0);
  });
});

describe("when a commit reached the branch", () => {
  const commits = graph(commit("a", []), commit("b", ["a"]), commit("c", ["b"]), commit("d", ["c"]));
  const changes = [change(1, "a", "2026-10-01T08:00:00Z"), change(3, "c", "2026-10-03T08:00:00Z")];

  test("between the merges around it, and between the look before and the look that saw it", () => {
    const heads = [head("a", "2026-10-02T00:00:00Z"), head("d", "2026-10-05T00:00:00Z")];
    const line = firstParentLine(heads, commits);
    const reached = placeLine(line, explain(line, changes), heads, "2026-09-01T00:00:00Z");
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

describe("a force push", () => {
  const commits = graph(
    commit("a", []),
    commit("b", ["a"]),
    commit("x", ["b"]),
    commit("x2", ["x"]),
    commit("y", ["b"]),
  );
  const heads = [
    head("b", "2026-10-02T00:00:00Z"),
    head("x2", "2026-10-05T00:00:00Z"),
    head("y", "2026-10-07T00:00:00Z"),
  ];
  const beginning = "2026-09-01T00:00:00Z";
  const lost = (changes: Seen<Change>[], given = commits) =>
    pushedAway(firstParentLine(heads, given), given, changes, heads, beginning, () => new Set()).map((one) => ({
      oid: one.graph.oid,
      from: one.reached.from,
      to: one.reached.to,
      by: one.changes[0]?.number,
      head: one.head.oid,
    }));

  test("leaves the commits it pushed away in the population, between the looks that saw them come", () => {
    const between = { from: "2026-10-02T00:00:00Z", to: "2026-10-05T00:00:00Z", by: undefined, head: "x2" };
    expect(lost([])).toEqual([
      { oid: "x", ...between },
      { oid: "x2", ...between },
    ]);
  });

  test("also those that a change had put there, at its merge", () => {
    const at = "2026-10-04T00:00:00Z";
    expect(lost([change(9, "x2", at)])[1]).toEqual({ oid: "x2", from: at, to: at, by: 9, head: "x2" });
  });

  test("leaves what came in its place after the last look that did not have it", () => {
    const line = firstParentLine(heads, commits);
    const at = (known: typeof commits) => placeLine(line, new Map(), heads, beginning, new Map(), known).at(-1)?.from;
    expect(at(commits)).toBe("2026-10-05T00:00:00Z");
    expect(at(new Map())).toBe("2026-10-02T00:00:00Z");
  });

  test("is not claimed where the present line was not read down to where they would meet", () => {
    expect(lost([], graph(commit("a", []), commit("x", ["a"]), commit("x2", ["x"]), commit("y", ["unread"])))).toEqual(
      [],
    );
  });
});

describe("the branch a change was merged to", () => {
  const oids = ["a", "b", "c", "d", "e"];
  const line = firstParentLine(
    [head("e", "2026-10-09T00:00:00Z")],
    graph(...oids.map((oid, place) => commit(oid, oids.slice(0, place).slice(-1)))),
  );
  const elsewhere = (bases: string[], heads = [head("e", "2026-10-09T00:00:00Z")], also: string[] = []) => {
    const changes = bases.map((baseRef, place) => ({
      ...change(place + 1, oids[place] ?? "", `2026-10-0${place + 1}T08:00:00Z`),
      baseRef,
    }));
    return [...mergedElsewhere(line, explain(line, changes), ["main", ...also], heads)].map(([key, base]) => [
      key.slice(-1),
      base,
    ]);
  };

  test("is the released one by a former name where its names follow each other", () => {
    expect(elsewhere(["master", "master", "master", "main", "main"])).toEqual([]);
    expect(elsewhere(["trunk", "master", "master", "main", "main"])).toEqual([]);
  });

  test("is another one where names interleave, are few, or a look had seen the present name", () => {
    expect(elsewhere(["main", "main", "own", "main", "main"])).toEqual([["3", "own"]]);
    expect(elsewhere(["main", "main", "main", "main", "own"])).toEqual([["5", "own"]]);
    expect(elsewhere(["master", "master", "own", "main", "main"])).toEqual([["3", "own"]]);
    expect(elsewhere(["own", "main", "own", "main", "main"])).toEqual([
      ["1", "own"],
      ["3", "own"],
    ]);
    expect(elsewhere(["own", "main", "main"], [head("a", "2026-09-30T00:00:00Z")])).toEqual([["1", "own"]]);
  });

  test("is no other where it is one that changes are promoted through", () => {
    expect(elsewhere(["main", "release", "main"], undefined, ["release"])).toEqual([]);
  });

  test("leaves the time at which its commit reached the line open", () => {
    const changes = [{ ...change(1, "b", "2026-10-02T08:00:00Z"), baseRef: "own" }];
    const heads = [head("a", "2026-10-01T00:00:00Z"), head("e", "2026-10-09T00:00:00Z")];
    const explained = explain(line, changes);
    const names = mergedElsewhere(line, explained, ["main"], heads);
    expect(placeLine(line, explained, heads, "2026-09-01T00:00:00Z", names)[1]).toEqual({
      from: "2026-10-01T00:00:00Z",
      to: "2026-10-09T00:00:00Z",
      exact: false,
    });
  });
});
