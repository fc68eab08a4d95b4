import { controlAnchor, criterionAnchor } from "../anchors.ts";
import { resultLabels } from "../labels.ts";
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
        missing: criterion.points
          .filter(({ controls }) => controls.length === 0)
          .map(({ id, title }) => ({ id, title })),
        anyMissing: criterion.points.some(({ controls }) => controls.length === 0),
      })),
  };
}
