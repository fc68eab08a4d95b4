import { stringify } from "csv-stringify/sync";
import type { AssessmentResult, Item } from "../model/assessment.ts";
import type { Outcome } from "../model/attribute.ts";
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

/** changes.csv: a row per merged change and per commit that no change explains, with every attribute's outcome. */
export function changesCsv({ population, attributes }: AssessmentResult): string {
  const columns = attributes.filter(({ subject }) => subject !== "configuration").map(({ id }) => id);
  const items = new Map(population.map((item) => [itemKey(item.system, item.key), item]));
  const rows = population
    .filter(({ subject, link }) => subject === "change" || (subject === "commit" && link === null))
    .map((item) => {
      const deployment =
        item.subject === "change" && item.link !== null ? items.get(itemKey(item.system, item.link)) : undefined;
      const outcomes = outcomesOf(item, deployment);
      return [
        item.system,
        item.repository,
        item.subject,
        item.number ?? "",
        item.commit ?? "",
        item.at,
        item.actor,
        ...columns.map((id) => outcomes.get(id) ?? "notApplicable"),
      ];
    });
  return table(["system", "repository", "kind", "number", "commit", "merged_at", "author", ...columns], rows);
}

/** deployments.csv: a row per production deployment, with every attribute's outcome. */
export function deploymentsCsv({ population, attributes }: AssessmentResult): string {
  const columns = attributes.filter(({ subject }) => subject !== "configuration").map(({ id }) => id);
  const rows = population
    .filter(({ subject }) => subject === "deployment")
    .map((item) => {
      const outcomes = outcomesOf(item);
      return [
        item.system,
        item.repository,
        item.number ?? "",
        item.environment ?? "",
        item.commit ?? "",
        item.at,
        item.actor,
        ...columns.map((id) => outcomes.get(id) ?? "notApplicable"),
      ];
    });
  return table(["system", "repository", "id", "environment", "commit", "deployed_at", "creator", ...columns], rows);
}

// Systems of one repository share its changes and deployments, and judge each by their own policy.
const itemKey = (system: string, key: string): string => JSON.stringify([system, key]);

function outcomesOf(...items: readonly (Item | undefined)[]): ReadonlyMap<string, Outcome> {
  return new Map(
    items.flatMap((item) => item?.observations.map(({ attribute, outcome }) => [attribute, outcome] as const) ?? []),
  );
}
