import { Command } from "commander";
import type { VerifiedPart } from "../../pipeline/verify.ts";
import { type CommandSession, openSession } from "../command-session.ts";
import { exitCode } from "../exit-code.ts";

interface Options {
  readonly against?: string;
  readonly deep?: boolean;
  readonly key?: string;
  readonly trust?: readonly string[];
}

/** Lines of what holds are few; what is broken may be every record of a store. */
const most = 100;

/** `flowproof verify`: whether a pack or the store is what was recorded and signed. */
export function verifyCommand(session: CommandSession): Command {
  return new Command("verify")
    .argument(
      "[path]",
      "a pack's folder, pack.pdf, pack.html or evidence.zip, or a store (default: the configured store)",
    )
    .description("Check that a pack or the store is whole, unaltered and signed, and name what is not; offline.")
    .option("--against <older>", "a pack you kept: does PATH, or the store, continue it?")
    .option("--deep", "derive the pack's assessment anew from the store's records, and compare")
    .option("--key <file|fingerprint>", "the ledger's public key as you were told it; OLDER may have another")
    .option(
      "--trust <roots.pem>",
      "roots of a timestamp authority, as often as there are files (default: the configured ones)",
      (file: string, files: readonly string[] = []) => [...files, file],
    )
    .addHelpText(
      "after",
      `
A pack needs no configuration and no store. Each line says BROKEN, holds or unchecked: what could not be checked here,
and with what it can. A pack alone cannot show that its ledger was cut or rewritten: an older pack can, by --against.

Exit code 5 when anything is broken.

Examples:
  flowproof verify                                              the configured store
  flowproof verify reports/riverbank-2026-10 --key 9f3c...      an issued pack, by the fingerprint of the key
  flowproof verify reports/riverbank-2026-10 --against kept/riverbank-2026-09
  flowproof verify --against kept/riverbank-2026-09/pack.pdf    does the store continue a pack that was kept?
  flowproof verify reports/riverbank-2026-10 --deep             judge everything again, and compare`,
    )
    .action(async (path: string | undefined, options: Options, command: Command) => {
      const { terminal } = session;
      const pipeline = await import("../../pipeline/verify.ts");
      const open = async (store?: string) => {
        const context = await openSession(session, command);
        return store === undefined ? context : { ...context, config: { ...context.config, store } };
      };
      const request = { ...options, ...(path === undefined ? {} : { path }) };
      const parts = await pipeline.verify(request, open);
      for (const part of parts) {
        for (const line of linesOf(part, pipeline.checkLines)) terminal.line(line);
        terminal.line();
        terminal.data("part", part);
      }
      const checks = parts.flatMap((part) => part.checks);
      const broken = checks.filter(({ outcome }) => outcome === "broken").length;
      terminal.line(pipeline.verdict(checks));
      terminal.data("verify", {
        broken,
        holds: checks.filter(({ outcome }) => outcome === "holds").length,
        unchecked: checks.filter(({ outcome }) => outcome === "unchecked").length,
      });
      if (broken > 0) session.exitCode = exitCode.integrity;
    });
}

const order = ["broken", "holds", "unchecked"] as const;

/** What is broken comes first. */
function linesOf(
  { heading, checks }: VerifiedPart,
  checkLines: (checks: VerifiedPart["checks"]) => readonly string[],
): readonly string[] {
  const sorted = order.flatMap((outcome) => {
    const own = checks.filter((check) => check.outcome === outcome);
    return own.length <= most
      ? own
      : [...own.slice(0, most), { subject: "", outcome, text: `and ${own.length - most} more; --json lists all` }];
  });
  return [heading, ...checkLines(sorted).map((line) => `  ${line}`)];
}
