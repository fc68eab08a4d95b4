import type { AssessmentResult } from "../../model/assessment.ts";
import { branchesOf } from "../branches-of.ts";
import { list, timeFormat } from "../format.ts";
import type { DocumentState } from "../issue-view.ts";
import { wholeCriterionLabel } from "../labels.ts";
import { packTitle } from "../pack-title.ts";
import type { Value } from "../tables/table.ts";
import type { SheetCell } from "./sheet-rows.ts";

type Row = readonly SheetCell[];

const row = (...values: readonly Value[]): Row =>
  values.map((value) => (typeof value === "string" ? { value, look: "wrapped" } : value));
/** A sentence that runs on over the columns to its right. */
const sentence = (text: string): Row => [text];
const title = (value: string): Row => [{ value, look: "title" }];
const head = (...values: readonly string[]): Row => values.map((value) => ({ value, look: "head" }));
const blank: Row = [];

/** The widths of the summary's columns, in characters. */
export const summaryWidths: readonly number[] = [30, 22, 44, 18, 80];

/** The summary of the work paper: what it covers, what was found, and how many rows the other sheets hold. */
export function summaryRows(
  result: AssessmentResult,
  state: DocumentState | undefined,
  sheets: ReadonlyMap<string, number>,
): readonly Row[] {
  const { checkpoint, redacted } = result;
  return [
    title(packTitle(result)),
    sentence(
      "Results of management's tests of whole populations, not an opinion. What was not observed is named as such.",
    ),
    ...stateRows(state),
    ...(redacted
      ? [sentence(`Redacted edition: ${redacted.persons} persons and ${redacted.addresses} addresses are pseudonyms.`)]
      : []),
    blank,
    title("Scope"),
    ...scopeRows(result),
    row("Checkpoint", "size", checkpoint.size),
    row(null, "root", checkpoint.root),
    row("Made by", `${result.tool.name} ${result.tool.version}`),
    blank,
    title("Results by criterion"),
    head("Framework", "Criterion", "Title", "Result", "Statement"),
    ...result.criteria
      .filter(({ concluded }) => concluded)
      .map((criterion) =>
        row(
          criterion.frameworkTitle,
          criterion.id,
          criterion.title,
          wholeCriterionLabel(criterion, result.controls),
          criterion.statement,
        ),
      ),
    blank,
    title("Population and findings"),
    head("What", "Number"),
    ...countRows(result),
    blank,
    title("Tests"),
    head("Letter", "Of", "What is tested", "Name in the files"),
    ...result.attributes.map(({ letter, subject, title: tested, id }) => row(letter, subject, tested, id)),
    blank,
    title("Sheets"),
    head("Sheet", "Rows"),
    ...[...sheets].map(([name, rows]) => row(name, rows)),
    blank,
    sentence(
      "An apostrophe before a text keeps spreadsheets from running it; a character that could hide or steer others",
    ),
    sentence("is written out, as ‹U+202E›. The lists are in the pack's CSV files too, all of it in assessment.json."),
  ];
}

function stateRows(state: DocumentState | undefined): readonly Row[] {
  if (state === "calibration") return [title("Calibration, not evidence")];
  if (state === undefined) return [sentence("A draft: nobody has issued or signed it.")];
  return [sentence(`Of the pack ${state.name}, issued ${state.at} (UTC).`)];
}

function scopeRows({ organisation, period, scope }: AssessmentResult): readonly Row[] {
  const { minute } = timeFormat(organisation.timezone);
  const time = (head: string, at: string): Row => row(head, minute(at), `${at} (UTC)`);
  return [
    row("Time zone", organisation.timezone),
    row("Period", period.id),
    time("From", period.from),
    time("To (excluded)", period.to),
    time("Evidence as of", period.asOf),
    ...(period.cutAt === null ? [] : [time("Cut at", period.cutAt)]),
    ...scope.systems.map(({ id, team, environments, repositories }) =>
      row(
        `System ${id}`,
        `team ${team}`,
        repositories.map(branchesOf).join(", "),
        null,
        `Production: ${list(environments)}`,
      ),
    ),
  ];
}

function countRows({ population, exceptions, bypasses }: AssessmentResult): readonly Row[] {
  const items = (subject: string): number => population.filter((item) => item.subject === subject).length;
  const waived = exceptions.filter(({ waiver }) => waiver !== null).length;
  const open = population.flatMap(({ observations }) =>
    observations.filter(({ outcome }) => outcome === "notVerifiable"),
  );
  return [
    row("Changes", items("change")),
    row("Commits", items("commit")),
    row("Deployments", items("deployment")),
    row("Settings", items("configuration")),
    row("Exceptions", exceptions.length),
    row("of those, accepted by a waiver", waived),
    row("Tests not verifiable", open.length),
    row("Bypasses", bypasses.entries.length),
  ];
}
