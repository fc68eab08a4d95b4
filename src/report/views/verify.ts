import type { AssessmentResult, ControlAssessment } from "../../model/assessment.ts";
import { type CsvFile, csvRows } from "../csv.ts";
import { fileName } from "../file-names.ts";
import type { Flow } from "../flow.ts";
import { counted, list, number } from "../format.ts";
import type { Pack } from "../pack.ts";
import { changeRows } from "../rows.ts";

/** How a reader gets the headline's numbers and the pack again, and what its files hold. */
export function verifyView({ result }: Pack, flow: Flow, tables: ReadonlyMap<string, CsvFile>) {
  const rows = changeRows(result);
  const passed = rows.filter(({ outcomes }) =>
    [...outcomes.values()].every((outcome) => outcome === "pass" || outcome === "notApplicable"),
  );
  return {
    files: files(result, tables),
    names: [...tables.keys(), ...Object.values(fileName), "pack.pdf"].toSorted().join(" "),
    columns: columns(result),
    rows: `Of ${counted(rows.length, "row")} in changes.csv, ${passed.length} hold neither fail nor notVerifiable in any column; the headline's ${counted(flow.verdict.passed, "commit")} that passed came by the changes of these rows, of which one may bring several.`,
    command: `flowproof report --period ${result.period.id} --as-of ${result.period.asOf}`,
  };
}

/** The files that hold data, each with what it holds and its rows. */
function files({ population, attributes }: AssessmentResult, tables: ReadonlyMap<string, CsvFile>) {
  const lists = [...tables].map(([name, { rows }]) => ({ name, holds: csvRows[name] ?? "", rows: number(rows) }));
  const others: Readonly<Record<string, string>> = {
    [fileName.workPapers]:
      "the same lists as sheets, and the criteria, attestations and re-reviews, with room for the auditor",
    [fileName.assessment]: `everything this document says, as data: ${counted(population.length, "item")}, ${counted(attributes.length, "test")}`,
    [fileName.schema]: "the JSON Schema of assessment.json",
    [fileName.oscal]: "results by criterion as OSCAL 1.2 assessment results, for tools that read it",
  };
  return [...lists, ...Object.entries(others).map(([name, holds]) => ({ name, holds, rows: "" }))];
}

/** Which columns give a control's numbers, by the control over changes with the most tests; and which controls have none. */
function columns({ controls, attributes }: AssessmentResult): string {
  const name = ({ id, own }: ControlAssessment): string => own?.id ?? id;
  const example = controls
    .filter(({ population }) => population === "changes")
    .toSorted((a, b) => b.attributes.length - a.attributes.length)[0];
  const tests = attributes.filter(({ id }) => example?.attributes.includes(id));
  const settings = controls.filter(({ population }) => population === "configuration").map(name);
  return [
    ...(example
      ? [
          `The columns of a control are its tests by name: an item fails ${name(example)} where ${list(tests.map(({ id, letter }) => `${id} (${letter})`)).replace(" and ", " or ")} says fail.`,
        ]
      : []),
    ...(settings.length > 0
      ? [
          `What ${settings.length === 1 ? "the control" : "the controls"} over settings (${list(settings)}) found is in settings.csv.`,
        ]
      : []),
  ].join(" ");
}
