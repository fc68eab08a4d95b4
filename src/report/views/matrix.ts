import type { CriterionAssessment } from "../../model/assessment.ts";
import { controlAnchor, criterionAnchor } from "../anchors.ts";
import { attestationRef, attestationsFor, attestedPoint } from "../attested.ts";
import { resultLabels } from "../labels.ts";
import { limits } from "../limits.ts";
import { restOf } from "../listed.ts";
import type { Pack } from "../pack.ts";

/** Controls against the points of each concluded criterion, columns nothing addresses marked as such. */
export function matrixView(pack: Pack) {
  const { criteria, controls } = pack.result;
  return {
    matrices: criteria
      .filter(({ concluded, points }) => concluded && points.length > 0)
      .map((criterion) => ({
        title: `${criterion.frameworkTitle} ${criterion.id}`,
        anchor: criterionAnchor(criterion.framework, criterion.id),
        pointsName: criterion.pointsName,
        points: criterion.points.map(({ id, title, controls }) => ({ id, title, missing: controls.length === 0 })),
        rows: controls
          .filter(({ id }) => criterion.controls.includes(id))
          .slice(0, limits.matrix)
          .map((control) => ({
            id: control.own?.id ?? control.id,
            anchor: controlAnchor(control.id),
            title: control.own?.title ?? control.title,
            label: resultLabels[control.result].label,
            tone: resultLabels[control.result].tone,
            cells: criterion.points.map((point) => ({
              mark: point.controls.includes(control.id) ? (control.key ? "K" : "s") : "",
              missing: point.controls.length === 0,
            })),
          })),
        ...attestedRows(pack, criterion),
        more: restOf(limits.matrix, criterion.controls.length, "controls", "controls, and in controls.csv"),
        ...unaddressed(pack, criterion),
      })),
  };
}

/** An attestation in force is a row of its own: it addresses points as no control does. */
function attestedRows({ result }: Pack, { framework, id, points }: CriterionAssessment) {
  const all = attestationsFor(result.attestations ?? [], framework, id);
  const attested = all.slice(0, limits.matrix).map((attestation) => {
    const named = attestation.criteria
      .filter((one) => one.framework === framework && one.criterion === id)
      .flatMap((one) => one.points);
    const { text, anchor } = attestationRef(attestation);
    return {
      id: text,
      anchor,
      title: attestation.title,
      cells: points.map((point) => ({
        mark: named.includes(point.id) ? "a" : "",
        missing: point.controls.length === 0,
      })),
    };
  });
  return { attested, moreAttested: restOf(attested.length, all.length, "attestations", "attestations") };
}

/** The points that no control addresses: those that an attestation names, and those that nothing does. */
function unaddressed(pack: Pack, { framework, id: criterion, points }: CriterionAssessment) {
  const without = points
    .filter(({ controls }) => controls.length === 0)
    .map(({ id, title }) => ({ id, title, attested: attestedPoint(pack, framework, criterion, id) }));
  const missing = without.filter(({ attested }) => attested === undefined);
  const onlyAttested = without.flatMap(({ id, title, attested }) => (attested ? [{ id, title, ...attested }] : []));
  return {
    missing,
    anyMissing: missing.length > 0,
    onlyAttested,
    anyOnlyAttested: onlyAttested.length > 0,
  };
}
