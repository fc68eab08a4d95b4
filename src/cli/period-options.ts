import { type Command, Option } from "commander";
import type { PipelineContext, ReportRequest, ReportSummary } from "../pipeline/types.ts";
import { instant } from "../util/clock.ts";
import { counted } from "../util/counted.ts";
import { ConfigError } from "../util/errors.ts";
import { parseCutOff, parsePeriod, periodForms } from "../util/period.ts";
import { type CommandSession, outOption } from "./command-session.ts";
import { exitCode } from "./exit-code.ts";
import { pathHere } from "./next-command.ts";
import { filesText } from "./pack-text.ts";

/** The flags of every command that renders a pack. */
export interface PeriodOptions {
  readonly period: string;
  readonly asOf?: string;
  readonly out?: string;
  readonly parts?: boolean;
  readonly failOn?: readonly FailOn[];
}

type FailOn = "exceptions" | "incomplete";

/** Adds the flags that say what a pack is of, where it goes and what is a failure. */
export function addPeriodOptions(command: Command): Command {
  return command
    .option("--period <period>", `${periodForms}, in the configured time zone`, "last-month")
    .option("--as-of <time>", "leave out evidence after this instant, or after the end of this day")
    .option("--out <dir>", "the pack's folder (default: <reports>/<organisation>-<period>)")
    .option("--parts", "also a pack for each team and each system, beside the organisation's")
    .addOption(
      new Option(
        "--fail-on <what...>",
        "exit 3 on exceptions that no waiver accepts, 4 on incomplete evidence; 4 where both hold",
      ).choices(["exceptions", "incomplete"]),
    );
}

/** Reads the flags against the configuration. Throws ConfigError. */
export function reportRequest(
  { period, asOf, out, parts }: PeriodOptions,
  { config, clock }: PipelineContext,
): ReportRequest {
  const now = instant(clock());
  const wanted = parsePeriod(period, config.timezone, clock());
  const cutOff = asOf === undefined ? undefined : parseCutOff(asOf, config.timezone);
  if (wanted.from >= now) {
    throw new ConfigError(`the period ${wanted.id} has not begun: it starts at ${wanted.from}`, {
      hint: "Name one that has, such as last-month.",
    });
  }
  if (cutOff !== undefined && cutOff > now)
    throw new ConfigError(`the cut-off ${cutOff} lies ahead: nobody knows what will be collected until then`);
  return {
    period: wanted,
    ...(cutOff === undefined ? {} : { asOf: cutOff }),
    ...outOption(out),
    ...(parts ? { withParts: true } : {}),
  };
}

/** Says where the pack is and what it concludes, one line a criterion, and sets the exit code that `--fail-on` asks for. */
export function tellReport(
  session: CommandSession,
  { directory, files, pages, replaced, result, warnings, parts = [], removed = [] }: ReportSummary,
  options: Pick<PeriodOptions, "failOn">,
): void {
  const { terminal } = session;
  const open = result.exceptions.filter(({ waiver }) => waiver === null).length;
  const incomplete = result.controls.some(
    (control) => control.result === "evidenceIncomplete" || control.incomplete.length > 0,
  );
  const concluded = result.criteria.filter((criterion) => criterion.concluded);

  for (const warning of warnings) terminal.warn(warning);
  terminal.line(`pack        ${filesText({ directory, files, pages })}`);
  for (const part of parts)
    terminal.line(`part        ${part.kind} ${part.id}: ${counted(part.pages, "page")} in ${pathHere(part.directory)}`);
  if (parts.length > 0)
    terminal.line("            Parts are drafts and stay it: only the organisation's pack is issued.");
  for (const part of removed)
    terminal.line(
      `removed     ${pathHere(part.directory)}: the draft of ${part.kind} ${part.id}, which is a part no more`,
    );
  if (replaced)
    terminal.line(
      `replaced    the draft that was there, made by ${replaced.tool} from the evidence of ${replaced.checkpoint.at}`,
    );
  terminal.line(
    `period      ${result.period.id}, ${result.period.from} to ${result.period.to}, ${result.organisation.timezone}`,
  );
  terminal.line(`population  ${populationText(result.population)}`);
  terminal.line(`exceptions  ${open}${waivedText(result.exceptions.length - open)}`);
  if (incomplete) terminal.line(`incomplete  ${undecided(result).join(", ")}`);
  for (const { frameworkTitle, id, statement } of concluded) terminal.line(`${frameworkTitle} ${id}: ${statement}`);
  terminal.data("report", {
    directory,
    files,
    pages,
    replaced: replaced ?? null,
    ...(parts.length > 0 ? { parts } : {}),
    ...(removed.length > 0 ? { removed } : {}),
    period: result.period,
    exceptions: open,
    waived: result.exceptions.length - open,
    incomplete,
    warnings,
    criteria: concluded.map(({ framework, id, result: outcome, statement }) => ({
      framework,
      id,
      result: outcome,
      statement,
    })),
  });

  const { failOn = [] } = options;
  if (failOn.includes("incomplete") && incomplete) session.exitCode ||= exitCode.incomplete;
  if (failOn.includes("exceptions") && open > 0) session.exitCode ||= exitCode.exceptions;
}

/** The controls whose evidence is not whole, under the numbers the pack shows. */
function undecided({ controls }: ReportSummary["result"]): readonly string[] {
  return controls
    .filter(({ result, incomplete }) => result === "evidenceIncomplete" || incomplete.length > 0)
    .map(({ id, own }) => own?.id ?? id);
}

function populationText(population: ReportSummary["result"]["population"]): string {
  const count = (subject: string): number => population.filter((item) => item.subject === subject).length;
  return (["change", "commit", "deployment"] as const).map((subject) => counted(count(subject), subject)).join(", ");
}

function waivedText(waived: number): string {
  return waived === 0 ? "" : ` and ${waived} waived`;
}
