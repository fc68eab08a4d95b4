import type { Attestation } from "../../model/assessment.ts";
import { attachmentName } from "../../model/attestation.ts";
import { attestationAnchor, criterionAnchor } from "../anchors.ts";
import { attestationRef, attestedPoint } from "../attested.ts";
import { counted, grouped, list, number, sentence } from "../format.ts";
import { attestationKinds, attestationStates, type Tone } from "../labels.ts";
import type { Pack } from "../pack.ts";

/** Management's attestations: manual evidence, whose word it is and what of the criteria it is about. */
export function manualView(pack: Pack) {
  const { attestations = [], redacted } = pack.result;
  return {
    any: attestations.length > 0,
    summary: summary(attestations),
    whole: redacted === undefined,
    rows: attestations.map((one) => row(pack, one)),
    only: onlyAttested(pack),
  };
}

function summary(attestations: readonly Attestation[]): string {
  const counts = (Object.keys(standing) as Attestation["state"][])
    .map((state) => ({ state, count: attestations.filter((one) => one.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${number(count)} ${standing[state]}`);
  return `${sentence(counted(attestations.length, "attestation"))}: ${list(counts)}.`;
}

const standing: Readonly<Record<Attestation["state"], string>> = {
  throughout: "said to be in force throughout the period",
  part: "said to be in force for part of it",
  expiredWithin: "expired within it",
  expired: "expired before it, addressing nothing",
  withdrawn: "withdrawn, addressing nothing",
};

function row(pack: Pack, attestation: Attestation) {
  const { id, sequence, kind, title, documentVersion, approver, note, by, role, file, earlier = [] } = attestation;
  const { effective, expires, inForce, state, withdrawn, retroactive, recordedAt, record } = attestation;
  const document = [
    ...(documentVersion === undefined ? [] : [`version ${documentVersion}`]),
    ...(approver === undefined ? [] : [`approved by ${approver}`]),
  ];
  return {
    anchor: attestationAnchor(id, sequence),
    id: attestationRef({ id, sequence }).text,
    title,
    kind: attestationKinds[kind],
    document: document.length > 0 ? document.join(", ") : null,
    note: note ?? null,
    by,
    role,
    recorded: pack.time.minute(recordedAt),
    retroactive,
    declared: attestation.declaredIn === "configuration",
    records: pack.records([record]),
    state: attestationStates[state],
    tone: (state === "throughout" ? "still" : "unseen") satisfies Tone,
    dates: expires === null ? `from ${effective}, without an end` : `${effective} to ${expires}`,
    within: inForce !== null && state !== "throughout" ? pack.time.span(inForce.from, inForce.to) : null,
    withdrawn: withdrawn
      ? {
          at: pack.time.minute(withdrawn.at),
          by: withdrawn.by,
          reason: withdrawn.reason,
          records: pack.records([withdrawn.record]),
        }
      : null,
    addresses: inForce === null ? [] : addressed(pack, attestation),
    file: { name: file.name, size: counted(file.size, "byte"), type: file.mediaType, sha256: grouped(file.sha256) },
    packed: attachmentName(id, file),
    earlier: earlier.map((one) => ({
      text: `Version ${one.sequence}, recorded ${pack.time.minute(one.recordedAt)}, SHA-256 ${one.sha256.slice(0, 16)}…`,
      records: pack.records([one.record]),
    })),
  };
}

/** The criteria that it names, as far as the pack's frameworks have them; those with a result can be followed. */
function addressed({ result }: Pack, { criteria }: Attestation) {
  return criteria.flatMap(({ framework, criterion, points }) => {
    const found = result.criteria.find((one) => one.framework === framework && one.id === criterion);
    if (!found) return [];
    const text = `${found.frameworkTitle} ${criterion}${points.length > 0 ? `: ${points.join(", ")}` : ""}`;
    return [{ text, anchor: found.concluded ? criterionAnchor(framework, criterion) : null }];
  });
}

/** The points that no control addresses and an attestation does, criterion by criterion. */
function onlyAttested(pack: Pack): string | null {
  const found = pack.result.criteria.flatMap(({ framework, frameworkTitle, id, points }) => {
    const own = points.filter(
      (point) => point.controls.length === 0 && attestedPoint(pack, framework, id, point.id) !== undefined,
    );
    return own.length > 0 ? [`${frameworkTitle} ${id}: ${own.map((point) => point.id).join(", ")}`] : [];
  });
  return found.length > 0 ? found.join("; ") : null;
}
