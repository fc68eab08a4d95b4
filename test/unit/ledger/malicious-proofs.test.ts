import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashSync } from "../../../src/ledger/hashing.ts";
import { leafHash } from "../../../src/ledger/leaf.ts";
import { merkleTree } from "../../../src/ledger/merkle-tree.ts";
import { verifyConsistency } from "../../../src/ledger/verify-consistency.ts";
import { multiProofRoot } from "../../../src/ledger/verify-multi-proof.ts";
import { sha256 } from "../../../src/util/hash.ts";

// Every case starts from a valid proof in a tree of at most 80 leaves, and forges one thing in it. The draws are fixed.
const runs = { seed: 56, numRuns: 200 };
const most = 80;
const leavesOf = (name: string): Uint8Array[] =>
  Array.from({ length: most }, (_, i) => leafHash(sha256, Buffer.from(`${name} ${i}`)));
const leaves = leavesOf("record");
const tree = merkleTree(sha256, leaves);
const foreignLeaves = leavesOf("foreign");
const foreignTree = merkleTree(sha256, foreignLeaves);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const badNumbers = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 53, 2 ** 60];

/** An endless stream of numbers to forge by. */
type Draw = (below: number) => number;
type Hashes = readonly Uint8Array[];
const draws = fc.infiniteStream(fc.nat());
const drawFrom =
  (stream: Iterator<number>): Draw =>
  (below) =>
    (stream.next().value as number) % below;

const flip = (hash: Uint8Array, bit: number): Uint8Array => {
  const forged = Uint8Array.from(hash);
  forged[bit >> 3] = (forged[bit >> 3] as number) ^ (1 << (bit & 7));
  return forged;
};
const one = <T>(items: readonly T[], draw: Draw): T => items[draw(items.length)] as T;
const put = <T>(items: readonly T[], at: number, ...values: readonly T[]): T[] => items.toSpliced(at, 1, ...values);
const swap = <T>(items: readonly T[], i: number, j: number): T[] => items.with(i, items[j] as T).with(j, items[i] as T);

/** The same bytes, divided elsewhere. */
const resplit = (left: Uint8Array, right: Uint8Array, draw: Draw): [Uint8Array, Uint8Array] => {
  const both = Buffer.concat([left, right]);
  const end = draw(65);
  return [both.subarray(0, end), both.subarray(end)];
};

/** What can be done to a list of hashes; a list too short for it comes back as it was. */
const onHashes: Record<string, (hashes: Hashes, draw: Draw) => Hashes> = {
  "a bit flipped in a hash": (hashes, draw) => {
    const at = draw(hashes.length || 1);
    return hashes.map((hash, i) => (i === at ? flip(hash, draw(256)) : hash));
  },
  "a hash dropped": (hashes, draw) => hashes.toSpliced(draw(hashes.length || 1), 1),
  "a hash added": (hashes, draw) => hashes.toSpliced(draw(hashes.length + 1), 0, sha256(String(draw(1e9)))),
  "a hash of the proof added once more": (hashes, draw) =>
    hashes.toSpliced(draw(hashes.length + 1), 0, ...hashes.slice(0, 1 + draw(hashes.length || 1))),
  "two hashes swapped": (hashes, draw) =>
    hashes.length < 2 ? hashes : swap(hashes, draw(hashes.length), draw(hashes.length)),
  "a hash put in another's place": (hashes, draw) =>
    hashes.length < 2 ? hashes : hashes.with(draw(hashes.length), hashes[draw(hashes.length)] as Uint8Array),
  "the order reversed": (hashes) => hashes.toReversed(),
  "only the beginning": (hashes, draw) => hashes.slice(0, draw(hashes.length || 1)),
  "only the end": (hashes, draw) => hashes.slice(1 + draw(hashes.length || 1)),
  "a hash cut short": (hashes, draw) => {
    const at = draw(hashes.length || 1);
    return hashes.map((hash, i) => (i === at ? hash.slice(0, draw(32)) : hash));
  },
  "a hash made longer": (hashes, draw) => {
    const at = draw(hashes.length || 1);
    return hashes.map((hash, i) => (i === at ? Uint8Array.of(...hash, draw(256)) : hash));
  },
  "two hashes joined into one": (hashes) =>
    hashes.length < 2 ? hashes : [Buffer.concat(hashes.slice(0, 2)), ...hashes.slice(2)],
  "the boundary between two hashes moved": (hashes, draw) => {
    if (hashes.length < 2) return hashes;
    const first = draw(hashes.length - 1);
    const [at, beside] = one([[first, first + 1] as const, [first + 1, first] as const], draw);
    const [left, right] = resplit(hashes[at] as Uint8Array, hashes[beside] as Uint8Array, draw);
    return hashes.with(at, left).with(beside, right);
  },
  "a leaf in a hash's place": (hashes, draw) =>
    hashes.length === 0 ? hashes : hashes.with(draw(hashes.length), leaves[draw(most)] as Uint8Array),
};

