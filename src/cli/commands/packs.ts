import { Command } from "commander";
import type { FolderState, ListedPack } from "../../pipeline/packs.ts";
import { type CommandSession, nextAfter, openSession } from "../command-session.ts";
import { exitCode } from "../exit-code.ts";
import { table } from "../table.ts";

/** `flowproof packs`: the chain of issued packs. */
export function packsCommand(session: CommandSession): Command {
  return new Command("packs")
    .description("List every issued pack, oldest first: what it supersedes, and whether its folder is what was issued.")
    .addHelpText(
      "after",
      "\nA folder that is gone may lie elsewhere, and is only said. Exit code 5 where one is there and was altered.",
    )
    .action(async (_options: object, command: Command) => {
      const { terminal } = session;
      const context = await openSession(session, command);
      const { packs } = await import("../../pipeline/packs.ts");
      const listed = await packs(context);
      for (const pack of listed) terminal.data("pack", pack);
      if (listed.length === 0) {
        terminal.line(`packs       none; a draft is issued by: ${nextAfter(command, ["issue", "--help"])}`);
        return;
      }
      const head = [
        "pack",
        "revision",
        "edition",
        "period",
        "issued",
        "by",
        "checkpoint",
        "manifest",
        "superseded by",
        "folder",
      ];
      for (const line of table(head, listed.map(row))) terminal.line(line);
      if (listed.some(({ folder }) => folder.state === "altered")) session.exitCode = exitCode.integrity;
    });
}

function row({
  name,
  revision,
  edition,
  period,
  issued,
  checkpoint,
  manifest,
  supersededBy,
  folder,
}: ListedPack): readonly string[] {
  return [
    name,
    String(revision),
    edition,
    period.id,
    issued.at,
    `${issued.by}, ${issued.role}`,
    `${checkpoint.size} ${checkpoint.root.slice(0, 12)}`,
    manifest.slice(0, 12),
    supersededBy ?? "-",
    folderText(folder),
  ];
}

function folderText(folder: FolderState): string {
  if (folder.state === "asIssued") return "as issued";
  return folder.state === "missing" ? "not there" : `altered: ${folder.files.join(", ")}`;
}
