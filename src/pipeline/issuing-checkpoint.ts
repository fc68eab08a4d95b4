import type { Checkpoint } from "../ledger/checkpoint.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import type { Store } from "../store/index.ts";
import { ConfigError, IntegrityError } from "../util/errors.ts";
import type { IssuedPack } from "./pack-records.ts";

/** Throws IntegrityError where the ledger does not continue the packs issued before: one under it would be signed proof of nothing. */
export async function refuseRewritten(store: Store, issued: readonly IssuedPack[]): Promise<void> {
  const known = new Set((await store.checkpoints()).map(({ size, root }) => `${size} ${root}`));
  const lost = issued.filter(({ checkpoint: { size, root } }) => !known.has(`${size} ${root}`));
  if (lost.length === 0) return;
  const names = lost.map(({ name }) => name).join(", ");
  throw new IntegrityError(`the ledger does not hold the checkpoint under which ${names} was issued`, {
    hint: "It was cut or rewritten: `flowproof verify` says where, `flowproof restore` puts a backup in its place.",
  });
}

/** The checkpoint under which the draft was made, as this ledger signed it. Throws ConfigError where it did not. */
export async function signedCheckpoint(
  store: Store,
  { checkpoint: { size, root, at }, period }: AssessmentResult,
): Promise<Checkpoint & { readonly note: string }> {
  const found = (await store.checkpoints()).findLast(
    (one) => one.size === size && one.root === root && one.note !== undefined,
  );
  if (found?.note !== undefined) return { size, root, at, note: found.note };
  throw new ConfigError(`the checkpoint of ${at}, under which the draft was made, is not signed`, {
    hint: `It is from before signing was configured: run \`flowproof collect\`, then \`flowproof report --period ${period.id}\`.`,
  });
}

/** The packs whose checkpoint this one continues, the latest first. */
export const earlierPacks = (issued: readonly IssuedPack[], { size }: Checkpoint): readonly IssuedPack[] =>
  issued
    .filter(({ checkpoint }) => checkpoint.size <= size)
    .toSorted((a, b) => b.checkpoint.size - a.checkpoint.size || b.record - a.record);
