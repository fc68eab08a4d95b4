import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { Attested } from "../../pipeline/attest.ts";
import type { StandingVersion } from "../../pipeline/attest-period.ts";
import { attestationKinds } from "../../pipeline/choices.ts";
import { counted } from "../../util/counted.ts";
import { parsePeriod, periodForms } from "../../util/period.ts";
import { type CommandSession, nextAfter, openSession } from "../command-session.ts";
import { table } from "../table.ts";

interface AddOptions {
  readonly id?: string;
  readonly kind: (typeof attestationKinds)[number];
  readonly title: string;
  readonly documentVersion?: string;
  readonly approver?: string;
  readonly by: string;
  readonly role: string;
  readonly effective: string;
  readonly expires?: string;
  readonly criterion?: string[];
  readonly note?: string;
}

/** `flowproof attest`: manual evidence, kept as files with somebody's word for them. */
export function attestCommand(session: CommandSession): Command {
  return new Command("attest")
    .description("Keep what version control rarely shows: a file, with somebody's word for it.")
    .helpCommand(false)
    .addHelpText(
      "after",
      `
Attestations may also stand in the configuration (\`attestations\`); \`flowproof collect\` records those. A pack shows
them as their author's word, tested by nothing; they never change a result.

Examples:
  flowproof attest add change-procedure.pdf --kind procedure --title "Change procedure" --document-version 3.2 \\
    --approver "Ada Example" --by "Ada Example" --role "Head of Engineering" --effective 2026-01-01 --expires 2026-12-31
  flowproof attest list --period 2026-10
  flowproof attest withdraw procedure-1 --reason "not what was approved" --by "Ada Example"`,
    )
    .addCommand(addCommand(session))
    .addCommand(listCommand(session))
    .addCommand(withdrawCommand(session));
}

function addCommand(session: CommandSession): Command {
  return new Command("add")
    .description("Keep a file and record what is attested with it.")
    .argument("<file>", "the document: no link, at most 25 MB")
    .addOption(new Option("--kind <kind>", "what it is").choices(attestationKinds).makeOptionMandatory())
    .requiredOption("--title <title>", "what it is called")
    .requiredOption("--by <name>", "whose word it is")
    .requiredOption("--role <role>", "as what")
    .requiredOption("--effective <day>", "the first day on which it is in force")
    .option("--expires <day>", "the last one; left out, it does not expire")
    .option("--id <id>", "another version of this attestation, or the id of a new one (default: its kind and a number)")
    .option("--document-version <version>", "the document's own version")
    .option("--approver <name>", "who approved the document")
    .option("--criterion <criterion...>", "what it addresses, such as soc2-2017:CC8.1:4 (default: what its kind does)")
    .option("--note <text>", "what else a reader must know")
    .action(async (file: string, { criterion, ...options }: AddOptions, command: Command) => {
      const context = await openSession(session, command);
      const { attest } = await import("../../pipeline/attest.ts");
      const attested = await attest(context, {
        ...options,
        file: resolve(file),
        ...(criterion === undefined ? {} : { criteria: criterion }),
      });
      tellAttested(session, command, attested);
    });
}

function tellAttested({ terminal }: CommandSession, command: Command, { version, checkpoint }: Attested): void {
  const { id, sequence, title, record, recordedAt, file, criteria } = version;
  const which = `${id}${sequence > 1 ? ` version ${sequence}` : ""}, "${title}"`;
  if (checkpoint) {
    terminal.line(`attested    ${which} (r${record})`);
    terminal.line(`file        ${file.name}, ${counted(file.size, "byte")}, SHA-256 ${file.sha256}`);
    terminal.line(`addresses   ${criteria.map(criterionText).join(", ")}`);
    terminal.line(`checkpoint  ${counted(checkpoint.size, "record")}, root ${checkpoint.root}`);
  } else {
    terminal.line(`unchanged   ${which}: recorded so on ${recordedAt} (r${record}); nothing was done`);
  }
  terminal.line(`next        ${nextAfter(command, ["attest", "list"])}`);
  terminal.data("attest", {
    state: checkpoint ? "recorded" : "unchanged",
    attestation: version,
    checkpoint: checkpoint ?? null,
  });
}

