import { Command } from "commander";
import { counted } from "../../util/counted.ts";
import { type CommandSession, openSession } from "../command-session.ts";

/** `flowproof restore`: a backup in the store's place. */
export function restoreCommand(session: CommandSession): Command {
  return new Command("restore")
    .argument("<file>", "what `flowproof backup` wrote")
    .description(
      "Put a backup in the store's place, verified first; what the store holds beyond it is not given up unasked.",
    )
    .option("--discard-later", "give up what was collected after the backup; it is named")
    .addHelpText(
      "after",
      `
Until the end the store stays as it was, and is not touched where the backup does not verify (exit code 5) or another
command uses the store (75). The next collecting reads again what the sources still have. A pack that was issued under
a checkpoint which is discarded is not continued by later ones, and \`flowproof verify --against\` will say so.

Example:
  flowproof restore /mnt/backups/flowproof-2026-11-02.db`,
    )
    .action(async (source: string, { discardLater = false }: { discardLater?: boolean }, command: Command) => {
      const { terminal } = session;
      const context = await openSession(session, command);
      const { restore } = await import("../../pipeline/restore.ts");
      terminal.progress("verifying the backup");
      const { file, checkpoint, discarded, noted, files } = await restore(context, source, { discardLater });
      terminal.line(`restored    ${file}`);
      terminal.line(
        checkpoint
          ? `verified    ${counted(checkpoint.size, "record")}, checkpoint ${checkpoint.at}, root ${checkpoint.root}`
          : "verified    it holds no checkpoint: no run had ended",
      );
      if (files > 0) terminal.line(`attested    ${counted(files, "file")} in ${file}.files`);
      for (const line of discarded) terminal.line(`discarded   ${line}`);
      if (!noted)
        terminal.warn(`no checkpoint is noted beside ${source}: that nothing is missing at its end cannot be shown`);
      terminal.data("restore", { file, checkpoint: checkpoint ?? null, discarded, noted, files });
    });
}
