import type { Kysely } from "kysely";
import { merkleTree } from "../ledger/merkle-tree.ts";
import { sha256 } from "../util/hash.ts";
import { chunks } from "./chunks.ts";
import { storedRecords } from "./evidence.ts";
import type { EvidenceRow, RecordProof } from "./store.ts";
import type { Tables } from "./tables.ts";

type Db = Kysely<Tables>;

const portion = 5_000;
const length = 32;

/** The leaves of the first `size` places in their order, some at a time; fewer where the store holds fewer. */
export async function* leavesInOrder(
  db: Db,
  size: number,
): AsyncGenerator<readonly { readonly position: number; readonly leaf: Uint8Array }[]> {
  for (let from = 0; from < size; from += portion) {
    const rows = await db
      .selectFrom("leaf")
      .innerJoin("record", "record.id", "leaf.record_id")
      .select(["leaf.position", "record.leaf"])
      .where("leaf.position", ">=", from)
      .where("leaf.position", "<", Math.min(from + portion, size))
      .orderBy("leaf.position")
      .execute();
    if (rows.length === 0) return;
    yield rows;
  }
}

/** One proof for all records named under the first `size` places, and that these continue the first `from`. Throws RangeError for a record that is not among them. */
export async function proofOf(
  db: Db,
  ids: readonly number[],
  { size, from = [] }: { readonly size: number; readonly from?: readonly number[] },
): Promise<RecordProof> {
  const places = await placesOf(db, ids, size);
  const tree = merkleTree(sha256, await leavesUntil(db, size));
  const positions = places.map(({ position }) => position);
  return {
    leaves: places,
    proof: size === 0 ? [] : tree.multiProof(positions, size),
    // No leaves at all are continued by anything, and there is nothing to prove it with.
    consistency: new Map(from.map((older) => [older, older === 0 ? [] : tree.consistencyProof(older, size)])),
  };
}

/** A million leaves in one block of memory, not a million. */
async function leavesUntil(db: Db, size: number): Promise<readonly Uint8Array[]> {
  const block = new Uint8Array(size * length);
  let expected = 0;
  for await (const rows of leavesInOrder(db, size)) {
    for (const { position, leaf } of rows) {
      if (position === expected) block.set(leaf, length * expected++);
    }
  }
  if (expected !== size) throw new RangeError(`the ledger holds ${expected} records in a row, not ${size}`);
  return Array.from({ length: size }, (_, index) => block.subarray(length * index, length * (index + 1)));
}

async function placesOf(db: Db, ids: readonly number[], size: number): Promise<RecordProof["leaves"]> {
  const found: { id: number; position: number; leaf: Uint8Array }[] = [];
  for (const some of chunks([...new Set(ids)].sort((a, b) => a - b))) {
    const rows = await db
      .selectFrom("record")
      .innerJoin("leaf", "leaf.record_id", "record.id")
      .select(["record.id", "leaf.position", "record.leaf"])
      .where("record.id", "in", some)
      .where("leaf.position", "<", size)
      .execute();
    const there = new Set(rows.map(({ id }) => id));
    const missing = some.find((id) => !there.has(id));
    if (missing !== undefined) throw new RangeError(`r${missing} is not among the first ${size} records of the ledger`);
    found.push(...rows.map(({ id, position, leaf }) => ({ id, position, leaf: new Uint8Array(leaf) })));
  }
  return found.sort((a, b) => a.position - b.position);
}

/** The records named, by their place in the ledger, with all that their leaves commit to. Throws RangeError for one that has no place yet. */
export async function* evidenceRows(db: Db, ids: readonly number[]): AsyncGenerator<EvidenceRow> {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
  // Places are given in the order of ids.
  for (const some of chunks([...new Set(ids)].sort((a, b) => a - b))) {
    const rows = await storedRecords(db).where("record.id", "in", some).execute();
    const stored = new Map(rows.map((row) => [row.id, row]));
    for (const id of some) {
      const row = stored.get(id);
      if (!row || row.position === null) throw new RangeError(`r${id} has no place in the ledger`);
      const { stream, kind, external_id: externalId, fetched_at: fetchedAt, run, salt, content } = row;
      const fields = { version: 1, stream, kind, externalId, fetchedAt, run, digest: hex(row.digest) } as const;
      const body = salt === null || content === null ? {} : { salt: hex(salt), content };
      yield { id, position: row.position, leaf: hex(row.leaf), fields, ...body };
    }
  }
}
