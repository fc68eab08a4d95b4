import type { CriterionAssessment } from "../../model/assessment.ts";
import { criterionAnchor } from "../anchors.ts";
import { attestedPoint } from "../attested.ts";
import { counted, list, sentence } from "../format.ts";
import { resultLabels, wholeCriterionLabel } from "../labels.ts";
import type { Pack } from "../pack.ts";

/** Results per criterion, with every point the guidance names and whether anything addresses it. */
export function criteriaView(pack: Pack) {
  const { criteria } = pack.result;
  const others = criteria.filter(({ concluded }) => !concluded);
  const unaddressed = others.filter(({ controls }) => controls.length === 0);
  return {
    concluded: criteria.filter(({ concluded }) => concluded).map((criterion) => criterionView(pack, criterion)),
    supported: others.filter(({ controls }) => controls.length > 0).map((criterion) => criterionView(pack, criterion)),
    unaddressed:
      unaddressed.length === 0
        ? null
        : [...Map.groupBy(unaddressed, ({ frameworkTitle }) => frameworkTitle)]
            .map(([title, mine]) => `${title} ${list(mine.map(({ id }) => id))}`)
            .join("; "),
  };
}

/** What management attests of a point that no control addresses; never a result. */
function attestation(
  pack: Pack,
  { framework, id: criterion }: CriterionAssessment,
  { id, controls }: CriterionAssessment["points"][number],
) {
  const attested = controls.length === 0 ? attestedPoint(pack, framework, criterion, id) : undefined;
  return attested
    ? {
        controls: attested.by.map(({ text, anchor }) => ({ text: `attestation ${text}`, anchor })),
        label: sentence(attested.label),
      }
    : {};
}

function onlyAttested(
  pack: Pack,
  { framework, id }: CriterionAssessment,
  missing: CriterionAssessment["points"],
): string {
  const attested = missing.filter((point) => attestedPoint(pack, framework, id, point.id) !== undefined);
  if (attested.length === 0) return "";
  return ` Of these, management attests ${list(attested.map((point) => point.id))}, which nothing here tested.`;
}

function criterionView(pack: Pack, criterion: CriterionAssessment) {
  const controls = criterion.controls.flatMap((id) => pack.controls.get(id) ?? []);
  const missing = criterion.points.filter((point) => point.controls.length === 0);
  return {
    anchor: criterionAnchor(criterion.framework, criterion.id),
    framework: criterion.frameworkTitle,
    id: criterion.id,
    title: criterion.title,
    tone: resultLabels[criterion.result].tone,
    label: wholeCriterionLabel(criterion, pack.result.controls),
    statement: criterion.statement,
    pointsName: criterion.pointsName,
    points: criterion.points.map((point) => ({
      id: point.id,
      title: point.title,
      controls: point.controls.map(pack.controlRef),
      addressed: point.controls.length > 0,
      tone: resultLabels[point.result].tone,
      label: resultLabels[point.result].label,
      ...attestation(pack, criterion, point),
    })),
    anyPoints: criterion.points.length > 0,
    missing:
      missing.length === 0
        ? null
        : `${counted(missing.length, "point")} of ${criterion.points.length} (${list(missing.map(({ id }) => id))}) ${missing.length === 1 ? "is" : "are"} addressed by no control of this pack.${onlyAttested(pack, criterion, missing)}`,
    controls: controls.map(({ id }) => pack.controlRef(id)),
  };
}
