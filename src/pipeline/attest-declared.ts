import type { Config } from "../config/config.ts";
import type { SourceRecord } from "../model/stream.ts";
import type { Store } from "../store/index.ts";
import { type Clock, instant } from "../util/clock.ts";
import { ConfigError } from "../util/errors.ts";
import { parseCutOff } from "../util/period.ts";
import {
  attestationRecord,
  attestationStream,
  type RecordedAttestation,
  recordedAttestations,
  withdrawalRecord,
} from "./attest-records.ts";
import { keepAttested, nextVersion, readAttested } from "./attest-version.ts";
import type { OwnRecords } from "./own-records.ts";

/** What the declared attestations add to the ledger, and what the reader must know of those that add nothing. */
export interface DeclaredAttestations {
  readonly own: OwnRecords;
  readonly warnings: readonly string[];
}

/**
 * The attestations that the configuration declares, as records where they are not as when last recorded, their files kept;
 * one that it declares no more is withdrawn, unless it expired. A file that cannot be taken stops nothing: evidence is
 * collected all the same, and what was recorded before stands.
 */
export async function declaredAttestations(
  config: Config,
  store: Pick<Store, "recordsOfStream">,
  clock: Clock,
): Promise<DeclaredAttestations> {
  const recorded = await recordedAttestations(store, config);
  const warnings: string[] = [];
  const records: SourceRecord[] = [];
  for (const { id, file, ...stated } of config.attestations) {
    const known = recorded.find((one) => one.id === id);
    try {
      const given = readAttested(file);
      const next = nextVersion(id, { ...stated, declaredIn: "configuration" }, given.facts, known);
      if (!next) continue;
      keepAttested(config, given);
      records.push(attestationRecord(next));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      const stands =
        known && !known.isWithdrawn
          ? `what was recorded on ${known.latest.recordedAt} stands`
          : "nothing is recorded of it";
      warnings.push(`attestation ${id}: ${error.message}; ${stands}`);
    }
  }
  const declared = new Set(config.attestations.map(({ id }) => id));
  for (const one of recorded) if (!declared.has(one.id) && lapses(one, config, clock)) records.push(undeclared(one));
  return { own: { stream: attestationStream, command: "attest", records }, warnings };
}

/** One of the configuration's that still stands and has not expired. */
function lapses({ latest, isWithdrawn }: RecordedAttestation, { timezone }: Config, clock: Clock): boolean {
  if (isWithdrawn || latest.declaredIn !== "configuration") return false;
  return latest.expires === null || parseCutOff(latest.expires, timezone) > instant(clock());
}

/** Who withdraws what the configuration declares no more. */
export const configurationsWord = "the configuration";

const undeclared = ({ id, latest: { sequence } }: RecordedAttestation): SourceRecord =>
  withdrawalRecord({
    version: 1,
    id,
    sequence,
    by: configurationsWord,
    reason: "The configuration does not declare it any more.",
  });
