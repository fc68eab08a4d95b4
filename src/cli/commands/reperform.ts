import { randomBytes } from "node:crypto";
import { Command } from "commander";
import type { ReperformedChange, ReperformSummary } from "../../pipeline/reperform.ts";
import { ConfigError } from "../../util/errors.ts";
import { parsePeriod, periodForms } from "../../util/period.ts";
import { type CommandSession, openSession, pipelineBase } from "../command-session.ts";
import { exitCode } from "../exit-code.ts";
import { wholeNumber } from "../numbers.ts";

interface Options {
  readonly sample: number;
  readonly seed?: string;
  readonly pack?: string;
  readonly period?: string;
  readonly tokenEnv?: string;
  readonly endpoint?: string;
}

const words: Readonly<Record<ReperformedChange["result"], string>> = {
  same: "same",
  moved: "moved legitimately",
  differs: "DIFFERS",
  gone: "gone",
  unread: "not read",
};

/** `flowproof reperform`: an auditor asks the source again for a sample of changes. */
export function reperformCommand(session: CommandSession): Command {
  return new Command("reperform")
    .description("Ask the source again for a sample of changes, and compare each with what was recorded.")
    .requiredOption("--sample <n>", "how many changes", wholeNumber)
    .option("--seed <text>", "draws the same sample again; give your own (default: a random one, printed)")
    .option("--pack <dir>", "draw from a pack's population; its evidence.zip stands in for the store")
    .option("--period <period>", `draw from the changes that sample draws from: ${periodForms}`)
    .option("--token-env <name>", "the variable with your own read-only token (default: the configured credential)")
    .option("--endpoint <url>", "with --pack: where your token may be sent; the pack says where its source is")
    .addHelpText(
      "after",
      `
Stores nothing. Each change is compared by the digest that the ledger holds of its records: the change, its commits,
reviews, checks, events, paths and work items. Where a digest is another, the fields are named:

  same                what the source gives now is what was recorded
  moved legitimately  only what may move after a merge: a title, a label, a comment, a later check, a renamed account
  DIFFERS             merge, base, commits, reviews or results of checks are others than recorded
  gone                the source has the change no more

The draw, as flowproof sample makes it, and of a period from the population that it fixed last: each key (such as
github/4711#12) is ranked by SHA-256 of the population's digest, the seed and the key, joined as text, the lowest first.
The digest is that of the sorted keys, a line each. By hand: printf '%s' "DIGESTSEEDgithub/4711#12" | sha256sum

Exit codes: 5 when any change DIFFERS, 6 when the source gave none of them.

Examples:
  flowproof reperform --sample 25 --period 2026-10 --seed 8231
  AUDIT_TOKEN=... flowproof reperform --sample 25 --pack riverbank-2026-10 --token-env AUDIT_TOKEN \\
    --endpoint https://api.github.com          without store and configuration; run flowproof verify on the pack first`,
    )
    .action(async (options: Options, command: Command) => {
      if (options.sample === 0) throw new ConfigError("--sample 0 draws nothing", { hint: "Ask for one or more." });
      if (options.pack !== undefined && options.period !== undefined)
        throw new ConfigError("--pack has its own period", { hint: "Leave out --pack or --period." });
      tell(session, await summaryOf(session, command, options));
    });
}

async function summaryOf(session: CommandSession, command: Command, options: Options): Promise<ReperformSummary> {
  const { reperform } = await import("../../pipeline/reperform.ts");
  const { fromBundle, fromStore, tokenFrom } = await import("../../pipeline/reperform-from.ts");
  const { readPack } = await import("../../pipeline/kept-changes.ts");
  const token = options.tokenEnv === undefined ? undefined : tokenFrom(options.tokenEnv, session.env);
  if (token !== undefined) session.terminal.hide([token]);
  const request = { sample: options.sample, seed: options.seed ?? randomBytes(8).toString("hex") };
  const pack = options.pack === undefined ? undefined : await readPack(options.pack);
  if (pack?.records) {
    if (token === undefined)
      throw new ConfigError("a pack holds no credential", {
        hint: "Put your own read-only token into a variable and name it with --token-env.",
      });
    const from = fromBundle({ ...pack, records: pack.records }, { token, endpoint: options.endpoint });
    return reperform(pipelineBase(session), from, request);
  }
  const context = await openSession(session, command, { fetches: token === undefined });
  const period =
    options.period === undefined ? undefined : parsePeriod(options.period, context.config.timezone, context.clock());
  const from = await fromStore(context, {
    ...(token === undefined ? {} : { token }),
    ...(period ? { period } : {}),
    ...(pack ? { pack } : {}),
  });
  return reperform(context, from, request);
}

function tell(session: CommandSession, { draw, changes }: ReperformSummary): void {
  const { terminal } = session;
  const width = Math.max(...changes.map(({ name }) => name.length));
  const unit = draw.population === 1 ? "change" : "changes";
  terminal.line(`drawn       ${draw.keys.length} of ${draw.population} ${unit}, seed ${draw.seed}`);
  terminal.line(`population  SHA-256 of its sorted keys, a line each: ${draw.digest}`);
  terminal.line();
  for (const change of changes) {
    terminal.line(`${change.name.padEnd(width)}  ${textOf(change)}`);
    for (const reason of change.result === "gone" || change.result === "unread" ? [] : change.reasons)
      terminal.line(`${" ".repeat(width)}  ${reason}`);
    terminal.data("change", change);
  }
  const count = (result: ReperformedChange["result"]): number =>
    changes.filter((change) => change.result === result).length;
  const counts = Object.entries(words).flatMap(([result, word]) => {
    const found = count(result as ReperformedChange["result"]);
    return found === 0 ? [] : [`${found} ${word}`];
  });
  terminal.line();
  terminal.line(`result      ${counts.join(", ")}`);
  const { keys, strata: _, ...drawn } = draw;
  terminal.data("reperform", {
    ...drawn,
    sample: keys.length,
    same: count("same"),
    moved: count("moved"),
    differs: count("differs"),
    gone: count("gone"),
    unread: count("unread"),
  });
  if (count("differs") > 0) session.exitCode = exitCode.integrity;
  else if (count("gone") + count("unread") === changes.length) session.exitCode = exitCode.nothing;
}

/** The gravest comes first: a change that differs may have moved elsewhere too. */
function textOf({ result, moves, reasons, records }: ReperformedChange): string {
  const said = (legitimate: boolean): string =>
    moves
      .filter((move) => move.legitimate === legitimate)
      .map(({ text }) => text)
      .join("; ");
  const legitimate = said(true);
  switch (result) {
    case "same":
      return `same (${records} ${records === 1 ? "record" : "records"})`;
    case "moved":
      return `moved legitimately: ${legitimate}`;
    case "differs":
      return `DIFFERS: ${said(false)}${legitimate === "" ? "" : `; moved legitimately: ${legitimate}`}`;
    default:
      return `${words[result]}: ${reasons.join("; ")}`;
  }
}
