import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashSync } from "../../../src/ledger/hashing.ts";
import { leafContent, leafHash } from "../../../src/ledger/leaf.ts";
import { verifyConsistency } from "../../../src/ledger/verify-consistency.ts";
import { multiProofRoot } from "../../../src/ledger/verify-multi-proof.ts";
import type { EvidenceRow, Store } from "../../../src/store/index.ts";
import { sha256, sha256Hex } from "../../../src/util/hash.ts";
import { batch, freshFolder, head, open, withShell } from "./evidence-fixture.ts";

let path: string;
let remove: () => void;
let store: Store;
beforeEach(async () => {
  ({ path, remove } = freshFolder());
  store = await open(path);
  for (const oids of [
    ["a", "b", "c"],
    ["d", "e"],
    ["f", "g"],
  ]) {
    const run = await store.beginRun("collect");
    for (const oid of oids) await store.append(run, batch([head("main", oid)]));
    await store.endRun(run, "done");
  }
});
afterEach(async () => {
  await store.close();
  remove();
});

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");

describe("a proof", () => {
  it("shows that records are under any checkpoint that covers them", async () => {
    const all = await store.checkpoints();
    for (const { size, root } of all) {
      const { leaves, proof } = await store.proofOf([3, 1, 3], { size });
      expect(leaves.map(({ id, position }) => [id, position])).toEqual([
        [1, 0],
        [3, 2],
      ]);
      expect(hex(hashSync(sha256, multiProofRoot(size, leaves, proof)))).toBe(root);
    }
  });

  it("shows that the latest continues every earlier one", async () => {
    const all = await store.checkpoints();
    const last = all.at(-1) as NonNullable<(typeof all)[0]>;
    const { consistency } = await store.proofOf([], { size: last.size, from: [0, ...all.map(({ size }) => size)] });
    expect(consistency.get(0)).toEqual([]);
    for (const { size, root } of all) {
      const bytes = (text: string) => Buffer.from(text, "hex");
      const proof = consistency.get(size) ?? [];
      expect(hashSync(sha256, verifyConsistency(size, bytes(root), last.size, bytes(last.root), proof))).toBe(true);
    }
  });

  it("names the record that is not under the checkpoint, and the places that are missing", async () => {
    await expect(store.proofOf([1, 6], { size: 5 })).rejects.toThrow("r6 is not among the first 5 records");
    await expect(store.proofOf([99], { size: 5 })).rejects.toThrow(RangeError);
    await expect(store.proofOf([1], { size: 8 })).rejects.toThrow("the ledger holds 7 records in a row, not 8");
    await expect(store.proofOf([1], { size: 5, from: [7] })).rejects.toThrow(RangeError);
  });
});

describe("evidence for a bundle", () => {
  async function rowsOf(ids: readonly number[]): Promise<readonly EvidenceRow[]> {
    const rows: EvidenceRow[] = [];
    for await (const row of store.evidence(ids)) rows.push(row);
    return rows;
  }

  it("comes by place with all that anybody needs to compute its leaf", async () => {
    const rows = await rowsOf([5, 2, 5]);
    expect(rows.map(({ id, position }) => [id, position])).toEqual([
      [2, 1],
      [5, 4],
    ]);
    for (const { leaf, fields, salt = "", content = "" } of rows) {
      expect(fields.digest).toBe(sha256Hex(Buffer.from(salt, "hex"), content));
      expect(hex(leafHash(sha256, leafContent(fields)))).toBe(leaf);
    }
    expect(JSON.parse(rows[0]?.content ?? "")).toEqual({ heads: [{ name: "main", oid: "b" }] });
  });

  it("of an erased body keeps what the leaf commits to, and neither salt nor content", async () => {
    withShell(path, (file) =>
      file.exec("UPDATE body SET content = NULL, salt = NULL, erased_at = '2026-11-03T00:00:00Z' WHERE id = 2"),
    );
    const [row] = await rowsOf([2]);
    expect(Object.keys(row ?? {})).toEqual(["id", "position", "leaf", "fields"]);
    expect(hex(leafHash(sha256, leafContent((row as EvidenceRow).fields)))).toBe(row?.leaf);
  });

  it("is refused for a record without a place", async () => {
    await store.append(await store.beginRun("collect"), batch([head("main", "h")]));
    await expect(rowsOf([1, 8])).rejects.toThrow("r8 has no place in the ledger");
  });
});
