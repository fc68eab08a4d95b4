import { z } from "zod";
import type { AssessmentResult } from "../model/assessment.ts";
import { assessmentResultSchema } from "../model/assessment.ts";
import { collectGarbage } from "../util/collect-garbage.ts";
import { csvFiles, csvRows } from "./csv.ts";
import { documentView, issuedAssertion } from "./document.ts";
import { fileName } from "./file-names.ts";
import type { DocumentState } from "./issue-view.ts";
import { sortedJson } from "./json.ts";
import { oscalAssessmentResults } from "./oscal/assessment-results.ts";
import { openPack } from "./pack.ts";
import { compileTemplates } from "./templates.ts";
import { workPapers } from "./xlsx/work-papers.ts";

export { controlAnchor, exceptionAnchor, recordAnchor } from "./anchors.ts";
export { safeCell } from "./csv.ts";
export { type IssueView, packName } from "./issue-view.ts";
export { sortedJson } from "./json.ts";
export { packTitle } from "./pack-title.ts";
export { redaction } from "./redact.ts";

/** The names of the rendered files that hold data. */
export const dataFiles: readonly string[] = [
  ...Object.keys(csvRows),
  fileName.assessment,
  fileName.oscal,
  fileName.workPapers,
];

let layOut: ReturnType<typeof compileTemplates> | undefined;

/** The pack's files but the PDF and the manifest, by name; the same result gives the same bytes. Without what its issuing says, they are a draft's. */
export async function renderReport(
  result: AssessmentResult,
  state?: DocumentState,
): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const tables = csvFiles(result);
  // As bytes, which take half the room of texts while the document is printed.
  const data = new Map(
    [
      [fileName.assessment, sortedJson(result)] as const,
      ...[...tables].map(([name, { text }]) => [name, text] as const),
    ].map(([name, text]) => [name, Buffer.from(text)] as const),
  );
  // Of what that took, most is not needed any more, and what follows takes as much.
  await collectGarbage();
  return new Map<string, string | Uint8Array>([
    [fileName.html, renderDocument(result, state, tables)],
    ...data,
    [fileName.schema, sortedJson(z.toJSONSchema(assessmentResultSchema, { io: "output" }))],
    [fileName.oscal, oscalAssessmentResults(result, data, state)],
    [fileName.workPapers, await workPapers(result, state)],
  ]);
}

/** `pack.html` alone. */
export function renderDocument(result: AssessmentResult, state?: DocumentState, tables = csvFiles(result)): string {
  layOut ??= compileTemplates();
  return layOut(documentView(result, state, tables));
}

/** What issuing needs to know of a document before it is laid out. */
export interface DocumentFacts {
  /** The ids of the records that it lists. */
  readonly listed: readonly number[];
  /** What management asserts where it says nothing else: the wording of the assertion's page, as plain text. */
  readonly assertion: string;
}

/** Reads them off the result. */
export function documentFacts(result: AssessmentResult): DocumentFacts {
  const pack = openPack(result);
  const { lead, points } = issuedAssertion(pack);
  const lines = points.map(
    ({ text, root }, index) => `${index + 1}. ${root === null ? text : `${text} ${root.replaceAll(" ", "")}.`}`,
  );
  return {
    listed: result.records.filter(({ id }) => pack.cited.has(id)).map(({ id }) => id),
    assertion: [lead, ...lines].join("\n"),
  };
}
