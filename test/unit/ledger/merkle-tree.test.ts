import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { frontier } from "../../../src/ledger/frontier.ts";
import { hashSync } from "../../../src/ledger/hashing.ts";
import { leafHash } from "../../../src/ledger/leaf.ts";
import { merkleTree } from "../../../src/ledger/merkle-tree.ts";
import { verifyConsistency } from "../../../src/ledger/verify-consistency.ts";
import { multiProofRoot } from "../../../src/ledger/verify-multi-proof.ts";
import { sha256 } from "../../../src/util/hash.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

// The vectors of certificate-transparency's merkle_tree_test: eight leaves, the root after each.
const inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const roots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const inclusions: [leaf: number, size: number, proof: string[]][] = [
  [0, 1, []],
  [
    0,
    8,
    [
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
  ],
  [
    5,
    8,
    [
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
  ],
  [2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]],
];
const consistencies: [from: number, size: number, proof: string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
  ],
  [
    6,
    8,
    [
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
  ],
  [
    2,
    5,
    [
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
  ],
];

const leavesOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => leafHash(sha256, Buffer.from(`${i}`)));
const known = inputs.map((input) => leafHash(sha256, Buffer.from(input, "hex")));
const fromHex = (text = ""): Uint8Array => Buffer.from(text, "hex");

describe("known answers", () => {
  const tree = merkleTree(sha256, known);

  it("hashes nothing to SHA-256 of nothing", () => {
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    expect(hex(merkleTree(sha256, []).root())).toBe(empty);
    expect(hex(frontier(sha256).root())).toBe(empty);
  });

  it("gives the root after each leaf, whole and incrementally", () => {
    const edge = frontier(sha256);
    for (const [index, root] of roots.entries()) {
      edge.append(known[index] as Uint8Array);
      expect(hex(edge.root())).toBe(root);
      expect(hex(tree.root(index + 1))).toBe(root);
    }
  });

  it.each(inclusions)("proves that leaf %i is in the first %i", (position, size, proof) => {
    expect(tree.multiProof([position], size).map(hex)).toEqual(proof);
    const placed = [{ position, leaf: known[position] as Uint8Array }];
    const root = hashSync(sha256, multiProofRoot(size, placed, proof.map(fromHex)));
    expect(root && hex(root)).toBe(roots[size - 1]);
  });

  it.each(consistencies)("proves that %i leaves continue in %i", (from, size, proof) => {
    expect(tree.consistencyProof(from, size).map(hex)).toEqual(proof);
    const [older, newer] = [fromHex(roots[from - 1]), fromHex(roots[size - 1])];
    expect(hashSync(sha256, verifyConsistency(from, older, size, newer, proof.map(fromHex)))).toBe(true);
  });
});

describe("for a tree of any size", () => {
  const leaves = leavesOf(260);
  const tree = merkleTree(sha256, leaves);
  const placed = (positions: readonly number[]) =>
    positions.map((position) => ({ position, leaf: leaves[position] as Uint8Array }));
  const sizeAndPlaces = fc
    .integer({ min: 1, max: leaves.length })
    .chain((size) => fc.tuple(fc.constant(size), fc.subarray([...leaves.keys()].slice(0, size))));
  const sizeAndIndex = fc
    .integer({ min: 1, max: leaves.length })
    .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));

  it("any set of leaves leads to its root", () => {
    fc.assert(
      fc.property(sizeAndPlaces, ([size, positions]) => {
        const root = hashSync(sha256, multiProofRoot(size, placed(positions), tree.multiProof(positions, size)));
        expect(root && hex(root)).toBe(hex(tree.root(size)));
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  it("one proof for many leaves holds each subtree without any of them once, and nothing else", () => {
    fc.assert(
      fc.property(sizeAndPlaces, ([size, positions]) => {
        const expected = untouched(positions, 0, size).map(([from, to]) =>
          hex(merkleTree(sha256, leaves.slice(from, to)).root()),
        );
        expect(tree.multiProof(positions, size).map(hex).sort()).toEqual(expected.sort());
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it("every earlier tree is shown to continue", () => {
    fc.assert(
      fc.property(sizeAndIndex, ([size, index]) => {
        const from = index + 1;
        const proof = tree.consistencyProof(from, size);
        expect(hashSync(sha256, verifyConsistency(from, tree.root(from), size, tree.root(size), proof))).toBe(true);
      }),
      { seed: 3, numRuns: 500 },
    );
  });

  it("a frontier stored at any size goes on to the same root", () => {
    fc.assert(
      fc.property(sizeAndIndex, ([size, stop]) => {
        const first = frontier(sha256);
        for (const leaf of leaves.slice(0, stop)) first.append(leaf);
        const second = frontier(sha256, first.size(), first.bytes());
        for (const leaf of leaves.slice(stop, size)) second.append(leaf);
        expect(hex(second.root())).toBe(hex(tree.root(size)));
      }),
    );
  });
});

describe("what does not fit", () => {
  const tree = merkleTree(sha256, known);

  it("a frontier of another size is refused", () => {
    expect(() => frontier(sha256, 3, new Uint8Array(32))).toThrow(RangeError);
    expect(() => frontier(sha256, 1, new Uint8Array(31))).toThrow(RangeError);
  });

  it("a leaf or size outside the tree is refused", () => {
    expect(() => tree.multiProof([8])).toThrow(RangeError);
    expect(() => tree.multiProof([0], 9)).toThrow(RangeError);
    expect(() => tree.consistencyProof(0)).toThrow(RangeError);
    expect(() => tree.root(9)).toThrow(RangeError);
  });

  it("leaves named twice or out of order are refused", () => {
    expect(() => tree.multiProof([3, 3])).toThrow(RangeError);
    expect(() => tree.multiProof([3, 2])).toThrow(RangeError);
  });
});

/** The largest subtrees of the leaves [from, to) that hold none of the positions, by RFC 6962's division. */
function untouched(positions: readonly number[], from: number, to: number): [from: number, to: number][] {
  if (!positions.some((position) => position >= from && position < to)) return [[from, to]];
  if (to - from === 1) return [];
  let half = 1;
  while (half * 2 < to - from) half *= 2;
  return [...untouched(positions, from, from + half), ...untouched(positions, from + half, to)];
}
