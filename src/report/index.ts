import { z } from "zod";
import type { AssessmentResult } from "../model/assessment.ts";
import { assessmentResultSchema } from "../model/assessment.ts";
import { changesCsv, deploymentsCsv } from "./csv.ts";
import { documentView } from "./document.ts";
import { sortedJson } from "./json.ts";
import { compileTemplates } from "./templates.ts";

let layOut: ReturnType<typeof compileTemplates> | undefined;

/** The pack's files but the PDF and the manifest, by name; the same result gives the same bytes. */
export function renderReport(result: AssessmentResult): ReadonlyMap<string, string> {
  layOut ??= compileTemplates();
  return new Map([
    ["pack.html", layOut(documentView(result))],
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
