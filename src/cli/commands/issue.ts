import { resolve } from "node:path";
import { Command } from "commander";
import type { IssueSummary } from "../../pipeline/issue.ts";
import { counted } from "../../util/counted.ts";
import { parsePeriod, periodForms } from "../../util/period.ts";
import { type CommandSession, nextAfter, openSession } from "../command-session.ts";
import { pathHere } from "../next-command.ts";
import { filesText, tellAuditor } from "../pack-text.ts";

interface IssueOptions {
  readonly period: string;
  readonly by: string;
  readonly role: string;
  readonly statement?: string;
  readonly requests?: string;
  readonly redacted?: boolean;
  readonly partial?: boolean;
}

/** `flowproof issue`: makes an issued pack of a draft. */
export function issueCommand(session: CommandSession): Command {
  return new Command("issue")
    .description("Freeze, seal and sign the draft of a period, and record it in the ledger.")
    .argument("[dir]", "the draft's folder (default: where `report` put the period's)")
    .option("--period <period>", `${periodForms}, in the configured time zone`, "last-month")
    .requiredOption("--by <name>", "who issues it and makes management's assertion")
    .requiredOption("--role <role>", "as what")
    .option("--statement <file>", "management's own words, instead of the wording of the assertion's page")
    .option("--requests <file>", "CSV, columns request,what: the auditor's request numbers and what answers each")
    .option("--redacted", "the redacted edition: names and addresses as pseudonyms, records without content")
    .option("--partial", "also where the period is not over, or not observed to its end; the pack says so")
    .addHelpText(
      "after",
      `
An issued pack is never overwritten: issuing again without a change does nothing, and with one makes the next
revision (-r2), which names what it takes the place of and what differs.

Examples:
  flowproof issue --period 2026-10 --by "Ada Example" --role "Head of Engineering"
  flowproof issue reports/riverbank-2026-10-r2 --by "Ada Example" --role CTO --statement assertion.txt
  flowproof issue --period 2026-Q3 --by "Ada Example" --role CTO --requests pbc.csv`,
    )
    .action(async (directory: string | undefined, options: IssueOptions, command: Command) => {
      const context = await openSession(session, command);
      const { issue } = await import("../../pipeline/issue.ts");
      const { by, role, statement, requests, redacted = false, partial = false } = options;
      const summary = await issue(context, {
        period: parsePeriod(options.period, context.config.timezone, context.clock()),
        by,
        role,
        edition: redacted ? "redacted" : "full",
        partial,
        ...(directory === undefined ? {} : { directory: resolve(directory) }),
        ...(statement === undefined ? {} : { statement }),
        ...(requests === undefined ? {} : { requests }),
      });
      tellIssue(session, command, summary);
    });
}

function tellIssue({ terminal }: CommandSession, command: Command, summary: IssueSummary): void {
  const { state, directory, pack, recorded, files, pages, parts = [], key, warnings } = summary;
  for (const warning of warnings) terminal.warn(warning);
  if (state === "unchanged") {
    terminal.line(
      `unchanged   ${pack.name} was issued on ${pack.issued.at} by ${pack.issued.by}; nothing of it would be another, so nothing was done`,
    );
  } else {
    const held =
      files === undefined || pages === undefined
        ? `${pathHere(directory)}: written before, and recorded in the ledger only now`
        : filesText({ directory, files, pages });
    terminal.line(`issued      ${held}`);
    if (parts.length > 0)
      terminal.line(`parts       stay drafts, which nobody signed: ${parts.map(({ name }) => name).join(", ")}`);
    if (pack.supersedes !== null) {
      terminal.line(`supersedes  ${pack.supersedes}; not as in that one:`);
      for (const difference of pack.differences) terminal.line(`            ${difference}`);
    }
    terminal.line(
      `period      ${pack.period.id}, on evidence as of ${pack.period.asOf}${pack.period.cutAt === null ? "" : `; cut at ${pack.period.cutAt}`}`,
    );
    terminal.line(`assertion   by ${pack.issued.by}, ${pack.issued.role}, on ${pack.issued.at}`);
    terminal.line(`checkpoint  ${counted(pack.checkpoint.size, "record")}, root ${pack.checkpoint.root}`);
    terminal.line(`manifest    ${pack.manifest}`);
    terminal.line(`key         SHA-256 ${key}`);
    terminal.line(`            ${tellAuditor}`);
    if (recorded)
      terminal.line(
        `ledger      run ${recorded.run}, now ${counted(recorded.checkpoint.size, "record")}, root ${recorded.checkpoint.root}`,
      );
  }
  terminal.line(`next        ${nextAfter(command, ["verify", pathHere(directory), "--key", key])}`);
  const { run, checkpoint } = recorded ?? {};
  terminal.data("issue", {
    state,
    directory,
    pack,
    key,
    run: run ?? null,
    checkpoint: checkpoint ?? null,
    files: files ?? null,
    pages: pages ?? null,
    warnings,
  });
}
