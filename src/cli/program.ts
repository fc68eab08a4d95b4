import { Command, CommanderError, Option } from "commander";
import { ConfigError, FlowproofError } from "../util/errors.ts";
import { suggestion } from "../util/nearest.ts";
import { toolVersion } from "../util/version.ts";
import { type CommandSession, configFileOf } from "./command-session.ts";
import { attestCommand } from "./commands/attest.ts";
import { backupCommand } from "./commands/backup.ts";
import { collectCommand } from "./commands/collect.ts";
import { controlsCommand } from "./commands/controls.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { exceptionsCommand } from "./commands/exceptions.ts";
import { exportCommand } from "./commands/export.ts";
import { initCommand } from "./commands/init.ts";
import { issueCommand } from "./commands/issue.ts";
import { packsCommand } from "./commands/packs.ts";
import { rebuildCommand } from "./commands/rebuild.ts";
import { reperformCommand } from "./commands/reperform.ts";
import { reportCommand } from "./commands/report.ts";
import { restoreCommand } from "./commands/restore.ts";
import { runCommand } from "./commands/run.ts";
import { sampleCommand } from "./commands/sample.ts";
import { sandboxCommand } from "./commands/sandbox.ts";
import { statusCommand } from "./commands/status.ts";
import { verifyCommand } from "./commands/verify.ts";
import { exitCode } from "./exit-code.ts";
import { interruptionText } from "./interruption-text.ts";
import { usualConfig } from "./next-command.ts";
import { printable } from "./printable.ts";
import { listenForSignals } from "./signals.ts";
import { openTerminal } from "./terminal.ts";

const seeHelp = "Add --help to see what there is.";

const help = `
Examples:
  flowproof demo                                 see a pack of an invented organisation, without a token
  flowproof init --discover riverbank            write a configuration from what an organisation did lately
  flowproof doctor                               what is missing, and what to do about it
  flowproof run --period last-month              collect and report; made for cron
  flowproof status                               is everything collected that should be?

Exit codes: 0 done, 2 configuration, 3 exceptions and 4 evidence incomplete (with --fail-on), 5 integrity,
6 a source gave nothing, 75 another run is writing, 130 and 143 interrupted, 1 anything else.
The configuration is --config FILE, else FLOWPROOF_CONFIG, else flowproof.config.yaml in this folder.`;

/** Runs one command line and gives the exit code; everything that goes wrong is told on stderr, nothing is thrown. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const json = args.includes("--json");
  const terminal = openTerminal({
    json,
    verbose: args.includes("--verbose") || Boolean(process.env.DEBUG),
  });
  const interruption = listenForSignals();
  const session: CommandSession = { terminal, signal: interruption.signal, env: process.env, exitCode: 0 };
  const program = buildProgram(session, json);
  try {
    await program.parseAsync([...args], { from: "user" });
    return interruption.exitCode() ?? session.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCode.done;
      // To people, commander has said it already.
      if (json) terminal.error(usageError(error));
      return exitCode.configuration;
    }
    const interrupted = interruption.exitCode();
    if (interrupted !== undefined && !(error instanceof FlowproofError && error.exitCode === exitCode.integrity)) {
      terminal.warn(interruptionText(program.args[0]));
      return interrupted;
    }
    terminal.error(error);
    return error instanceof FlowproofError ? error.exitCode : exitCode.unexpected;
  } finally {
    interruption.release();
  }
}

function helpCommand(program: Command): Command {
  return new Command("help")
    .argument("[command]")
    .description("Show help.")
    .action((name: string | undefined) => {
      const command = name === undefined ? program : program.commands.find((each) => each.name() === name);
      if (command) return command.help();
      const names = program.commands.map((each) => each.name());
      return program.error(`error: unknown command '${name}'${suggestion(name ?? "", names)}`);
    });
}

function usageError({ code, message }: CommanderError): ConfigError {
  const text = code === "commander.help" ? "no command is named" : message.replace(/^error: /, "").replace(/\s+/g, " ");
  return new ConfigError(text, { hint: seeHelp });
}

function buildProgram(session: CommandSession, json: boolean): Command {
  const program = new Command("flowproof")
    .description("Proves from the records of version control and CI that changes are under control.")
    .version(toolVersion(), "--version", "print the version")
    .helpOption("-h, --help", "show help")
    .addOption(new Option("-c, --config <file>", "the configuration").env("FLOWPROOF_CONFIG").default(usualConfig))
    .option("--json", "speak in lines of JSON: results on stdout, progress, warnings and errors on stderr")
    .option("--verbose", "show where an error comes from")
    .addHelpText("after", help)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => write(printable(text)),
      ...(json ? { writeErr: () => undefined } : {}),
    })
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false)
    .showHelpAfterError(seeHelp)
    .hook("preAction", (_, command) => session.terminal.uses(configFileOf(command)));
  for (const make of [
    initCommand,
    doctorCommand,
    collectCommand,
    reportCommand,
    runCommand,
    statusCommand,
    exceptionsCommand,
    demoCommand,
    sandboxCommand,
    rebuildCommand,
    issueCommand,
    packsCommand,
    verifyCommand,
    reperformCommand,
    sampleCommand,
    exportCommand,
    backupCommand,
    restoreCommand,
    attestCommand,
    controlsCommand,
  ]) {
    const command = make(session).copyInheritedSettings(program);
    for (const part of command.commands) part.copyInheritedSettings(program);
    program.addCommand(command);
  }
  return program.addCommand(helpCommand(program).copyInheritedSettings(program));
}
