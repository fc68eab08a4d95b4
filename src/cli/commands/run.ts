import { Command } from "commander";
import { type CommandSession, openSession } from "../command-session.ts";
import { addPeriodOptions, type PeriodOptions, reportRequest, tellReport } from "../period-options.ts";
import { tellCollect } from "./collect.ts";

/** `flowproof run`: collect, then report. */
export function runCommand(session: CommandSession): Command {
  return addPeriodOptions(
    new Command("run").description(
      "Collect, then render the evidence pack of a period. Needs no terminal and no input.",
    ),
  )
    .addHelpText(
      "after",
      `
Examples:
  flowproof run                                          the pack of last month
  flowproof run --config FILE --period 2026-10 --out DIR
  flowproof run --fail-on exceptions incomplete          exit 3 or 4, for a job that must not stay green
  30 4 3 * *  cd /srv/flowproof && npx flowproof run     # on the third of each month, by cron`,
    )
    .action(async (options: PeriodOptions, command: Command) => {
      const context = await openSession(session, command, { fetches: true });
      const { collect, report } = await import("../../pipeline/index.ts");
      // Read before anything is fetched: a mistyped period must not cost a run.
      const request = reportRequest(options, context);
      tellCollect(session, await collect(context));
      tellReport(session, await report(context, request), options);
    });
}
