import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { faultHelp } from "../../pipeline/fault-help.ts";
import { counted } from "../../util/counted.ts";
import type { CommandSession } from "../command-session.ts";
import { nextCommand } from "../next-command.ts";
import { portNumber, span, wholeNumber } from "../numbers.ts";

interface SandboxOptions {
  readonly port?: number;
  readonly changes?: number;
  readonly seed?: number;
  readonly recorded?: string;
  readonly scenarios?: boolean;
  readonly faults?: string;
  readonly writeConfig?: string;
  readonly for?: number;
}

const longest = 2 ** 31 - 1;

/** What is invented goes where no organisation's own evidence is, each organisation's in a store of its own. */
const foldersOf = ({ recorded, scenarios }: SandboxOptions) => {
  const name = scenarios ? "scenarios" : recorded === undefined ? "sandbox" : "recorded";
  return { store: `${name}.db`, reports: `reports/${name}` };
};

/** `flowproof sandbox`: a GitHub-compatible server on this machine, for trying things without a token. */
export function sandboxCommand(session: CommandSession): Command {
  return new Command("sandbox")
    .description("Serve GitHub's API on this machine over a simulated or recorded organisation, until interrupted.")
    .option("--port <number>", "the port (default: a free one)", portNumber)
    .option("--changes <number>", "merged changes to simulate, 50 to 100000 (default: 60)", wholeNumber)
    .option("--seed <number>", "the same seed simulates the same organisation (default: 1)", wholeNumber)
    .option("--recorded <dir>", "serve a recorded repository instead")
    .option("--scenarios", "serve an organisation in which every catalogued way round the controls was played")
    .option("--faults <spec>", "what goes wrong, such as 502:3,slow:20")
    .option(
      "--write-config <file>",
      "write a configuration that collects from it, into a store and a folder of its own",
    )
    .option("--for <span>", "stop by itself after 90s, 10m or 2h", span)
    .addHelpText(
      "after",
      `
Examples:
  flowproof sandbox --write-config sandbox.yaml
  FLOWPROOF_SANDBOX_TOKEN=any flowproof run --config sandbox.yaml --period 2026-10      (in another terminal)
  flowproof sandbox --scenarios --write-config scenarios.yaml
  flowproof sandbox --faults forbidden:checks,502/10 --write-config sandbox.yaml

${faultHelp}`,
    )
    .action(async (options: SandboxOptions) => {
      const { terminal, signal } = session;
      const { writeConfig, for: duration = longest, ...request } = options;
      const { openSandbox } = await import("../../pipeline/sandbox.ts");
      const sandbox = await openSandbox(request);
      try {
        const { url, tokenVariable, truth, scenarios } = sandbox;
        if (writeConfig !== undefined) sandbox.writeConfig(writeConfig, foldersOf(options));
        terminal.line(`sandbox     ${url}`);
        if (truth)
          terminal.line(
            `serving     ${truth.organisation}, ${truth.since} to ${truth.until}, ${truth.planted.length} violations planted`,
          );
        if (scenarios !== undefined) terminal.line(`serving     ${scenarios} scenarios of October 2026`);
        const file = writeConfig ?? "FILE";
        if (writeConfig === undefined)
          terminal.line("configure   with --write-config FILE, or set a source's baseUrl to the address above");
        terminal.line(`use it      ${tokenVariable}=any ${nextCommand(file, ["run", "--period", "2026-10"])}`);
        terminal.line("stop it     Ctrl+C");
        terminal.data("sandbox", {
          url,
          tokenVariable,
          config: writeConfig ?? null,
          planted: truth?.planted.length ?? null,
          scenarios: scenarios ?? null,
        });
        await sleep(Math.min(duration, longest), undefined, { signal }).catch(() => undefined);
        const { requests, points } = sandbox.stats();
        terminal.line(`stopped     after ${counted(requests, "request")}, ${counted(points, "point")}`);
      } finally {
        await sandbox.close();
      }
    });
}
