import { catalogueEntries, catalogueOf } from "../../model/assessment/logic.ts";
import type { AssessmentResult } from "../../model/assessment.ts";
import { counted, grouped, list, number } from "../format.ts";
import type { Pack } from "../pack.ts";
import { packOf } from "../part-links.ts";

type Logic = NonNullable<AssessmentResult["logic"]>;

/** How what judged this pack was itself tested; null where nothing says. */
export function logicView(pack: Pack) {
  const { logic, part, tool } = pack.result;
  if (!logic) return null;
  const { scenarios, beyond, state } = logic;
  const differing = scenarios.filter(({ asExpected }) => !asExpected);
  const { played, onEntries, byName } = catalogueOf(scenarios);
  return {
    state: states[state],
    current: state === "current",
    summary: [
      `${counted(scenarios.length, "situation")}, each written down with what must be found in it: ${list([
        `${number(onEntries)} on ${ofAll(played.length, catalogueEntries.length)} of the catalogue of ways round the controls`,
        ...(byName > 0 ? [`${number(byName)} by name, which no entry numbers`] : []),
      ])}.`,
      differing.length === 0
        ? "All were found as expected"
        : `${number(scenarios.length - differing.length)} were found as expected, ${number(differing.length)} ${differing.length === 1 ? "was" : "were"} not`,
    ].join(" "),
    beyond:
      beyond === 0
        ? ", and nothing was found that nobody had made."
        : `, and ${counted(beyond, "outcome")} beyond what was made.`,
    version: logic.version === tool.version ? logic.version : `${logic.version}, while ${tool.version} made this pack`,
    digest: grouped(logic.digest.slice(0, 16)),
    // A part's reader finds them in the organisation's pack.
    elsewhere: part ? (packOf(pack, "organisation") ?? { name: "the organisation's pack", href: null }) : null,
    tests: part ? [] : testRows(pack, scenarios),
    silent: silentRow(scenarios),
    rows: part ? [] : scenarios.toSorted((a, b) => entryOf(a) - entryOf(b)).map((scenario) => row(pack, scenario)),
    allAsExpected: differing.length === 0,
  };
}

const ofAll = (part: number, all: number): string =>
  part === all ? `all ${number(all)} entries` : `${number(part)} of the ${number(all)} entries`;

const states: Readonly<Record<Logic["state"], string>> = {
  current: "What judged this pack is what was tested.",
  changed:
    "The code or the catalog that judged this pack was changed after that test: nothing is claimed of it until it is tested again.",
  unknown: "Whether what judged this pack is what was tested cannot be compared here: its sources are not installed.",
};

/** By test, in the order of the letters: in how many situations it must fail, in how many others the evidence must leave it open, and in how many of them all was found so. */
function testRows({ result }: Pack, scenarios: Logic["scenarios"]) {
  const told = scenarios.map(({ expected, asExpected }) => ({ outcomes: expected.map(outcomeIn), asExpected }));
  return result.attributes.map(({ id, letter, title }) => {
    const asks = (wanted: string) => (one: (typeof told)[number]) =>
      one.outcomes.some(({ attribute, outcome }) => attribute === id && outcome === wanted);
    const fail = told.filter(asks("fail"));
    const open = told.filter((one) => asks("notVerifiable")(one) && !asks("fail")(one));
    return { letter, title, fail: number(fail.length), open: number(open.length), ...foundSo([...fail, ...open]) };
  });
}

/** The situations in which nothing may be noticed. */
function silentRow(scenarios: Logic["scenarios"]) {
  return foundSo(scenarios.filter(({ expected }) => expected.length === 0));
}

function foundSo(all: readonly { readonly asExpected: boolean }[]) {
  const found = all.filter(({ asExpected }) => asExpected);
  return {
    found: all.length === 0 ? "–" : `${number(found.length)} of ${number(all.length)}`,
    differs: found.length < all.length,
  };
}

/** What was not found as expected comes first, then the catalogue's order; what no entry numbers comes last. */
const entryOf = ({ covers, asExpected }: Logic["scenarios"][number]): number =>
  asExpected ? Math.min(...covers, Number.MAX_SAFE_INTEGER) : 0;

/** The parts of `change: required-checks-passed fail`. */
function outcomeIn(text: string): { readonly subject: string; readonly attribute: string; readonly outcome: string } {
  const [, subject = text, attribute = "", outcome = ""] = /^(.*): ([a-z-]+) (\w+)$/.exec(text) ?? [];
  return { subject, attribute, outcome };
}

function row({ attributes }: Pack, { id, title, covers, expected, found, asExpected }: Logic["scenarios"][number]) {
  const short = (texts: readonly string[]): string => {
    const told = texts.map(outcomeIn).map(({ subject, attribute, outcome }) => ({
      subject,
      letter: attributes.get(attribute)?.letter ?? attribute,
      outcome: words[outcome] ?? outcome,
    }));
    // The letters of one subject that came out alike stand together.
    const groups = Map.groupBy(told, ({ subject, outcome }) => `${subject}\n${outcome}`);
    return (
      [...groups.values()]
        .map((same) => `${same[0]?.subject} ${same.map(({ letter }) => letter).join(" ")} ${same[0]?.outcome}`.trim())
        .join("; ") || "no alarm"
    );
  };
  return {
    id,
    title,
    covers: covers.map(number).join(", ") || "–",
    found: short(found),
    // What must be found is what was found, unless it differs.
    expected: asExpected ? null : short(expected),
  };
}

const words: Readonly<Record<string, string>> = {
  pass: "passed",
  fail: "failed",
  notVerifiable: "not verifiable",
  notApplicable: "not applicable",
};