const criterionText = ({ framework, criterion, points }: Attested["version"]["criteria"][number]): string =>
  points.length === 0
    ? `${framework}:${criterion}`
    : points.map((point) => `${framework}:${criterion}:${point}`).join(", ");

function listCommand(session: CommandSession): Command {
  return new Command("list")
    .description("List every version of every attestation, and how it stands to a period or to the present day.")
    .option("--period <period>", `${periodForms}, in the configured time zone`)
    .action(async ({ period }: { period?: string }, command: Command) => {
      const { terminal } = session;
      const context = await openSession(session, command);
      const { listAttestations } = await import("../../pipeline/attest.ts");
      const { timezone } = context.config;
      const wanted = period === undefined ? undefined : parsePeriod(period, timezone, context.clock());
      const listed = await listAttestations(context, wanted);
      for (const { version, standing, inForce, withdrawn } of listed)
        terminal.data("attestation", { ...version, standing, inForce, withdrawn: withdrawn ?? null });
      if (listed.length === 0) {
        terminal.line("attestations  none");
        terminal.line(`next          ${nextAfter(command, ["attest", "add", "--help"])}`);
        return;
      }
      const stands = wanted ? `in ${wanted.id}` : "today";
      const head = [
        "attestation",
        "version",
        "kind",
        "title",
        "by",
        "effective",
        "expires",
        stands,
        "file",
        "sha-256",
        "recorded",
      ];
      for (const line of table(
        head,
        listed.map((one) => row(one, wanted !== undefined)),
      ))
        terminal.line(line);
    });
}

function row({ version, standing, withdrawn }: StandingVersion, ofPeriod: boolean): readonly string[] {
  const { id, sequence, kind, title, by, role, effective, expires, file, recordedAt } = version;
  return [
    id,
    String(sequence),
    kind,
    title,
    `${by}, ${role}`,
    effective,
    expires ?? "-",
    withdrawn ? `withdrawn ${withdrawn.at}` : (ofPeriod ? overPeriod : atPresent)[standing],
    file.name,
    file.sha256.slice(0, 12),
    recordedAt,
  ];
}

type Standing = StandingVersion["standing"];

const overPeriod: Readonly<Record<Standing, string>> = {
  throughout: "in force throughout",
  part: "in force for part",
  expiredWithin: "expired within",
  expired: "expired before",
  withdrawn: "withdrawn",
  later: "not yet in force",
  replaced: "another version before",
};

const atPresent: Readonly<Record<Standing, string>> = {
  ...overPeriod,
  throughout: "in force",
  part: "in force",
  expiredWithin: "in force",
  expired: "expired",
  replaced: "replaced",
};

function withdrawCommand(session: CommandSession): Command {
  return new Command("withdraw")
    .description("Record that an attestation does not stand any more; nothing is removed.")
    .argument("<id>", "as `flowproof attest list` shows it")
    .requiredOption("--reason <text>", "why")
    .requiredOption("--by <name>", "who withdraws it")
    .addHelpText(
      "after",
      "\nIt addresses nothing from then on, in packs of earlier periods too: those that are made after. Its files are kept.",
    )
    .action(async (id: string, options: { reason: string; by: string }, command: Command) => {
      const { terminal } = session;
      const context = await openSession(session, command);
      const { withdrawAttestation } = await import("../../pipeline/attest.ts");
      const { version, checkpoint } = await withdrawAttestation(context, { id, ...options });
      terminal.line(`withdrawn   ${id}, "${version.title}"`);
      terminal.line(`checkpoint  ${counted(checkpoint.size, "record")}, root ${checkpoint.root}`);
      terminal.data("withdraw", { attestation: id, ...options, checkpoint });
    });
}
