import { toBase64 } from "../../util/base64.ts";
import { toHex } from "../../util/hex.ts";
import type { Proofs, RecordsProof, StatedCheckpoint } from "../formats.ts";

/** What the ledger gives to prove records under one of its states. */
export interface LedgerProof {
  readonly leaves: readonly { readonly id: number; readonly position: number; readonly leaf: Uint8Array }[];
  readonly proof: readonly Uint8Array[];
  /** By the size of an earlier state: that this one continues it. */
  readonly consistency: ReadonlyMap<number, readonly Uint8Array[]>;
}

/** An earlier pack as `proofs.json` names it, its proof aside. */
export type EarlierPack = Omit<Proofs["earlier"][number], "consistency">;

/** The proof of records as packs carry it. */
export function recordsProof({ leaves, proof }: Pick<LedgerProof, "leaves" | "proof">): RecordsProof {
  return {
    leaves: leaves.map(({ id, position, leaf }) => [id, position, toHex(leaf)] as const),
    proof: proof.map(toBase64),
  };
}

/** `proofs.json`; `earlier` is latest first. */
export function proofsOf(
  checkpoint: StatedCheckpoint,
  timestamp: Proofs["timestamp"],
  earlier: readonly EarlierPack[],
  ledger: LedgerProof,
): Proofs {
  return {
    version: 1,
    checkpoint,
    timestamp,
    earlier: earlier.map((pack) => ({
      ...pack,
      consistency: (ledger.consistency.get(pack.checkpoint.size) ?? []).map(toBase64),
    })),
    records: recordsProof(ledger),
  };
}

/** JSON with an entry a line: a proof of a hundred thousand records stays a file that can be read and compared. */
export function proofsJson({ records, ...rest }: Proofs): string {
  const lines = (entries: readonly unknown[]): string => entries.map((entry) => `\n${JSON.stringify(entry)}`).join(",");
  const head = JSON.stringify(rest).slice(0, -1);
  return `${head},"records":{"leaves":[${lines(records.leaves)}],\n"proof":[${lines(records.proof)}]}}\n`;
}
