import { stringify } from "csv-stringify/sync";
import type { AssessmentResult } from "../model/assessment.ts";
import { changeRows, outcomeOf } from "./rows.ts";
import { visible } from "./visible.ts";

// What a spreadsheet may take for a formula: also behind blanks, line ends and characters it does not show, and in the
// full-width forms it folds. csv-stringify's own escape_formulas misses those.
const formula =
  /^[\p{White_Space}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]*[=+\-@|%\uff1d\uff0b\uff0d\uff20\u2212]|^[\t\r\n]/u;

/** A cell that no spreadsheet runs and whose every character shows: text that could start a formula is led by an apostrophe; no token in it. */
export function safeCell(text: string): string {
  const shown = visible(text);
  // What was hidden before a formula's first character is now written out; it stays quoted, for who cleans it away.
  return formula.test(text) ? `'${shown}` : shown;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return stringify([header, ...rows.map((row) => row.map(safeCell))], { record_delimiter: "\n" });
}

/**
 * changes.csv: a row per merged change and per commit that stands with none, with every attribute's outcome. Where a
 * commit's arrival is known as an interval only, `merged_at` is that interval (ISO 8601, `from/to`); its `author` is the
 * account by which the source knows git's author, and empty where it knows none.
 */
export function changesCsv(result: Pick<AssessmentResult, "population" | "attributes" | "coverage">): string {
  const columns = testedColumns(result);
  const rows = changeRows(result).map(({ item, outcomes }) => [
    item.system,
    item.repository,
    item.subject,
    item.number ?? "",
    item.commit ?? "",
    item.notBefore === undefined ? item.at : `${item.notBefore}/${item.at}`,
    item.subject === "commit" ? (item.account ?? "") : item.actor,
    ...columns.map((id) => outcomes.get(id) ?? "notApplicable"),
  ]);
  return table(["system", "repository", "kind", "number", "commit", "merged_at", "author", ...columns], rows);
}

/** deployments.csv: a row per production deployment, with every attribute's outcome. */
export function deploymentsCsv(result: Pick<AssessmentResult, "population" | "attributes">): string {
  const columns = testedColumns(result);
  const rows = result.population
    .filter(({ subject }) => subject === "deployment")
    .map((item) => [
      item.system,
      item.repository,
      item.number ?? "",
      item.environment ?? "",
      item.commit ?? "",
      item.at,
      item.actor,
      ...columns.map((id) => outcomeOf(id, item) ?? "notApplicable"),
    ]);
  return table(["system", "repository", "id", "environment", "commit", "deployed_at", "creator", ...columns], rows);
}

const testedColumns = ({ attributes }: Pick<AssessmentResult, "attributes">): readonly string[] =>
  attributes.filter(({ subject }) => subject !== "configuration").map(({ id }) => id);
