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
  const numbers = [...new Set(scenarios.flatMap(({ covers }) => covers))];
  const named = scenarios.filter(({ covers }) => covers.length === 0).length;
  return {
    state: states[state],
    current: state === "current",
    summary: [
      `${counted(scenarios.length, "situation")}, each written down with what must be found in it: ${list([
        `${number(scenarios.length - named)} on ${number(numbers.length)} entries of the catalogue of ways round the controls`,
        ...(named > 0 ? [`${number(named)} that no entry numbers`] : []),
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
    rows: part ? [] : scenarios.toSorted((a, b) => entryOf(a) - entryOf(b)).map((scenario) => row(pack, scenario)),
  };
}

const states: Readonly<Record<Logic["state"], string>> = {
  current: "What judged this pack is what was tested.",
  changed:
    "The code or the catalog that judged this pack was changed after that test: nothing is claimed of it until it is tested again.",
  unknown: "Whether what judged this pack is what was tested cannot be compared here: its sources are not installed.",
};

/** What was not found as expected comes first, then the catalogue's order; what no entry numbers comes last. */
const entryOf = ({ covers, asExpected }: Logic["scenarios"][number]): number =>
  asExpected ? Math.min(...covers, Number.MAX_SAFE_INTEGER) : 0;

function row({ attributes }: Pack, { id, title, covers, expected, found, asExpected }: Logic["scenarios"][number]) {
  const short = (texts: readonly string[]): string => {
    const told = texts.map((text) => {
      const [, subject = text, attribute = "", outcome = ""] = /^(.*): ([a-z-]+) (\w+)$/.exec(text) ?? [];
      return { subject, letter: attributes.get(attribute)?.letter ?? attribute, outcome: words[outcome] ?? outcome };
    });
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