interface Inclusion {
  readonly size: number;
  readonly placed: readonly { readonly position: number; readonly leaf: Uint8Array }[];
  readonly proof: Hashes;
  readonly root: Uint8Array;
}

const holds = ({ size, placed, proof, root }: Inclusion): boolean => {
  const reached = hashSync(sha256, multiProofRoot(size, placed, proof));
  return reached !== undefined && hex(reached) === hex(root);
};

const inclusions = fc
  .integer({ min: 1, max: most })
  .chain((size) => fc.tuple(fc.constant(size), fc.subarray([...leaves.keys()].slice(0, size), { minLength: 1 })))
  .map(
    ([size, positions]): Inclusion => ({
      size,
      placed: positions.map((position) => ({ position, leaf: leaves[position] as Uint8Array })),
      proof: tree.multiProof(positions, size),
      root: tree.root(size),
    }),
  );

/** Replaces what is said of one leaf. */
const onPlaced =
  (forge: (own: Inclusion["placed"][number], valid: Inclusion, draw: Draw) => Inclusion["placed"]) =>
  (valid: Inclusion, draw: Draw): Inclusion => {
    const at = draw(valid.placed.length);
    return {
      ...valid,
      placed: put(valid.placed, at, ...forge(valid.placed[at] as Inclusion["placed"][number], valid, draw)),
    };
  };

const onInclusion: Record<string, (valid: Inclusion, draw: Draw) => Inclusion> = {
  ...Object.fromEntries(
    Object.entries(onHashes).map(([name, forge]) => [
      `in the proof, ${name}`,
      (valid: Inclusion, draw: Draw) => ({ ...valid, proof: forge(valid.proof, draw) }),
    ]),
  ),
  "a bit flipped in a leaf": onPlaced((own, _, draw) => [{ ...own, leaf: flip(own.leaf, draw(256)) }]),
  "a leaf cut short": onPlaced((own, _, draw) => [{ ...own, leaf: own.leaf.slice(draw(32)).slice(1) }]),
  "a leaf moved": onPlaced((own, { size }, draw) => [{ ...own, position: draw(size + 2) }]),
  "a leaf at no place": onPlaced((own, { size }, draw) => [{ ...own, position: one([...badNumbers, size], draw) }]),
  "a leaf named twice": onPlaced((own) => [own, own]),
  "a leaf left out": onPlaced(() => []),
  "a leaf of the tree claimed besides": (valid, draw) => ({
    ...valid,
    placed: [...valid.placed, { position: draw(most), leaf: leaves[draw(most)] as Uint8Array }].sort(
      (a, b) => a.position - b.position,
    ),
  }),
  "a foreign leaf claimed besides": (valid, draw) => ({
    ...valid,
    placed: [...valid.placed, { position: draw(valid.size), leaf: one(foreignLeaves, draw) }].sort(
      (a, b) => a.position - b.position,
    ),
  }),
  "the leaves in another order": (valid) => ({ ...valid, placed: valid.placed.toReversed() }),
  "two leaves at each other's places": (valid, draw) => {
    const hashes = valid.placed.map(({ leaf }) => leaf);
    const swapped = swap(hashes, draw(hashes.length), draw(hashes.length));
    return { ...valid, placed: valid.placed.map((own, i) => ({ ...own, leaf: swapped[i] as Uint8Array })) };
  },
  "the boundary between two leaves moved": (valid, draw) => {
    const at = valid.placed.findIndex(
      ({ position }, i) => position % 2 === 0 && valid.placed[i + 1]?.position === position + 1,
    );
    const [first, second] = valid.placed.slice(at);
    if (at < 0 || !first || !second) return valid;
    const [left, right] = resplit(first.leaf, second.leaf, draw);
    return {
      ...valid,
      placed: valid.placed.with(at, { ...first, leaf: left }).with(at + 1, { ...second, leaf: right }),
    };
  },
  "the boundary between a leaf and the first hash of the proof moved": (valid, draw) => {
    const [first, ...rest] = valid.placed;
    const [hash, ...others] = valid.proof;
    if (!first || !hash) return valid;
    const [left, right] =
      first.position % 2 === 0 ? resplit(first.leaf, hash, draw) : resplit(hash, first.leaf, draw).reverse();
    return {
      ...valid,
      placed: [{ ...first, leaf: left as Uint8Array }, ...rest],
      proof: [right as Uint8Array, ...others],
    };
  },
  "a bit flipped in the root": (valid, draw) => ({ ...valid, root: flip(valid.root, draw(256)) }),
  "the root of another size": (valid, draw) => ({ ...valid, root: tree.root(1 + draw(most)) }),
  "a foreign root": (valid) => ({ ...valid, root: foreignTree.root(valid.size) }),
  "a foreign tree's proof": (valid) => ({
    ...valid,
    proof: foreignTree.multiProof(
      valid.placed.map(({ position }) => position),
      valid.size,
    ),
    placed: valid.placed.map(({ position }) => ({ position, leaf: foreignLeaves[position] as Uint8Array })),
  }),
  "another set's proof": (valid, draw) => ({ ...valid, proof: tree.multiProof([draw(valid.size)], valid.size) }),
  "another size's proof": (valid, draw) => {
    const size = valid.size + draw(most - valid.size + 1);
    return {
      ...valid,
      proof: tree.multiProof(
        valid.placed.map(({ position }) => position),
        size,
      ),
    };
  },
  "an inner node passed off as a leaf": onPlaced((own, { size }, draw) => {
    const count = 2 ** (1 + draw(5));
    const start = own.position - (own.position % count);
    return start + count > size
      ? [own]
      : [{ ...own, leaf: merkleTree(sha256, leaves.slice(start, start + count)).root() }];
  }),
  "a record whose content is two hashes, passed off as their node": onPlaced((own, { size }) => {
    const start = own.position - (own.position % 2);
    if (start + 2 > size) return [own];
    return [{ ...own, leaf: leafHash(sha256, Buffer.concat(leaves.slice(start, start + 2))) }];
  }),
  "the tree one level up: nodes for leaves at half their places": (valid) => {
    const nodes = new Map(
      valid.placed.map(({ position }) => {
        const start = position - (position % 2);
        return [start / 2, merkleTree(sha256, leaves.slice(start, Math.min(start + 2, valid.size))).root()];
      }),
    );
    return { ...valid, placed: [...nodes].map(([position, leaf]) => ({ position, leaf })) };
  },
  "a size that is none": (valid, draw) => ({ ...valid, size: one([...badNumbers, 0], draw) }),
};

