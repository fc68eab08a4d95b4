import { Command } from "commander";
import { type CommandSession, nextAfter, openSession } from "../command-session.ts";
import { addPeriodOptions, type PeriodOptions, reportRequest, tellReport } from "../period-options.ts";

/** `flowproof report`: renders the pack of a period from what is stored. */
export function reportCommand(session: CommandSession): Command {
  return addPeriodOptions(
    new Command("report").description("Render the evidence pack of a period from what is stored; fetches nothing."),
  )
    .option("--draft", "a calibration: marked as no evidence, with the settings that would explain its failures")
    .addHelpText(
      "after",
      `
Examples:
  flowproof report --period 2026-10
  flowproof report --period 2026-10 --draft            to set the configuration right by, before the first pack
  flowproof report --period 2026-Q3 --out /srv/packs/2026-Q3
  flowproof report --period 2026-10-01..2026-10-15     both days included
  flowproof report --period 2026-10 --as-of 2026-11-03 as it was known at the end of 3 November`,
    )
    .action(async (options: PeriodOptions & { readonly draft?: boolean }, command: Command) => {
      const context = await openSession(session, command);
      const { report } = await import("../../pipeline/index.ts");
      for (const warning of context.config.warnings) session.terminal.warn(warning);
      const { draft: calibration = false, ...asked } = options;
      const summary = await report(context, {
        ...reportRequest(asked, context),
        ...(calibration ? { calibration } : {}),
      });
      tellReport(session, summary, asked);
      if (calibration) {
        const next = nextAfter(command, ["report", "--period", summary.result.period.id]);
        session.terminal.line(`next        correct the configuration by what it explains, then: ${next}`);
      }
    });
}
