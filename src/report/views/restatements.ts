import type { IssuedOutcome, IssuedPackRow, Restatement, RestatementReason } from "../../model/assessment.ts";
import type { Outcome } from "../../model/attribute.ts";
import { counted, list, number, sentence } from "../format.ts";
import { outcomeNames, subjectNames } from "../labels.ts";
import type { Pack } from "../pack.ts";

/** How many differences of one pack are told before the document refers to assessment.json. */
const longest = 60;

/** The packs issued before the cut-off, and what each of them would not say the same way any more, with the reason. */
export function restatementsView(pack: Pack) {
  const { packs = [], restatements = [] } = pack.result;
  const restated = new Map(restatements.map((one) => [one.pack, one]));
  const inside = restatements.filter(({ within }) => within).length;
  return {
    any: packs.length > 0,
    inside:
      inside > 0 && packs.length > inside
        ? `${sentence(counted(inside, "of them lies", "of them lie"))} within this period and stand${inside === 1 ? "s" : ""} first.`
        : null,
    packs: packs.map((row) => packRow(pack, row, packs, restated.get(row.name))),
    told: restatements
      .filter(({ differences }) => differences.length > 0)
      .toSorted((a, b) => Number(b.within) - Number(a.within))
      .map((one) => told(pack, one)),
  };
}

function packRow(
  pack: Pack,
  row: IssuedPackRow,
  packs: readonly IssuedPackRow[],
  restatement: Restatement | undefined,
) {
  const later = packs.find(({ supersedes }) => supersedes === row.name);
  return {
    name: row.name,
    issued: pack.time.minute(row.issuedAt),
    by: `${row.by}, ${row.role}`,
    size: number(row.checkpoint.size),
    root: row.checkpoint.root.slice(0, 16),
    result: restatement
      ? result(restatement)
      : later
        ? `its place was taken by ${later.name}`
        : "another edition of its period is compared",
    anchor: restatement && restatement.differences.length > 0 ? anchorOf(row.name) : null,
    records: pack.records([row.record]),
  };
}

const result = ({ differences, compared }: Restatement): string =>
  differences.length === 0
    ? `stands as issued, ${counted(compared, "item")} compared`
    : `${counted(differences.length, "difference")} in ${counted(compared, "item")}`;

const anchorOf = (name: string): string => `restated-${name.replace(/[^A-Za-z0-9._-]/g, "_")}`;

function told(pack: Pack, { pack: name, settings, differences, compared }: Restatement) {
  return {
    anchor: anchorOf(name),
    title: `${name}: ${counted(differences.length, "item")} of ${number(compared)} no longer as issued`,
    settings: settings.map((one) => reason(pack, one)),
    differences: differences.slice(0, longest).map((one) => ({
      system: one.system,
      subject: subjectNames[one.subject].one,
      label: one.label,
      anchor: pack.printed.placeOf(one.item),
      title: one.title,
      what: {
        appeared: "not in that pack, in its period now",
        vanished: "in that pack, not in its period now",
        changed: "",
      }[one.kind],
      tests: one.tests.map(({ attribute, issued, now, settled, message }) => ({
        title: pack.attributes.get(attribute)?.title ?? attribute,
        change: settled
          ? `settled: ${said(now)}; it was due when that pack was made`
          : one.kind === "changed"
            ? `issued as ${said(issued)}, now ${said(now)}`
            : `${one.kind === "appeared" ? "now" : "issued as"} ${said(one.kind === "appeared" ? now : issued)}`,
        message: pack.time.inText(message),
      })),
      reasons: one.reasons.map((found) => reason(pack, found)),
    })),
    more:
      differences.length > longest
        ? `${counted(differences.length - longest, "more difference")} in assessment.json, under restatements.`
        : null,
  };
}

function reason(pack: Pack, { text, at, record }: RestatementReason) {
  return {
    text: pack.time.inText(text),
    fetched: at === null ? null : pack.time.minute(at),
    records: pack.records(record === null ? [] : [record]),
  };
}

const said = (outcome: IssuedOutcome | Outcome | null): string =>
  outcome === null ? "not tested" : outcome === "due" ? "not verifiable, due later" : outcomeNames[outcome];

/** What a redacted edition says of itself; null for a full one. */
export function redactedView({
  result: { redacted },
}: Pack): { readonly lead: string; readonly limits: string } | null {
  if (!redacted) return null;
  const replaced = list([
    ...(redacted.persons > 0 ? [`${counted(redacted.persons, "person")} by person-1 and so on`] : []),
    ...(redacted.addresses > 0
      ? [`${counted(redacted.addresses, "further address", "further addresses")} by address-1 and so on`]
      : []),
  ]);
  return {
    lead: `Redacted edition: names and addresses of persons are replaced${replaced === "" ? "" : ` (${replaced})`}; the same ledger checkpoint.`,
    limits:
      "In this edition all accounts of one person bear one pseudonym. Automations, teams, systems and repositories of the organisation keep their names; a link that held a name is left out. Not recognised are names that no account, commit or configuration on record bears, first names alone, and what describes a person without naming anybody; a name that is also an ordinary word is replaced in our sentences only where it stands for an account.",
  };
}