describe("56: malicious proofs that records are in the ledger are rejected", () => {
  it.each(Object.entries(onInclusion))("%s", (_, forge) => {
    let forgeries = 0;
    fc.assert(
      fc.property(inclusions, draws, (valid, stream) => {
        expect(holds(valid)).toBe(true);
        const forged = forge(valid, drawFrom(stream[Symbol.iterator]()));
        const same = saysTheSame(valid, forged);
        expect(holds(forged)).toBe(same);
        if (!same) forgeries += 1;
      }),
      runs,
    );
    expect(forgeries).toBeGreaterThan(runs.numRuns / 4);
  });

  it("another size is taken only where the same hashes are folded in the same way to the same root: its note binds the size", () => {
    fc.assert(
      fc.property(inclusions, fc.integer({ min: 1, max: 2 * most }), (valid, size) => {
        const positions = valid.placed.map(({ position }) => position);
        const same =
          (positions.at(-1) as number) < size && folding(positions, 0, size) === folding(positions, 0, valid.size);
        expect(holds({ ...valid, size })).toBe(same);
      }),
      { ...runs, numRuns: 2_000 },
    );
  });
});

interface Continuation {
  readonly from: number;
  readonly fromRoot: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: Hashes;
}

const continues = ({ from, fromRoot, size, root, proof }: Continuation): boolean =>
  hashSync(sha256, verifyConsistency(from, fromRoot, size, root, proof));

const continuations = fc
  .tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }))
  .map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)
  .map(
    ([from, size]): Continuation => ({
      from,
      fromRoot: tree.root(from),
      size,
      root: tree.root(size),
      proof: tree.consistencyProof(from, size),
    }),
  );

