import type { Attestation } from "../model/assessment/manual.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import { parseCutOff, startOfDayIn } from "../util/period.ts";
import type { RecordedAttestation, RecordedVersion } from "./attest-records.ts";

/** How a version stands to a time: also those that a pack does not list. */
export type Standing = Attestation["state"] | "later" | "replaced";

/** One version against a stretch of time; `inForce` is null where it was in force at no time of it. */
export interface StandingVersion {
  readonly version: RecordedVersion;
  readonly standing: Standing;
  readonly inForce: { readonly from: string; readonly to: string } | null;
  readonly withdrawn: RecordedAttestation["withdrawals"][number] | undefined;
}

interface Span {
  readonly from: string;
  readonly to: string;
}

/**
 * Every version of an attestation against [from, to). It is in force from its first day to its last, at most until a
 * later version's first day; one that was withdrawn before its end is so for all of the time: nobody stands for it.
 */
export function standings(attestation: RecordedAttestation, { from, to }: Span, timezone: string): StandingVersion[] {
  const { versions, withdrawals } = attestation;
  const begins = versions.map(({ effective }) => startOfDayIn(effective, timezone));
  return versions.map((version, index): StandingVersion => {
    const begin = begins[index] ?? "";
    const expiry = version.expires === null ? null : parseCutOff(version.expires, timezone);
    const next = begins.slice(index + 1).reduce<string | null>((a, b) => (a === null || b < a ? b : a), null);
    const end = expiry === null || (next !== null && next < expiry) ? next : expiry;
    const withdrawn = withdrawals.find(
      ({ sequence, at }) => sequence >= version.sequence && (end === null || at < end),
    );
    const standing = { version, withdrawn };
    const replaced = next !== null && end === next;
    if (end !== null && end <= begin) return { ...standing, standing: "replaced", inForce: null };
    if (begin >= to) return { ...standing, standing: withdrawn ? "withdrawn" : "later", inForce: null };
    if (end !== null && end <= from) return { ...standing, standing: replaced ? "replaced" : "expired", inForce: null };
    if (withdrawn) return { ...standing, standing: "withdrawn", inForce: null };
    const inForce = { from: begin > from ? begin : from, to: end !== null && end < to ? end : to };
    if (inForce.from === from && inForce.to === to) return { ...standing, standing: "throughout", inForce };
    return { ...standing, standing: inForce.to < to && !replaced ? "expiredWithin" : "part", inForce };
  });
}

/** The attestations of a period as a pack shows them: in force in it, withdrawn since, or expired before it without another version; by id, then version. */
export function attestationsOf(
  recorded: readonly RecordedAttestation[],
  { from, to, cutAt }: AssessmentResult["period"],
  timezone: string,
): Attestation[] {
  // What lies beyond the cut nobody has seen yet.
  const span = { from, to: cutAt !== null && cutAt > from ? cutAt : to };
  return recorded.flatMap((attestation) =>
    standings(attestation, span, timezone).flatMap(({ version, standing, inForce, withdrawn }): Attestation[] => {
      if (standing === "later" || standing === "replaced") return [];
      const isCurrent = version === attestation.latest && !attestation.isWithdrawn;
      if (standing === "expired" && !isCurrent) return [];
      if (standing === "withdrawn" && startOfDayIn(version.effective, timezone) >= span.to) return [];
      return [row(attestation, version, { standing, inForce, withdrawn })];
    }),
  );
}

function row(
  { versions }: RecordedAttestation,
  version: RecordedVersion,
  {
    standing,
    inForce,
    withdrawn,
  }: {
    readonly standing: Attestation["state"];
    readonly inForce: Span | null;
    readonly withdrawn: StandingVersion["withdrawn"];
  },
): Attestation {
  const { id, sequence, kind, title, documentVersion, approver, note, by, role, effective, expires } = version;
  const { criteria, file, declaredIn, recordedAt, record } = version;
  const earlier = versions.filter((one) => one.sequence < sequence);
  return {
    id,
    sequence,
    kind,
    title,
    ...(documentVersion === null ? {} : { documentVersion }),
    ...(approver === null ? {} : { approver }),
    ...(note === null ? {} : { note }),
    by,
    role,
    effective,
    expires,
    criteria,
    file,
    declaredIn,
    recordedAt,
    record,
    state: standing,
    inForce,
    retroactive: inForce !== null && recordedAt > inForce.from,
    ...(withdrawn
      ? { withdrawn: { at: withdrawn.at, by: withdrawn.by, reason: withdrawn.reason, record: withdrawn.record } }
      : {}),
    ...(earlier.length > 0
      ? {
          earlier: earlier.map((one) => ({
            sequence: one.sequence,
            sha256: one.file.sha256,
            recordedAt: one.recordedAt,
            record: one.record,
          })),
        }
      : {}),
  };
}
