import { webcrypto } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hashAsync, hashSync } from "../../../src/ledger/hashing.ts";
import { leafHash } from "../../../src/ledger/leaf.ts";
import { merkleTree } from "../../../src/ledger/merkle-tree.ts";
import { verifyConsistency } from "../../../src/ledger/verify-consistency.ts";
import { multiProofRoot } from "../../../src/ledger/verify-multi-proof.ts";
import { sha256 } from "../../../src/util/hash.ts";
import { packageRoot } from "../../../src/util/root.ts";

const webDigest = async (input: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await webcrypto.subtle.digest("SHA-256", Uint8Array.from(input)));

it("WebCrypto and node:crypto come to the same root, also of more records than one batch holds", async () => {
  const leaves = Array.from({ length: 10_001 }, (_, i) => leafHash(sha256, Buffer.from(`${i}`)));
  const tree = merkleTree(sha256, leaves);
  const placed = leaves.map((leaf, position) => ({ position, leaf })).filter(({ position }) => position % 7 !== 3);
  const proof = tree.multiProof(placed.map(({ position }) => position));
  const expected = Buffer.from(tree.root()).toString("hex");
  for (const root of [
    hashSync(sha256, multiProofRoot(leaves.length, placed, proof)),
    await hashAsync(webDigest, multiProofRoot(leaves.length, placed, proof)),
  ])
    expect(Buffer.from(root ?? []).toString("hex")).toBe(expected);
});

it("WebCrypto shows that one checkpoint continues another", async () => {
  const tree = merkleTree(
    sha256,
    Array.from({ length: 13 }, (_, i) => leafHash(sha256, Buffer.from(`${i}`))),
  );
  const proof = tree.consistencyProof(6);
  const continues = (older: Uint8Array) => hashAsync(webDigest, verifyConsistency(6, older, 13, tree.root(), proof));
  expect(await continues(tree.root(6))).toBe(true);
  expect(await continues(tree.root(5))).toBe(false);
});

it("what a browser runs of the ledger uses nothing of Node", () => {
  const folder = join(packageRoot(), "src/ledger");
  const pure = readdirSync(folder).filter((file) => file.endsWith(".ts") && !/^(signing-key|timestamp)/.test(file));
  expect(pure).toContain("verify-multi-proof.ts");
  for (const file of pure)
    expect(readFileSync(join(folder, file), "utf8"), file).not.toMatch(/\bBuffer\b|from "node:|\bprocess\./);
});
