import { join, resolve } from "node:path";
import { Command } from "commander";
import { type CommandSession, pipelineBase } from "../command-session.ts";
import { exitCode } from "../exit-code.ts";
import { nextCommand, pathHere } from "../next-command.ts";
import { wholeNumber } from "../numbers.ts";
import { openOnDesktop } from "../open-on-desktop.ts";
import { tellReport } from "../period-options.ts";
import { tellCollect } from "./collect.ts";

interface DemoOptions {
  readonly changes?: number;
  readonly seed?: number;
  readonly out: string;
  readonly open: boolean;
}

/** `flowproof demo`: from nothing to a pack, on this machine alone. */
export function demoCommand(session: CommandSession): Command {
  return new Command("demo")
    .description("Simulate an organisation with planted violations, collect it, and make its pack. Needs no token.")
    .option("--changes <number>", "merged changes to simulate, 50 to 100000 (default: 60)", wholeNumber)
    .option("--seed <number>", "the same seed simulates the same organisation (default: 1)", wholeNumber)
    .option("--out <dir>", "where it goes; an earlier demonstration there is replaced", join("reports", "demo"))
    .option("--no-open", "do not open the pack, even on a desktop")
    .addHelpText(
      "after",
      "\nThe pack is compared with what was planted: exit code 1 when anything was missed or invented.",
    )
    .action(async (options: DemoOptions) => {
      const { terminal } = session;
      const started = performance.now();
      const { clock: _, ...base } = pipelineBase(session);
      const { changes, seed } = options;
      const { demo } = await import("../../pipeline/demo.ts");
      const { collected, reported, comparison, configFile } = await demo({
        ...base,
        directory: resolve(options.out),
        ...(changes === undefined ? {} : { changes }),
        ...(seed === undefined ? {} : { seed }),
      });
      tellCollect(session, collected);
      tellReport(session, reported, {});
      const { planted, found, missed, invented } = comparison;
      terminal.line(`truth       planted ${planted}, found ${found}, invented ${invented.length}`);
      for (const line of missed) terminal.warn(`missed: ${line}`);
      for (const line of invented) terminal.warn(`invented: ${line}`);
      const pdf = join(reported.directory, "pack.pdf");
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      terminal.line(
        `look at     ${pathHere(pdf)} and ${pathHere(join(reported.directory, "pack.html"))} (made in ${seconds} s)`,
      );
      const issue = [
        "issue",
        "--period",
        reported.result.period.id,
        "--by",
        "Ada Lindqvist",
        "--role",
        "Head of Engineering",
      ];
      terminal.line(`next        ${nextCommand(pathHere(configFile), issue)}`);
      terminal.data("demo", {
        planted,
        found,
        missed,
        invented,
        directory: reported.directory,
        seconds: Number(seconds),
      });
      if (missed.length > 0 || invented.length > 0) session.exitCode ||= exitCode.unexpected;
      if (options.open && terminal.isInteractive) openOnDesktop(pdf, session.env);
    });
}
