import { hashSync } from "../../ledger/hashing.ts";
import { multiProofRoot } from "../../ledger/verify-multi-proof.ts";
import type { RecordsProof } from "../formats.ts";
import type { Check } from "./check.ts";
import type { LedgerState } from "./checkpoint.ts";
import { broken, counted, holds } from "./findings.ts";
import { sha256 } from "./sha256.ts";

/** Leaves that another part of the pack states, by the record's id: where the proof fails, they may show which record is at fault. */
export interface OtherLeaves {
  readonly where: string;
  readonly leaves: ReadonlyMap<number, string>;
}

/** Checks that all leaves together are under the checkpoint; a record whose leaf is wrong is named where another part of the pack has the right one. */
export function multiProofChecks(
  file: string,
  records: RecordsProof,
  checkpoint: LedgerState,
  others: readonly OtherLeaves[] = [],
): readonly Check[] {
  const misplaced = records.leaves.find(([, position], i) => i > 0 && position <= (records.leaves[i - 1]?.[1] ?? 0));
  if (misplaced) return [broken(`r${misplaced[0]}`, `${file}: stands out of its place, or twice`)];
  if (rootOf(records, checkpoint.size) === checkpoint.root) {
    return [holds("records", `${counted(records.leaves.length, "record")} of ${file} are under the checkpoint's root`)];
  }
  for (const { where, leaves } of others) {
    const replaced = records.leaves.filter(([id, , leaf]) => (leaves.get(id) ?? leaf) !== leaf);
    if (replaced.length === 0 || rootOf(withLeaves(records, leaves), checkpoint.size) !== checkpoint.root) continue;
    return replaced.map(([id]) =>
      broken(
        `r${id}`,
        `${file}: its leaf was altered; with the leaf that ${where} gives, the checkpoint's root is reached`,
      ),
    );
  }
  return [
    broken(
      "records",
      `the leaves of ${file} do not lead to the checkpoint's root: a leaf, its place or the proof was altered; which one, nothing in this pack shows`,
    ),
  ];
}

const withLeaves = (records: RecordsProof, leaves: ReadonlyMap<number, string>): RecordsProof => ({
  ...records,
  leaves: records.leaves.map(([id, position, leaf]) => [id, position, leaves.get(id) ?? leaf]),
});

function rootOf({ leaves, proof }: RecordsProof, size: number): string | undefined {
  // One stretch of memory for all: so many small ones take several times their length.
  const all = Buffer.from(leaves.map(([, , leaf]) => leaf).join(""), "hex");
  const placed = leaves.map(([, position], i) => ({ position, leaf: all.subarray(32 * i, 32 * i + 32) }));
  const hashes = proof.map((hash) => Buffer.from(hash, "base64"));
  const root = hashSync(sha256, multiProofRoot(size, placed, hashes));
  return root && Buffer.from(root).toString("hex");
}
