import { Command } from "commander";
import { type CommandSession, openSession } from "../command-session.ts";

const counted = (files: number): string => (files === 1 ? "1 file" : `${files} files`);

/** `flowproof backup`: a verified copy of the store. */
export function backupCommand(session: CommandSession): Command {
  return new Command("backup")
    .argument("<file>", "where the copy goes; overwrites nothing")
    .description("Copy the store into one file, verified, while collecting goes on.")
    .addHelpText(
      "after",
      `
Beside the copy lies <file>.checkpoint.json, by which a copy that is cut short or exchanged shows, and in <file>.files
what attestations rest on: keep all together.
Signing keys are not in it. Exit code 5 when the store or its copy does not verify; no copy is left then.

Example:
  flowproof backup /mnt/backups/flowproof-$(date +%F).db`,
    )
    .action(async (target: string, _options: object, command: Command) => {
      const { terminal } = session;
      const context = await openSession(session, command);
      const { backup } = await import("../../pipeline/backup.ts");
      terminal.progress("copying and verifying the store");
      const { file, bytes, checkpoint, files } = await backup(context, target);
      terminal.line(`wrote       ${file}, ${bytes} bytes`);
      terminal.line(
        checkpoint
          ? `verified    ${checkpoint.size} records, checkpoint ${checkpoint.at}, root ${checkpoint.root}`
          : "verified    no run has ended yet: it holds no checkpoint",
      );
      if (files > 0) terminal.line(`attested    ${counted(files)} in ${file}.files`);
      terminal.data("backup", { file, bytes, checkpoint: checkpoint ?? null, files });
    });
}
