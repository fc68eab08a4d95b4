import type { AssessmentResult } from "../../model/assessment.ts";
import type { Sample } from "../../model/sample.ts";
import { sha256Hex } from "../../util/hash.ts";
import { compileTemplates } from "../templates.ts";
import { keyFiles, sampleCsv, sampleJson } from "./sample-files.ts";
import { type WorkPaperView, workPaperView } from "./view.ts";

export { recipe } from "./recipe.ts";

/** What the files of a sample's folder are called, but for those of the keys. */
export const paperFile = {
  json: "sample.json",
  csv: "sample.csv",
  html: "work-papers.html",
  pdf: "work-papers.pdf",
} as const;

let layOut: ((view: WorkPaperView) => string) | undefined;

/** The files of a sample but the PDF and the manifest, by name; the same assessment and sample give the same bytes. The papers name themselves by the SHA-256 of sample.json. */
export function renderWorkPapers(result: AssessmentResult, sample: Sample): ReadonlyMap<string, string> {
  layOut ??= compileTemplates<WorkPaperView>("work-paper");
  const json = sampleJson(result, sample);
  return new Map([
    [paperFile.json, json],
    [paperFile.csv, sampleCsv(result, sample)],
    [paperFile.html, layOut(workPaperView(result, sample, sha256Hex(json)))],
    ...keyFiles(result, sample),
  ]);
}

/** The title that the document's properties show. */
export function workPapersTitle({ organisation, period }: AssessmentResult, { name }: Sample): string {
  return `${organisation.name}: work papers, ${period.id} (${name})`;
}
