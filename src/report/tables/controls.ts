import type { AssessmentResult, ControlAssessment, CriterionAssessment } from "../../model/assessment.ts";
import { attestationRef, attestationsFor, attestedPoint } from "../attested.ts";
import { type Column, type Table, tableOf } from "./table.ts";

/** A row per control with its result and tally. */
export function controlsTable({ controls }: AssessmentResult): Table {
  const columns: readonly Column<ControlAssessment>[] = [
    { name: "id", head: "Control", width: 10, value: ({ id }) => id },
    { name: "own_id", head: "Own number", width: 12, value: ({ own }) => own?.id ?? null },
    { name: "title", head: "Title", width: 44, value: ({ own, title }) => own?.title ?? title },
    { name: "owner", head: "Owner", width: 20, value: ({ owner }) => owner },
    { name: "key", head: "Key", width: 6, value: ({ key }) => (key ? "yes" : "no") },
    { name: "population", head: "Population", width: 14, value: ({ population }) => population },
    { name: "tests", head: "Tests", width: 34, value: ({ attributes }) => attributes.join(" ") },
    { name: "result", head: "Result", width: 19, value: ({ result }) => result },
    { name: "items", head: "Items", width: 9, value: ({ tally }) => tally.items },
    { name: "pass", head: "Passed", width: 9, value: ({ tally }) => tally.pass },
    { name: "fail", head: "Failed", width: 9, value: ({ tally }) => tally.fail },
    { name: "waived", head: "Waived", width: 9, value: ({ tally }) => tally.waived },
    { name: "not_verifiable", head: "Not verifiable", width: 9, value: ({ tally }) => tally.notVerifiable },
    { name: "not_applicable", head: "Not applicable", width: 10, value: ({ tally }) => tally.notApplicable },
    { name: "threshold", head: "Threshold", width: 10, value: ({ threshold }) => threshold },
    { name: "exceptions", head: "Exceptions", width: 10, value: ({ exceptions }) => exceptions.length },
    { name: "criteria", head: "Criteria", width: 40, value: ({ mappings }) => mappings.map(criterionName).join(" ") },
    { name: "statement", head: "Statement", width: 70, value: ({ statement }) => statement },
    { head: "Objective", width: 50, value: ({ objective }) => objective },
    { head: "Mechanism", width: 50, value: ({ mechanism }) => mechanism },
    { head: "Procedure", width: 50, value: ({ procedure }) => procedure },
  ];
  return tableOf(columns, controls);
}

type Point = CriterionAssessment["points"][number];

/** A row per criterion, each followed by a row per point of its guidance. */
export function criteriaTable(result: AssessmentResult): Table {
  type Row = { readonly criterion: CriterionAssessment; readonly point: Point | null };
  const columns: readonly Column<Row>[] = [
    { head: "Framework", width: 30, value: ({ criterion }) => criterion.frameworkTitle },
    { head: "Criterion", width: 10, value: ({ criterion }) => criterion.id },
    { head: "Point", width: 8, value: ({ point }) => point?.id ?? null },
    { head: "Title", width: 54, value: ({ criterion, point }) => (point ?? criterion).title },
    {
      head: "Concluded",
      width: 11,
      value: ({ criterion, point }) => (point ? null : criterion.concluded ? "yes" : "no"),
    },
    { head: "Result", width: 19, value: ({ criterion, point }) => (point ?? criterion).result },
    { head: "Attested by", width: 30, value: ({ criterion, point }) => attestedBy(result, criterion, point) },
    { head: "Controls", width: 34, value: ({ criterion, point }) => (point ?? criterion).controls.join(" ") },
    { head: "Statement", width: 80, value: ({ criterion, point }) => (point ? null : criterion.statement) },
  ];
  const rows = result.criteria.flatMap((criterion): Row[] => [
    { criterion, point: null },
    ...criterion.points.map((point) => ({ criterion, point })),
  ]);
  return tableOf(columns, rows);
}

/** The attestations in force that name a point, with what that is worth where no control addresses it; of a criterion those that name no point of it. */
function attestedBy(result: AssessmentResult, { framework, id }: CriterionAssessment, point: Point | null): string {
  if (point === null)
    return attestationsFor(result.attestations ?? [], framework, id)
      .filter(({ criteria }) =>
        criteria.some((one) => one.framework === framework && one.criterion === id && one.points.length === 0),
      )
      .map((one) => attestationRef(one).text)
      .join(" ");
  const attested = attestedPoint({ result }, framework, id, point.id);
  if (attested === undefined) return "";
  const by = attested.by.map(({ text }) => text).join(" ");
  return point.controls.length > 0 ? by : `${by} (${attested.label})`;
}

/** `soc2-2017:CC8.1:4,7`. */
export const criterionName = ({
  framework,
  criterion,
  points,
}: Pick<ControlAssessment["mappings"][number], "framework" | "criterion" | "points">): string =>
  [framework, criterion, ...(points.length > 0 ? [points.join(",")] : [])].join(":");
