import type { Checkpoint } from "../ledger/checkpoint.ts";
import { hashSync } from "../ledger/hashing.ts";
import { multiProofRoot } from "../ledger/verify-multi-proof.ts";
import type { Proofs } from "../pack/formats.ts";
import type { Verification } from "../pack/verify/index.ts";
import type { Store } from "../store/index.ts";
import { sha256 } from "../util/hash.ts";
import type { IssuedPack } from "./pack-records.ts";

type Earlier = Proofs["earlier"][number];

/** What the store states of the ledger up to an older pack, as a newer pack would: with the proof made now, from the store's own leaves. */
export async function storeAgainst(
  store: Store,
  own: Pick<Verification, "name" | "checks"> & { readonly checkpoint: Checkpoint; readonly origin: string | undefined },
  packs: readonly IssuedPack[],
  older: Verification,
): Promise<Verification> {
  const { name, checks, origin } = own;
  const { size, root, at, note = "" } = own.checkpoint;
  const checkpoint = { size, root, ...(origin === undefined ? {} : { origin }) };
  const then = older.checkpoint;
  const earlier = then && then.size <= size ? [await earlierOf(store, size, then.size, older, packs)] : [];
  const proofs: Proofs = {
    version: 1,
    checkpoint: { size, root, at, note },
    timestamp: { token: null, reason: "the store's own" },
    earlier,
    records: { leaves: [], proof: [] },
  };
  return { kind: "store", name, checks, checkpoint, proofs };
}

async function earlierOf(
  store: Store,
  size: number,
  from: number,
  older: Verification,
  packs: readonly IssuedPack[],
): Promise<Earlier> {
  const { consistency } = await store.proofOf([], { size, from: [from] });
  const issued = packs.find(({ manifest }) => manifest === older.manifest);
  return {
    pack: issued?.name ?? "",
    manifest: issued?.manifest ?? "",
    checkpoint: { size: from, root: await rootOf(store, from), at: "", note: "" },
    consistency: (consistency.get(from) ?? []).map((hash) => Buffer.from(hash).toString("base64")),
  };
}

/** The root that the store's leaves had at a size, by the path of the first of them. */
async function rootOf(store: Store, size: number): Promise<string> {
  if (size === 0) return Buffer.from(sha256()).toString("hex");
  const { leaves, proof } = await store.proofOf([1], { size });
  const root = hashSync(sha256, multiProofRoot(size, leaves, proof));
  return root ? Buffer.from(root).toString("hex") : "unknown";
}
