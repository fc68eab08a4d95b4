import type { z } from "zod";
import type { Config } from "../config/config.ts";
import {
  type AttestationRecord,
  attestationRecordSchema,
  type WithdrawalRecord,
  withdrawalRecordSchema,
} from "../model/attestation.ts";
import type { EvidenceRecord, SourceRecord } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { IntegrityError } from "../util/errors.ts";
import { ownStream } from "./own-records.ts";

/** What follows `configuration/` in the id of the stream in which attestations are kept. */
export const attestationStream = "attestations";

const kinds = { attestation: "attestation", withdrawal: "attestationWithdrawal" } as const;

/** One version as recorded. */
export interface RecordedVersion extends AttestationRecord {
  readonly record: number;
  readonly recordedAt: string;
}

/** An attestation with all its versions, and every time it was withdrawn. */
export interface RecordedAttestation {
  readonly id: string;
  /** Oldest first; never empty. */
  readonly versions: readonly RecordedVersion[];
  readonly latest: RecordedVersion;
  readonly withdrawals: readonly (WithdrawalRecord & { readonly record: number; readonly at: string })[];
  /** Its latest version does not stand any more. */
  readonly isWithdrawn: boolean;
}

/** Every attestation that was recorded, by id, as far as the store's cut-off shows. Throws IntegrityError for a record that is none of one. */
export async function recordedAttestations(
  store: Pick<Store, "recordsOfStream">,
  config: Pick<Config, "organisation">,
): Promise<readonly RecordedAttestation[]> {
  const records = await store.recordsOfStream(ownStream(config, attestationStream));
  const versions = records
    .filter(({ kind }) => kind === kinds.attestation)
    .map((record) => ({ ...read(attestationRecordSchema, record), record: record.id, recordedAt: record.fetchedAt }));
  const withdrawals = records
    .filter(({ kind }) => kind === kinds.withdrawal)
    .map((record) => ({ ...read(withdrawalRecordSchema, record), record: record.id, at: record.fetchedAt }));
  return [...Map.groupBy(versions, ({ id }) => id)]
    .map(([id, own]) => {
      const latest = own.at(-1) as RecordedVersion;
      const withdrawn = withdrawals.filter((one) => one.id === id);
      const isWithdrawn = withdrawn.some(({ sequence }) => sequence === latest.sequence);
      return { id, versions: own, latest, withdrawals: withdrawn, isWithdrawn };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A version as the ledger takes it. */
export const attestationRecord = (body: AttestationRecord): SourceRecord => ({
  kind: kinds.attestation,
  externalId: body.id,
  body,
});

/** That an attestation does not stand any more, as the ledger takes it. */
export const withdrawalRecord = (body: WithdrawalRecord): SourceRecord => ({
  kind: kinds.withdrawal,
  externalId: body.id,
  body,
});

function read<T>(schema: z.ZodType<T>, { id, body }: EvidenceRecord): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new IntegrityError(`record r${id} is not what flowproof writes of an attestation`, {
    cause: parsed.error,
    hint: "Run `flowproof verify` to see whether the store was changed, or use a newer flowproof.",
  });
}
