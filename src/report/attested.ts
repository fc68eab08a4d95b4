import type { AssessmentResult, Attestation } from "../model/assessment.ts";
import { attestationAnchor, type Reference } from "./anchors.ts";

/** What attestations say of a point: which, and in what words. It is never a result. */
export interface Attested {
  readonly by: readonly Reference[];
  /** `attested, not tested`, or that it was so for a part of the period only. */
  readonly label: string;
}

/** The attestations in force in the period that name a point of a criterion; undefined where none does. */
export function attestedPoint(
  { result }: { readonly result: AssessmentResult },
  framework: string,
  criterion: string,
  point: string,
): Attested | undefined {
  const own = attestationsFor(result.attestations ?? [], framework, criterion).filter(({ criteria }) =>
    criteria.some((one) => one.framework === framework && one.criterion === criterion && one.points.includes(point)),
  );
  if (own.length === 0) return undefined;
  const { from, to, cutAt } = result.period;
  const whole = coversAll(own, from, cutAt !== null && cutAt > from ? cutAt : to);
  return {
    by: own.map(attestationRef),
    label: whole ? "attested, not tested" : "attested for part of the period, not tested",
  };
}

/** The attestations in force in the period that address a criterion, as a whole or in points of it. */
export const attestationsFor = (
  attestations: readonly Attestation[],
  framework: string,
  criterion: string,
): readonly Attestation[] =>
  attestations.filter(
    ({ inForce, criteria }) =>
      inForce !== null && criteria.some((one) => one.framework === framework && one.criterion === criterion),
  );

/** An attestation by id, and by version where it is not the first. */
export const attestationRef = ({ id, sequence }: Pick<Attestation, "id" | "sequence">): Reference => ({
  text: sequence > 1 ? `${id} v${sequence}` : id,
  anchor: attestationAnchor(id, sequence),
});

function coversAll(attestations: readonly Attestation[], from: string, to: string): boolean {
  let until = from;
  const spans = attestations.flatMap(({ inForce }) => inForce ?? []).toSorted((a, b) => (a.from < b.from ? -1 : 1));
  for (const span of spans) if (span.from <= until && span.to > until) until = span.to;
  return until >= to;
}
