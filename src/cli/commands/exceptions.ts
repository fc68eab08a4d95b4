import { resolve } from "node:path";
import { Command } from "commander";
import type { ExceptionList } from "../../pipeline/exceptions.ts";
import type { ListedException } from "../../pipeline/listed-exception.ts";
import { counted } from "../../util/counted.ts";
import { periodForms } from "../../util/period.ts";
import { type CommandSession, nextAfter, openSession } from "../command-session.ts";
import { pathHere } from "../next-command.ts";
import { type PeriodOptions, reportRequest } from "../period-options.ts";
import { table } from "../table.ts";

interface ExceptionsOptions extends Pick<PeriodOptions, "period" | "asOf"> {
  readonly team?: string;
  readonly system?: string;
  readonly drafts?: string;
  readonly record?: boolean;
}

/** `flowproof exceptions`: what failed, by team and cause, and how far it is answered. */
export function exceptionsCommand(session: CommandSession): Command {
  return new Command("exceptions")
    .description("List a period's exceptions by team and cause with management's answers, and draft those missing.")
    .option("--period <period>", periodForms, "last-month")
    .option("--as-of <time>", "leave out evidence after this instant, or after the end of this day")
    .option("--team <team>", "only this team's")
    .option("--system <system>", "only this system's")
    .option("--drafts <dir>", "write a YAML file of answers to fill in for each team; overwrites nothing")
    .option("--record", "first append what the files of `responses` say to the ledger, as collecting does")
    .addHelpText(
      "after",
      `
Examples:
  flowproof exceptions --period 2026-10
  flowproof exceptions --period 2026-10 --team checkout --drafts responses
  flowproof exceptions --period 2026-10 --record

Answers are YAML files that the configuration's \`responses\` names. An answer explains; it changes no outcome.`,
    )
    .action(async (options: ExceptionsOptions, command: Command) => {
      const context = await openSession(session, command);
      const { listExceptions } = await import("../../pipeline/exceptions.ts");
      const { period, asOf, team, system, drafts, record } = options;
      const request = {
        ...reportRequest({ period, ...(asOf === undefined ? {} : { asOf }) }, context),
        ...(team === undefined ? {} : { team }),
        ...(system === undefined ? {} : { system }),
        ...(drafts === undefined ? {} : { drafts: resolve(drafts) }),
        ...(record ? { record } : {}),
      };
      const list = await listExceptions(context, request);
      tell(session, list);
      tellNext(session, command, list);
    });
}

function tell({ terminal }: CommandSession, list: ExceptionList): void {
  const { period, exceptions, causes, unmatched, recorded, drafts, warnings } = list;
  for (const warning of warnings) terminal.warn(warning);
  if (recorded) {
    const { added, changed, gone, checkpoint } = recorded;
    const what = `${added.length} new, ${changed.length} changed, ${gone.length} taken away`;
    terminal.line(
      `recorded    ${checkpoint ? `${what}; checkpoint ${counted(checkpoint.size, "record")}` : "nothing new"}`,
    );
  }
  const open = exceptions.filter(isOpen).length;
  terminal.line(
    `exceptions  ${exceptions.length} of ${period.id}, ${open} not answered, on evidence as of ${period.asOf}`,
  );
  for (const [team, own] of Map.groupBy(exceptions, (one) => one.team)) {
    terminal.line("");
    terminal.line(`team ${team}`);
    for (const [cause, group] of Map.groupBy(own, (one) => one.cause)) {
      terminal.line(`  ${causes.get(cause) ?? cause} (${group.length})`);
      const [first = [], ...rest] = group.map(row);
      for (const line of table(first, rest)) terminal.line(`    ${line}`);
    }
  }
  if (exceptions.length > 0) {
    terminal.line("");
    terminal.line("The letters are the tests that failed; `npx flowproof controls` says which.");
  }
  for (const { response, id } of unmatched)
    terminal.warn(`answer ${response} names ${id}, and there is no such exception (any more)`);
  for (const { file, exceptions: count } of drafts?.written ?? [])
    terminal.line(`draft       ${pathHere(file)} (${counted(count, "exception")})`);
  if (drafts && drafts.there > 0)
    terminal.line(`drafts      ${drafts.there} not answered stand in files that were there; none was touched`);
  if (drafts && drafts.written.length + drafts.there === 0)
    terminal.line("drafts      none: no exception awaits an answer");
  terminal.data("exceptions", {
    period,
    exceptions: exceptions.map((one) => ({ ...one, causeTitle: causes.get(one.cause) ?? one.cause })),
    unmatched,
    recorded: recorded ?? null,
    drafts: drafts ?? null,
  });
}

/** What is to be done with what is not answered. */
function tellNext({ terminal }: CommandSession, command: Command, { period, exceptions, drafts }: ExceptionList): void {
  const again = (...words: string[]): string => nextAfter(command, ["exceptions", "--period", period.id, ...words]);
  if (!exceptions.some(isOpen)) return;
  terminal.line(
    drafts
      ? `next        fill in the answers, then: ${again("--record")}`
      : `next        ${again("--drafts", "responses")}`,
  );
}

const isOpen = ({ state }: ListedException): boolean => state === "open" || state === "partly";

function row(exception: ListedException): readonly string[] {
  const { id, system, label, tests, messages } = exception;
  const cells = [
    id,
    label.startsWith(system) ? label : `${system} ${label}`,
    tests,
    stateText(exception),
    messages[0] ?? "",
  ];
  return cells.map((text) => shortened(text.replace(/\s+/g, " ")));
}

/** A line of a list shows the beginning; drafts, packs and --json tell all. */
const shortened = (text: string): string => (text.length <= 300 ? text : `${text.slice(0, 299)}…`);

function stateText({ state, answer, follows }: ListedException): string {
  if (state === "follows") return `with ${follows[0] ?? "its origin"}`;
  if (!answer) return state === "waived" ? "waived" : "not answered";
  const due = answer.done === undefined ? answer.due && `due ${answer.due}` : `done ${answer.done}`;
  const parts = [
    `${answer.disposition} by ${answer.owner}`,
    due,
    answer.overdue && "overdue",
    state === "partly" && "in part",
  ];
  return parts.filter(Boolean).join(", ");
}
