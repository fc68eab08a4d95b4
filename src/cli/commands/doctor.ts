import { Command } from "commander";
import { type CommandSession, configFileOf, openSession } from "../command-session.ts";
import { exitCode } from "../exit-code.ts";
import { runnable } from "../next-command.ts";

const marks = { ok: "ok  ", warn: "warn", fail: "FAIL" } as const;

/** `flowproof doctor`: everything a run needs, and what to do where it is missing. */
export function doctorCommand(session: CommandSession): Command {
  return new Command("doctor")
    .description(
      "Check configuration, token and its rights per stream, store, signing keys, browser and clock, each with what to do.",
    )
    .addHelpText(
      "after",
      `
Changes nothing. Exit code 2 when something fails that a run needs; warnings do not count. A fine-grained token does not
say what it may read: what was refused in the end stands in \`flowproof status\`. Rights per stream: docs/deploy/token.md.`,
    )
    .action(async (_options: object, command: Command) => {
      const { terminal } = session;
      const context = await openSession(session, command, { unfinished: true });
      const { doctor } = await import("../../pipeline/doctor.ts");
      const findings = await doctor(context);
      const width = Math.max(...findings.map(({ subject }) => subject.length));
      for (const finding of findings) {
        terminal.line(`${marks[finding.ok]}  ${finding.subject.padEnd(width)}  ${finding.message}`);
        if (finding.todo !== undefined)
          terminal.line(`${" ".repeat(width + 8)}${runnable(finding.todo, configFileOf(command))}`);
        terminal.data("finding", finding);
      }
      if (findings.some(({ ok }) => ok === "fail")) session.exitCode = exitCode.configuration;
    });
}
