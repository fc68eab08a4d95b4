import { Command } from "commander";
import { counted } from "../../util/counted.ts";
import { type CommandSession, openSession } from "../command-session.ts";

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
      terminal.line(`wrote       ${file}, ${counted(bytes, "byte")}`);
      terminal.line(
        checkpoint
          ? `verified    ${counted(checkpoint.size, "record")}, checkpoint ${checkpoint.at}, root ${checkpoint.root}`
          : "verified    no run has ended yet: it holds no checkpoint",
      );
      if (files > 0) terminal.line(`attested    ${counted(files, "file")} in ${file}.files`);
      terminal.data("backup", { file, bytes, checkpoint: checkpoint ?? null, files });
    });
}