const onContinuation: Record<string, (valid: Continuation, draw: Draw) => Continuation> = {
  ...Object.fromEntries(
    Object.entries(onHashes).map(([name, forge]) => [
      `in the proof, ${name}`,
      (valid: Continuation, draw: Draw) => ({ ...valid, proof: forge(valid.proof, draw) }),
    ]),
  ),
  "a bit flipped in the older root": (valid, draw) => ({ ...valid, fromRoot: flip(valid.fromRoot, draw(256)) }),
  "a bit flipped in the newer root": (valid, draw) => ({ ...valid, root: flip(valid.root, draw(256)) }),
  "the roots exchanged": (valid) => ({ ...valid, fromRoot: valid.root, root: valid.fromRoot }),
  "the sizes exchanged": (valid) => ({ ...valid, from: valid.size, size: valid.from }),
  "older and newer exchanged": (valid) => ({
    ...valid,
    from: valid.size,
    fromRoot: valid.root,
    size: valid.from,
    root: valid.fromRoot,
  }),
  "a fork: another tree's older root": (valid) => ({ ...valid, fromRoot: foreignTree.root(valid.from) }),
  "a fork: another tree's newer root": (valid) => ({ ...valid, root: foreignTree.root(valid.size) }),
  "a fork: another tree's newer root and proof": (valid) => ({
    ...valid,
    root: foreignTree.root(valid.size),
    proof: foreignTree.consistencyProof(valid.from, valid.size),
  }),
  "a rewritten leaf under the older root": (valid, draw) => {
    const rewritten = merkleTree(sha256, leaves.with(draw(valid.from), one(foreignLeaves, draw)));
    return { ...valid, root: rewritten.root(valid.size), proof: rewritten.consistencyProof(valid.from, valid.size) };
  },
  "the older root of another size": (valid, draw) => ({ ...valid, fromRoot: tree.root(1 + draw(most)) }),
  "the newer root of another size": (valid, draw) => ({ ...valid, root: tree.root(1 + draw(most)) }),
  "a root cut short": (valid, draw) => ({ ...valid, fromRoot: valid.fromRoot.slice(0, draw(32)) }),
  "an older size that is none": (valid, draw) => ({ ...valid, from: one([...badNumbers, 0], draw) }),
  "a newer size that is none": (valid, draw) => ({ ...valid, size: one([...badNumbers, 0], draw) }),
};

describe("56: malicious proofs that the ledger continues an older one are rejected", () => {
  it.each(Object.entries(onContinuation))("%s", (_, forge) => {
    let forgeries = 0;
    fc.assert(
      fc.property(continuations, draws, (valid, stream) => {
        expect(continues(valid)).toBe(true);
        const forged = forge(valid, drawFrom(stream[Symbol.iterator]()));
        const same = saysTheSame(valid, forged);
        expect(continues(forged)).toBe(same);
        if (!same) forgeries += 1;
      }),
      runs,
    );
    expect(forgeries).toBeGreaterThan(runs.numRuns / 4);
  });

  it("other sizes are taken only where the same hashes are folded in the same way to the same roots: the notes bind the sizes", () => {
    const size = fc.integer({ min: 1, max: most });
    fc.assert(
      fc.property(continuations, size, size, (valid, from, to) => {
        const forged = { ...valid, from, size: to };
        const same = from <= to && foldings(from, to, true) === foldings(valid.from, valid.size, true);
        expect(continues(forged)).toBe(same);
      }),
      { ...runs, numRuns: 4_000 },
    );
  });
});

/** Whether nothing was forged after all, because the drawn numbers put back what was there. */
function saysTheSame(valid: object, forged: object): boolean {
  const text = (value: object): string =>
    JSON.stringify(value, (_, item: unknown) => {
      if (item instanceof Uint8Array) return hex(item);
      return typeof item === "number" ? String(item) : item;
    });
  return text(valid) === text(forged);
}

function split(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

/** How RFC 6962 folds leaves (L) and the proof's hashes (p) of a tree into its root. */
function folding(positions: readonly number[], start: number, end: number): string {
  if (!positions.some((position) => position >= start && position < end)) return "p";
  if (end - start === 1) return "L";
  const middle = start + split(end - start);
  return `(${folding(positions, start, middle)}${folding(positions, middle, end)})`;
}

/** How RFC 6962's SUBPROOF folds the older root (F) and the proof's hashes (p) into both roots. */
function foldings(from: number, size: number, whole: boolean): string {
  if (from === size) return whole ? "F" : "p";
  const half = split(size);
  return from <= half ? `(${foldings(from, half, whole)}-)` : `(p${foldings(from - half, size - half, false)})`;
}
