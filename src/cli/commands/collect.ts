import { Command } from "commander";
import type { CollectSummary } from "../../pipeline/types.ts";
import { counted } from "../../util/counted.ts";
import { type CommandSession, openSession } from "../command-session.ts";
import { exitCode } from "../exit-code.ts";

/** `flowproof collect`: fetches what is new into the store. */
export function collectCommand(session: CommandSession): Command {
  return new Command("collect")
    .description("Fetch what the sources gained since the last run, and end with a checkpoint.")
    .addHelpText(
      "after",
      `
Examples:
  flowproof collect
  15 3 * * *  cd /srv/flowproof && npx flowproof collect    # daily, by cron

Running it again is safe: it goes on where it ended and stores nothing twice. A source that fails is reported
(exit code 6 when it gave nothing) and does not stop the others.`,
    )
    .action(async (_options: object, command: Command) => {
      const context = await openSession(session, command, { fetches: true });
      const { collect } = await import("../../pipeline/collect.ts");
      tellCollect(session, await collect(context));
    });
}

/** Says what a run collected, and sets the exit code when a source gave nothing. */
export function tellCollect(session: CommandSession, summary: CollectSummary): void {
  const { terminal } = session;
  const { run, requests, points, newRecords, streams, nothing, warnings, checkpoint } = summary;
  for (const warning of warnings) terminal.warn(warning);
  for (const { source, reason } of nothing) terminal.warn(`source ${source} gave nothing: ${reason}`);
  terminal.line(
    `collected   run ${run}: ${counted(requests, "request")}, ${counted(points, "point")}, ${counted(newRecords, "new record")}`,
  );
  terminal.line(
    `streams     ${streams.complete} complete, ${streams.partial} partial, ${streams.unobserved} unobserved`,
  );
  terminal.line(`checkpoint  ${counted(checkpoint.size, "record")}, root ${checkpoint.root}`);
  terminal.data("collect", { run, requests, points, newRecords, streams, nothing, warnings, checkpoint });
  if (nothing.length > 0) session.exitCode = exitCode.nothing;
}
