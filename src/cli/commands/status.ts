import { Command } from "commander";
import type { StreamStatus } from "../../pipeline/types.ts";
import { counted } from "../../util/counted.ts";
import { type CommandSession, nextAfter, openSession } from "../command-session.ts";
import { exitCode } from "../exit-code.ts";
import { table } from "../table.ts";

/** `flowproof status`: what is collected, how far, and what a source will forget. */
export function statusCommand(session: CommandSession): Command {
  return new Command("status")
    .description("Show every stream: how far it is collected, whether it is late, how long its source keeps the rest.")
    .option("--late", "only the streams that are late")
    .addHelpText(
      "after",
      `
A stream is late when its last look was not complete, or lies further back than \`lateAfter\` of the
configuration (26h). One that only adds to the evidence, such as the audit log, is late only where it was read before.
Exit code 1 when any is, or when no run ended lately, so that a monitor can watch it. Nothing is fetched.

Examples:
  flowproof status
  flowproof status --late                                what a monitor should tell`,
    )
    .action(async (options: { late?: boolean }, command: Command) => {
      const { terminal } = session;
      const context = await openSession(session, command);
      const { status } = await import("../../pipeline/status.ts");
      const summary = await status(context);
      const streams = options.late ? summary.streams.filter(({ late }) => late) : summary.streams;
      for (const stream of streams) terminal.data("stream", stream);
      const head = ["scope", "stream", "state", "observed until", "source keeps the rest until", "reason"];
      if (streams.length > 0) for (const line of table(head, streams.map(row))) terminal.line(line);
      const { lastRun, checkpoint, late } = summary;
      terminal.line(
        lastRun
          ? `last run    ${lastRun.command}, ${lastRun.startedAt}, ${lastRun.outcome}`
          : `last run    none: nothing was collected yet; start with: ${nextAfter(command, ["collect"])}`,
      );
      if (checkpoint) {
        const signed = checkpoint.signed === null ? "not signed" : `signed as ${checkpoint.signed}`;
        const timestamped = checkpoint.timestamped ? "timestamped" : "not timestamped";
        terminal.line(`checkpoint  ${checkpoint.at}, ${counted(checkpoint.size, "record")}, ${signed}, ${timestamped}`);
      }
      terminal.line(
        summary.streams.length === 0
          ? "late        yes: no stream was looked at"
          : `late        ${summary.streams.filter((stream) => stream.late).length} of ${summary.streams.length} streams${late && !summary.streams.some((stream) => stream.late) ? ", and no run that went over all of them ended lately" : ""}`,
      );
      terminal.data("status", { lastRun, checkpoint, late, streams: summary.streams.length });
      if (late) session.exitCode = exitCode.unexpected;
    });
}

function row({ stream, scope, status: state, late, until, keepsUntil, reason }: StreamStatus): readonly string[] {
  const kept =
    keepsUntil === undefined
      ? until === null
        ? "unknown"
        : "always"
      : keepsUntil === until
        ? "not kept: seen only while collecting"
        : keepsUntil.slice(0, 10);
  const kind = stream.split("/").slice(2).join(" ");
  return [scope, kind, late ? `${state}, late` : state, until ?? "never", kept, reason ?? ""];
}
