import { Command } from "commander";
import { counted } from "../../util/counted.ts";
import { type CommandSession, openSession } from "../command-session.ts";

/** `flowproof rebuild`: projections anew from the records. */
export function rebuildCommand(session: CommandSession): Command {
  return new Command("rebuild")
    .description("Drop what was derived from the records and derive it anew; the evidence itself is not touched.")
    .addHelpText(
      "after",
      "\nAfter an update it is done by itself where it is needed. Running it twice gives the same rows.",
    )
    .action(async (_options: object, command: Command) => {
      const { terminal } = session;
      const context = await openSession(session, command);
      const { rebuild } = await import("../../pipeline/rebuild.ts");
      terminal.progress("deriving entities from the records");
      const { records, entities } = await rebuild(context);
      terminal.line(`rebuilt     ${counted(entities, "entity", "entities")} from ${counted(records, "record")}`);
      terminal.data("rebuild", { records, entities });
    });
}
