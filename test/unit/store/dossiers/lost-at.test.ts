import { describe, expect, test } from "vitest";
import type { BranchActivity, EntityOf, GraphCommit, Seen } from "../../../../src/model/entity.ts";
import { firstParentLine, pushedAway } from "../../../../src/store/dossiers/first-parent-line.ts";
import { lostAt } from "../../../../src/store/dossiers/lost-at.ts";

const repository = "github/1";
const graph = new Map(
  [
    ["a", []],
    ["lost", ["a"]],
    ["after", ["lost"]],
    ["kept", ["a"]],
  ].map(([oid, parents]) => {
    const commit = {
      type: "graphCommit",
      key: `${repository}@${oid}`,
      repository,
      oid,
      parents,
      tree: oid,
      changes: [],
    };
    return [oid as string, { ...commit, record: 1 } as unknown as Seen<GraphCommit>];
  }),
);
const look = (oid: string, observedAt: string): Seen<EntityOf<"branchHead">> => ({
  type: "branchHead",
  key: `${repository}/main/${observedAt}`,
  repository,
  branch: "main",
  oid,
  observedAt,
  record: 2,
});
const [september, still, october, november] = [
  look("lost", "2026-09-20T00:00:00Z"),
  look("after", "2026-09-30T00:00:00Z"),
  look("kept", "2026-10-02T00:00:00Z"),
  look("kept", "2026-11-02T00:00:00Z"),
] as const;
const gone = (heads: readonly Seen<EntityOf<"branchHead">>[], moves: readonly Partial<BranchActivity>[] = []) => {
  const line = firstParentLine(heads, graph);
  const away = pushedAway(line, graph, [], heads, "2026-01-01T00:00:00Z", () => new Set());
  return away
    .filter(({ graph: { oid } }) => oid === "lost")
    .map((one) => lostAt(one, line, graph, heads, moves as Seen<BranchActivity>[]));
};

describe("when the branch lost a commit", () => {
  test("is the first look without it, whatever later look it is known by", () => {
    expect(gone([september, still, october, november])).toEqual(["2026-10-02T00:00:00Z"]);
    expect(gone([september, november])).toEqual(["2026-11-02T00:00:00Z"]);
  });

  test("is the move that took it, where one is on record between the looks", () => {
    const force = { activity: "forcePush", at: "2026-10-01T09:00:00Z" } as const;
    expect(gone([september, still, october], [force])).toEqual([force.at]);
    expect(gone([september, still, october], [{ ...force, at: "2026-09-01T09:00:00Z" }])).toEqual([
      "2026-10-02T00:00:00Z",
    ]);
  });
});
