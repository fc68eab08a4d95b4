import { resolve } from "node:path";
import { Command, Option } from "commander";
import { ConfigError } from "../../util/errors.ts";
import { parsePeriod, periodForms } from "../../util/period.ts";
import { type CommandSession, openSession } from "../command-session.ts";

interface ExportOptions {
  readonly pack?: string;
  readonly period?: string;
  readonly out: string;
  readonly layout: "criteria" | "controls" | "flat";
}

/** `flowproof export`: a pack's results as folders that other tools import. */
export function exportCommand(session: CommandSession): Command {
  return new Command("export")
    .description("Write a pack's results as folders and CSV files that compliance tools import.")
    .option("--pack <dir>", "the folder of the pack; needs no configuration and no store")
    .option("--period <period>", `${periodForms}: its latest issued pack, else its draft (default: "last-month")`)
    .requiredOption("--out <dir>", "where to; an earlier export there is replaced, nothing else ever is")
    .addOption(
      new Option("--layout <layout>", "folders by framework, criterion and control; by control; or none")
        .choices(["criteria", "controls", "flat"])
        .default("criteria"),
    )
    .addHelpText(
      "after",
      `
The pack is verified first. Each control gets control.json, items.csv, exceptions.csv and evidence.csv; index.csv lists
every file with framework, criterion, control, period and SHA-256; pack.pdf lies at the top. The whole assessment as
data, its JSON Schema and OSCAL assessment results are in the pack itself.

Examples:
  flowproof export --period 2026-10 --out to-grc
  flowproof export --pack reports/riverbank-2026-10 --out to-grc --layout flat`,
    )
    .action(async (options: ExportOptions, command: Command) => {
      const { terminal, signal } = session;
      const { pack, period, out, layout } = options;
      if (pack !== undefined && period !== undefined)
        throw new ConfigError("--pack names one pack and --period another", { hint: "Give one of them." });
      const { exportPack, packOf } = await import("../../pipeline/export.ts");
      const folderOf = async (): Promise<string> => {
        const context = await openSession(session, command);
        return packOf(context, parsePeriod(period ?? "last-month", context.config.timezone, context.clock()));
      };
      const summary = await exportPack({
        pack: pack === undefined ? await folderOf() : resolve(pack),
        out: resolve(out),
        layout,
        signal,
        progress: (text) => terminal.progress(text),
      });
      if (summary.state === "draft") terminal.warn(`${summary.pack} is a draft: nobody has issued or signed it`);
      terminal.line(`exported    ${summary.directory} (${summary.files} files, by ${summary.layout})`);
      terminal.line(`pack        ${summary.pack}`);
      terminal.line(`index       SHA-256 ${summary.index}`);
      terminal.data("export", summary);
    });
}
