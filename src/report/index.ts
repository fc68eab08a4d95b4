import { z } from "zod";
import type { AssessmentResult } from "../model/assessment.ts";
import { assessmentResultSchema } from "../model/assessment.ts";
import { changesCsv, deploymentsCsv } from "./csv.ts";
import { documentView } from "./document.ts";
import type { IssueView } from "./issue-view.ts";
import { sortedJson } from "./json.ts";
import { openPack } from "./pack.ts";
import { compileTemplates } from "./templates.ts";

export { controlAnchor, exceptionAnchor, itemAnchor, recordAnchor } from "./anchors.ts";
export { safeCell } from "./csv.ts";
export { type IssueView, packName } from "./issue-view.ts";
export { sortedJson } from "./json.ts";
export { redaction } from "./redact.ts";

let layOut: ReturnType<typeof compileTemplates> | undefined;

/** The pack's files but the PDF and the manifest, by name; the same result gives the same bytes. Without what its issuing says, they are a draft's. */
export function renderReport(result: AssessmentResult, issue?: IssueView): ReadonlyMap<string, string> {
  layOut ??= compileTemplates();
  return new Map([
    ["pack.html", layOut(documentView(result, issue))],
    ["assessment.json", sortedJson(result)],
    ["assessment.schema.json", sortedJson(z.toJSONSchema(assessmentResultSchema, { io: "output" }))],
    ["changes.csv", changesCsv(result)],
    ["deployments.csv", deploymentsCsv(result)],
  ]);
}

/** The pack's title in one line, as document properties and lists show it. */
export function packTitle({ organisation, period }: AssessmentResult): string {
  return `${organisation.name}: change management evidence, ${period.id}`;
}

/** What a document lists of the records that its assessment refers to: their ids. */
export function recordsListed(result: AssessmentResult): readonly number[] {
  const { cited } = openPack(result);
  return result.records.filter(({ id }) => cited.has(id)).map(({ id }) => id);
}

/** What management asserts where it says nothing else: the wording of the assertion's page, as plain text. */
export function proposedAssertion(result: AssessmentResult, issue: IssueView): string {
  const { lead, points } = documentView(result, issue).assertion;
  const lines = points.map(
    ({ text, root }, index) => `${index + 1}. ${root === null ? text : `${text} ${root.replaceAll(" ", "")}.`}`,
  );
  return [lead, ...lines].join("\n");
}
