import { Command } from "commander";
import type { InitialValues } from "../../pipeline/init.ts";
import { systemClock } from "../../util/clock.ts";
import { counted } from "../../util/counted.ts";
import { type CommandSession, configFileOf, pipelineBase } from "../command-session.ts";
import { nextCommand } from "../next-command.ts";
import { tellAuditor } from "../pack-text.ts";

interface InitOptions {
  readonly discover?: string;
  readonly organisation?: string;
  readonly baseUrl: string;
  readonly tokenEnv: string;
  readonly timezone?: string;
  readonly print?: boolean;
  readonly schema?: boolean;
  readonly keys: boolean;
}

/** `flowproof init`: a commented configuration, filled from an organisation's last days on request, and the keys to sign with. */
export function initCommand(session: CommandSession): Command {
  return new Command("init")
    .description("Write a configuration in which every key is documented, and the keys that sign; overwrites nothing.")
    .option("--discover <owner>", "propose systems, branches, environments, checks and bots from its last 30 days")
    .option("--organisation <name>", "the name on the cover")
    .option(
      "--base-url <url>",
      "the API that --discover asks, https://host/api/v3 for an Enterprise Server",
      "https://api.github.com",
    )
    .option(
      "--token-env <name>",
      "the environment variable with the token, for --discover and in the configuration",
      "GITHUB_TOKEN",
    )
    .option("--timezone <name>", "IANA name, such as Europe/Berlin (default: UTC)")
    .option("--schema", "also write a JSON Schema beside it, which editors use to complete and check")
    .option("--no-keys", "make no keys: checkpoints are not signed until `signing` names some, and packs stay drafts")
    .option("--print", "print it instead of writing it")
    .addHelpText(
      "after",
      `
Beside the configuration come flowproof.key, which signs checkpoints and packs, and a self-signed certificate for the
PDF with its key: flowproof.crt and flowproof-pdf.key. Keep copies of the keys elsewhere, and out of version control.

Examples:
  flowproof init
  GITHUB_TOKEN=... flowproof init --discover riverbank --organisation Riverbank --schema`,
    )
    .action(async (options: InitOptions, command: Command) => {
      const { terminal } = session;
      const { initialConfig, requireRoom, writeInitialConfig, writeInitialConfigWithKeys } = await import(
        "../../pipeline/init.ts"
      );
      const file = configFileOf(command);
      if (!options.print) requireRoom(file, options);
      const values = await initialValues(session, options);
      if (options.print) {
        terminal.line(initialConfig(values).trimEnd());
        terminal.data("init", { text: initialConfig(values) });
        return;
      }
      const { written, unfinished, fingerprint } = options.keys
        ? await writeInitialConfigWithKeys(file, values, systemClock)
        : { ...writeInitialConfig(file, values), fingerprint: undefined };
      for (const file of written) terminal.line(`wrote       ${file}`);
      if (fingerprint !== undefined) {
        terminal.line(`key         SHA-256 ${fingerprint}`);
        terminal.line(`            ${tellAuditor}`);
        terminal.line(
          "            Never commit a key: add *.key to .gitignore, and keep a copy where the store's backups are not.",
        );
      }
      const { discovery } = values;
      if (discovery) {
        const { systems, automations, quiet } = discovery;
        terminal.line(
          `proposed    ${counted(systems.length, "system")}, ${counted(automations.length, "bot")}; left out ${counted(quiet.length, "repository", "repositories")} without a change`,
        );
      }
      const next =
        unfinished.length > 0
          ? `put your own values in the ${counted(unfinished.length, "place")} below`
          : "read it, correct it";
      terminal.line(`next        ${next}, then: ${nextCommand(file, ["doctor"])}`);
      for (const place of unfinished) terminal.line(`            ${place}`);
      terminal.data("init", {
        written,
        unfinished,
        fingerprint: fingerprint ?? null,
        discovery: discovery ?? null,
      });
    });
}

async function initialValues(session: CommandSession, options: InitOptions): Promise<InitialValues> {
  const { organisation, timezone, baseUrl, schema } = options;
  const token = session.env[options.tokenEnv];
  if (token) session.terminal.hide([token]);
  const discovery =
    options.discover === undefined
      ? undefined
      : await (await import("../../pipeline/discover.ts")).discover({
          ...pipelineBase(session),
          owner: options.discover,
          baseUrl,
          tokenVariable: options.tokenEnv,
        });
  return {
    tokenVariable: options.tokenEnv,
    baseUrl,
    since: `${systemClock().getUTCFullYear()}-01-01`,
    ...(organisation === undefined ? {} : { organisation }),
    ...(timezone === undefined ? {} : { timezone }),
    ...(schema === undefined ? {} : { schema }),
    ...(discovery ? { discovery } : {}),
  };
}
