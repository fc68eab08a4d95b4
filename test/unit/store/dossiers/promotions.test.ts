import { expect, it } from "vitest";
import type { Change, GraphCommit, Seen } from "../../../../src/model/entity.ts";
import { promotionsOf } from "../../../../src/store/dossiers/promotions.ts";
import type { RepositoryPeriod } from "../../../../src/store/dossiers/repository-period.ts";

const commit = (oid: string, tree: string) => ({ oid, tree, parents: [], changes: [] }) as unknown as Seen<GraphCommit>;
const change = (number: number, mergeOid: string, baseRef: string, mergedAt = "2026-10-05T00:00:00Z") =>
  ({
    number,
    mergeOid,
    baseRef,
    mergedAt,
    title: "Release",
    url: "https://github.example/1",
    record: number,
  }) as unknown as Seen<Change>;

it("names the commit of the landing branch whose tree a promotion carries, and says where there is none", () => {
  const onMain = commit("a", "tree-a");
  const graph = [onMain, commit("p", "tree-a"), commit("q", "other")];
  const changes = [
    change(1, "p", "prod"),
    change(2, "q", "prod"),
    change(3, "a", "main"),
    change(4, "p", "prod", "2026-11-05T00:00:00Z"),
  ];
  const repository = {
    view: { repository: { system: "shop", promotedThrough: ["prod"] } },
    line: { commits: [onMain] },
    graph: new Map(graph.map((one) => [one.oid, one])),
    byNumber: new Map(changes.map((one) => [one.number, one])),
  } as unknown as RepositoryPeriod;
  const found = promotionsOf(repository, { from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z" });
  expect(found.map(({ label, branch, identicalTo }) => [label, branch, identicalTo])).toEqual([
    ["#1", "prod", "a"],
    ["#2", "prod", null],
  ]);
});
