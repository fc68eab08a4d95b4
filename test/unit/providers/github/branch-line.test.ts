import fc from "fast-check";
import { expect, test } from "vitest";
import { branchLine, type LineCommit, startLine } from "../../../../src/providers/github/branch-line.ts";

interface Graph {
  readonly parents: ReadonlyMap<string, readonly string[]>;
  /** Newest first: a commit's number is its time. */
  readonly order: readonly LineCommit[];
}

/** A graph in which each commit has one or two earlier parents; the newest is the head. */
const graphs = fc
  .array(fc.tuple(fc.nat(3), fc.option(fc.nat(8))), { minLength: 2, maxLength: 60 })
  .map((steps): Graph => {
    const parents = new Map<string, string[]>([["c0", []]]);
    steps.forEach(([near, far], at) => {
      const number = at + 1;
      const first = `c${Math.max(0, number - 1 - near)}`;
      const second = far === null ? undefined : `c${Math.max(0, number - 1 - far)}`;
      parents.set(`c${number}`, second === undefined || second === first ? [first] : [first, second]);
    });
    const head = `c${steps.length}`;
    const order = [...ancestors(parents, head)].sort((a, b) => Number(b.slice(1)) - Number(a.slice(1)));
    return { parents, order: order.map((oid) => ({ oid, parents: parents.get(oid) ?? [], boundary: false })) };
  });

function ancestors(
  parents: ReadonlyMap<string, readonly string[]>,
  oid: string,
  found = new Set<string>(),
): Set<string> {
  if (found.has(oid)) return found;
  found.add(oid);
  for (const parent of parents.get(oid) ?? []) ancestors(parents, parent, found);
  return found;
}

function firstParents(parents: ReadonlyMap<string, readonly string[]>, head: string): string[] {
  const line = [];
  for (let oid: string | undefined = head; oid; oid = parents.get(oid)?.[0]) line.push(oid);
  return line;
}

test("a walk that says it is done has met every commit that was not below the known head, however it was cut into pages", () => {
  fc.assert(
    fc.property(graphs, fc.nat(), fc.integer({ min: 1, max: 7 }), ({ parents, order }, pick, size) => {
      const head = (order[0] as LineCommit).oid;
      const onLine = firstParents(parents, head);
      const known = onLine[pick % onLine.length] as string;
      const below = ancestors(parents, known);
      let state = startLine(head, known);
      const read = new Set<string>();
      let done = false;
      // A new object for each page: as after an interruption, only its plain state goes on.
      for (let at = 0; at < order.length && !done; at += size) {
        const line = branchLine(JSON.parse(JSON.stringify(state)), known);
        for (const commit of order.slice(at, at + size)) {
          line.add(commit);
          read.add(commit.oid);
        }
        state = line.state();
        done = line.done();
      }
      expect(state.met).toBe(true);
      for (const { oid } of order) if (!below.has(oid)) expect(read).toContain(oid);
    }),
  );
});

test("a head that was taken off the line is never met", () => {
  const line = branchLine(startLine("c3", "gone"), "gone");
  for (const [oid, parent] of [
    ["c3", "c2"],
    ["c2", "c1"],
    ["c1", undefined],
  ] as const)
    line.add({ oid, parents: parent ? [parent] : [], boundary: true });
  expect(line.done()).toBe(false);
  expect(line.state().met).toBe(false);
});

test("the first walk ends at the boundary, once the branches merged above it are known", () => {
  const line = branchLine(startLine("m2", null), null);
  line.add({ oid: "m2", parents: ["m1", "s1"], boundary: false });
  line.add({ oid: "m1", parents: ["m0"], boundary: true });
  expect(line.done()).toBe(false);
  line.add({ oid: "s1", parents: ["m0"], boundary: false });
  expect(line.done()).toBe(true);
});

test("the commits of the line are given once each, the known head and what was merged into it not among them", () => {
  const line = branchLine(startLine("m2", "m0"), "m0");
  line.add({ oid: "m2", parents: ["m1", "s1"], boundary: false });
  line.add({ oid: "s1", parents: ["m0"], boundary: false });
  expect(line.taken()).toEqual(["m2"]);
  line.add({ oid: "m1", parents: ["m0"], boundary: false });
  line.add({ oid: "m0", parents: [], boundary: false });
  expect(line.taken()).toEqual(["m1"]);
  expect(line.taken()).toEqual([]);
});
