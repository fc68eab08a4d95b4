import type { AssessmentResult } from "../../model/assessment.ts";
import { list, timeFormat } from "../format.ts";
import { resultLabels } from "../labels.ts";
import type { Value } from "../tables/table.ts";

/** A line of the summary: a heading, the head of a small table, or cells. */
export type SummaryRow =
  | { readonly title: string; readonly main?: boolean }
  | { readonly head: readonly string[] }
  | { readonly cells: readonly Value[] };

const row = (...cells: readonly Value[]): SummaryRow => ({ cells });
const blank = row(null);

/** The summary of the work paper: what it covers, what was found, and what the other sheets hold. */
export function summaryRows(
  result: AssessmentResult,
  sheets: readonly { readonly name: string; readonly rows: number }[],
): readonly SummaryRow[] {
  const { organisation, checkpoint, redacted } = result;
  return [
    { title: `${organisation.name}: change management evidence, ${result.period.id}`, main: true },
    row("Results of management's tests of whole populations, not an opinion. What was not observed is named as such."),
    ...(redacted
      ? [row(`Redacted edition: ${redacted.persons} persons and ${redacted.addresses} addresses are pseudonyms.`)]
      : []),
    blank,
    { title: "Scope" },
    ...scopeRows(result),
    row("Checkpoint", "size", checkpoint.size),
    row(null, "root", checkpoint.root),
    row("Made by", `${result.tool.name} ${result.tool.version}`),
    blank,
    { title: "Results by criterion" },
    { head: ["Framework", "Criterion", "Title", "Result", "Statement"] },
    ...result.criteria
      .filter(({ concluded }) => concluded)
      .map(({ frameworkTitle, id, title, result: found, statement }) =>
        row(frameworkTitle, id, title, resultLabels[found].label, statement),
      ),
    blank,
    { title: "Population and findings" },
    { head: ["What", "Number"] },
    ...countRows(result),
    blank,
    { title: "Tests" },
    { head: ["Letter", "Of", "What is tested", "Name in the files"] },
    ...result.attributes.map(({ letter, subject, title, id }) => row(letter, subject, title, id)),
    blank,
    { title: "Sheets" },
    { head: ["Sheet", "Rows"] },
    ...sheets.map(({ name, rows }) => row(name, rows)),
    blank,
    row(
      "An apostrophe before a text keeps spreadsheets from running it; a character that could hide or steer others is written out, as ‹U+202E›. The same lists are in the pack's CSV files, all of it in assessment.json.",
    ),
  ];
}

function scopeRows({ organisation, period, scope }: AssessmentResult): readonly SummaryRow[] {
  const { minute } = timeFormat(organisation.timezone);
  const time = (head: string, at: string): SummaryRow => row(head, minute(at), `${at} (UTC)`);
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
        list(repositories.map(({ name, branch }) => `${name} (${branch})`)),
        null,
        `Production: ${list(environments)}`,
      ),
    ),
  ];
}

function countRows({ population, exceptions, bypasses }: AssessmentResult): readonly SummaryRow[] {
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
