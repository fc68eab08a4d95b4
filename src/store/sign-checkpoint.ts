import type { Kysely } from "kysely";
import { type CheckpointNote, readNote } from "../ledger/checkpoint-note.ts";
import { frontier } from "../ledger/frontier.ts";
import type { SigningKey } from "../ledger/signing-key.ts";
import { ConfigError, IntegrityError } from "../util/errors.ts";
import { sha256 } from "../util/hash.ts";
import { type CheckpointRow, checkpointRows, orphanedNotes } from "./checkpoints.ts";
import { signatureUnder, signedNote } from "./notes.ts";
import { leavesInOrder } from "./proofs.ts";
import type { Tables } from "./tables.ts";

type Db = Kysely<Tables>;
type Signed = CheckpointRow & { readonly note: string };

const hint = "Nothing was signed. Run `flowproof verify` to see what was changed, or restore a backup.";
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/**
 * Refuses to sign on top of what is there: every note must have its checkpoint, the latest say what its checkpoint says, be of this origin, and
 * hold where it is this key's. Gives the latest checkpoint that this key signed. Throws IntegrityError, and ConfigError
 * for another origin.
 */
export async function lastSigned(db: Db, key: SigningKey): Promise<CheckpointRow | undefined> {
  const [orphaned] = await orphanedNotes(db);
  if (orphaned !== undefined) throw new IntegrityError(orphaned, { hint });
  const notes = checkpointRows(db)
    .innerJoin("signed_note as own", "own.checkpoint", "checkpoint.id")
    .clearOrderBy()
    .orderBy("checkpoint.id", "desc");
  const latest = await notes.limit(1).execute();
  const isOwn = (row: CheckpointRow): boolean => isSignedBy(row as Signed, key);
  // Only where another key signed last is there more to look through.
  return latest.find(isOwn) ?? (latest.length === 0 ? undefined : (await notes.execute()).find(isOwn));
}

function isSignedBy(row: Signed, key: SigningKey): boolean {
  const note = statedNote(row, key.name);
  const signature = signatureUnder(note, key);
  if (signature === "broken")
    throw new IntegrityError(`the signature of ${key.name} under the checkpoint of run ${row.run} does not hold`, {
      hint,
    });
  return signature === "holds";
}

function statedNote({ run, size, root, note }: Signed, origin: string): CheckpointNote {
  const read = readNote(note);
  if (!read) throw new IntegrityError(`the note of the checkpoint of run ${run} cannot be read`, { hint });
  if (read.size !== size || read.root !== hex(root)) {
    throw new IntegrityError(
      `the checkpoint of run ${run} is over ${size} records with the root ${hex(root)}, but its note is over ${read.size} records with the root ${read.root}`,
      { hint },
    );
  }
  if (read.origin !== origin) {
    throw new ConfigError(`the checkpoints of this store are signed as ${read.origin}, not as ${origin}`, {
      hint: `Set \`origin: ${read.origin}\` under \`signing\`: the name of a ledger stays.`,
    });
  }
  return read;
}

/** Signs a checkpoint that continues `base`, the one before it, after showing that `base` continues all before. Throws IntegrityError where it does not. */
export async function signCheckpoint(
  db: Db,
  key: SigningKey,
  base: { readonly id: number } | undefined,
  next: { readonly size: number; readonly root: string },
): Promise<string> {
  const signed = await lastSigned(db, key);
  // What this key signed last and nothing has come between: the frontier continued from there is the proof.
  if (base && signed?.id !== base.id) await refuseInconsistent(db);
  return signedNote(next, key);
}

/** Every checkpoint must be what the leaves in their order give. */
async function refuseInconsistent(db: Db): Promise<void> {
  const rows = await checkpointRows(db).clearOrderBy().orderBy("checkpoint.size").execute();
  const tree = frontier(sha256);
  let reached = 0;
  const compare = (): void => {
    for (let row = rows[reached]; row && row.size === tree.size(); row = rows[reached]) {
      if (hex(row.root) !== hex(tree.root())) throw contradicted(row, hex(tree.root()));
      reached += 1;
    }
  };
  compare();
  for await (const leaves of leavesInOrder(db, rows.at(-1)?.size ?? 0)) {
    for (const { position, leaf } of leaves) {
      if (position !== tree.size()) break;
      tree.append(leaf);
      compare();
    }
  }
  const missing = rows[reached];
  if (missing) throw contradicted(missing, `none: only ${tree.size()} are left`);
}

function contradicted({ run, size, root }: CheckpointRow, found: string): IntegrityError {
  return new IntegrityError(
    `the checkpoint of run ${run} over ${size} records has the root ${hex(root)}, the records give ${found}`,
    { hint },
  );
}
