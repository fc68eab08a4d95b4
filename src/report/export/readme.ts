import type { AssessmentResult } from "../../model/assessment.ts";
import { list } from "../format.ts";
import { packTitle } from "../pack-title.ts";
import { visible } from "../visible.ts";

/** `criteria`: a folder per framework, criterion and control; `controls`: per control; `flat`: no folders. */
export type Layout = "criteria" | "controls" | "flat";

/** The pack that is exported, as the export's texts name it. */
export interface ExportedPack {
  readonly name: string;
  readonly state: "issued" | "draft";
  /** SHA-256 of its `pack.pdf`. */
  readonly pdf: string;
  /** SHA-256 of its `assessment.json`. */
  readonly assessment: string;
}

const folders: Readonly<Record<Layout, string>> = {
  criteria:
    "A folder per framework, criterion and control. A control that also supports other criteria lies\nunder those that the pack concludes; index.csv lists it under all of them.",
  controls: "A folder per control; index.csv lists it under every criterion that it addresses.",
  flat: "No folders: each name begins with the control's; index.csv lists it under every criterion that\nit addresses.",
};

/** README.txt of an export. */
export function readme(result: AssessmentResult, pack: ExportedPack, layout: Layout): string {
  const { organisation, period, checkpoint, scope, redacted } = result;
  const systems = list(scope.systems.map(({ id }) => visible(id)));
  return `${visible(packTitle(result))}
Exported from the pack ${visible(pack.name)}${pack.state === "draft" ? ", a draft that nobody has issued or signed" : ""}.
${redacted ? "A redacted edition: names and addresses of persons are pseudonyms.\n" : ""}
These are results of management's own tests, not an opinion and not an auditor's report. What was
not observed is named as not verifiable; it was never taken as passed.

Systems     ${systems}
Period      ${period.from} to ${period.to} (excluded); ${visible(organisation.timezone)}
Evidence    as of ${period.asOf}${period.cutAt === null ? "" : `; cut at ${period.cutAt}`}
Checkpoint  ${checkpoint.size} records, root ${checkpoint.root}
Assessment  SHA-256 of assessment.json in the pack: ${pack.assessment}

${folders[layout]}

index.csv       every file with framework, criterion, control, title, period and SHA-256
control.json    the control's result, tally, statement, objective, mechanism, procedure
items.csv       every item it was tested on, with what the tests say together and one by one;
                the rows by their outcome are the tally
exceptions.csv  the exceptions of the control, waived ones included
evidence.csv    the records that its tests rest on: id, leaf in the ledger, when fetched, and the
                address of the first item that refers to it
pack.pdf        the whole pack

Times are UTC. An apostrophe before a text keeps spreadsheets from running it.

This folder is a copy for import and bears no signature of its own. The pack is what was ${pack.state === "draft" ? "written" : "signed"}: it
holds everything as data in assessment.json, described by assessment.schema.json, as OSCAL 1.2
assessment results in oscal-assessment-results.json, and as a work paper in work-papers.xlsx.
\`flowproof verify\` checks it.
`;
}
