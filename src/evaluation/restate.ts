import type {
  AssessmentResult,
  IssuedOutcome,
  IssuedOutcomes,
  Item,
  RestatementDifference,
} from "../model/assessment.ts";
import { itemName } from "../model/assessment.ts";
import type { Outcome } from "../model/attribute.ts";
import { compare } from "../model/compare.ts";
import { type Subject, subjects } from "../model/dossier.ts";
import { short } from "../model/keys.ts";

/** A difference before it is explained. */
export type Difference = Omit<RestatementDifference, "reasons">;

type Test = Difference["tests"][number];

/** What an issued pack said and the same period judged again do not agree on: by subject, system, item. Empty where the pack still stands. */
export function differencesBetween(
  issued: IssuedOutcomes,
  { population }: Pick<AssessmentResult, "population">,
): readonly Difference[] {
  const items = new Map(population.map((item) => [itemName(item), item]));
  const names = [...new Set([...issued.keys(), ...items.keys()])];
  return names
    .flatMap((name) => differenceOf(name, issued.get(name), items.get(name)) ?? [])
    .sort(
      (a, b) =>
        subjects.indexOf(a.subject) - subjects.indexOf(b.subject) ||
        compare(a.system, b.system) ||
        compare(a.item, b.item),
    );
}

/** How many items the comparison looked at: those of the pack and those of the period as judged now. */
export const itemsCompared = (issued: IssuedOutcomes, { population }: Pick<AssessmentResult, "population">): number =>
  new Set([...issued.keys(), ...population.map(itemName)]).size;

function differenceOf(
  name: string,
  before: ReadonlyMap<string, IssuedOutcome> | undefined,
  item: Item | undefined,
): Difference | undefined {
  if (!item) return { ...named(name), title: "", kind: "vanished", tests: testsOf(before, undefined) };
  const { subject, system, key, label, title } = item;
  const tests = testsOf(before, item);
  const found = { subject, system, item: key, label, title };
  if (!before) return { ...found, kind: "appeared", tests };
  return tests.length === 0 ? undefined : { ...found, kind: "changed", tests };
}

/** The tests that differ, in the order of their names; that an item which came or went has tests that do not apply is nothing to tell. */
function testsOf(before: ReadonlyMap<string, IssuedOutcome> | undefined, item: Item | undefined): Test[] {
  const now = new Map(item?.observations.map((one) => [one.attribute, one]));
  const tests = [...new Set([...(before?.keys() ?? []), ...now.keys()])].sort().map((attribute): Test => {
    const issued = before?.get(attribute) ?? null;
    const observation = now.get(attribute);
    return {
      attribute,
      issued,
      now: observation?.outcome ?? null,
      settled: issued === "due" && observation !== undefined && observation.outcome !== "notVerifiable",
      message: observation?.message ?? "",
    };
  });
  return tests.filter(({ issued, now }) => plain(issued) !== now && !(untold(issued) && untold(now)));
}

/** What the pack printed: a deadline that had not passed was not verifiable. */
const plain = (issued: IssuedOutcome | null): Outcome | null => (issued === "due" ? "notVerifiable" : issued);

const untold = (outcome: IssuedOutcome | null): boolean => outcome === null || outcome === "notApplicable";

/** What the name alone says of an item that is not in the evidence's period any more. */
function named(name: string): Pick<Difference, "subject" | "system" | "item" | "label"> {
  const [system = "", subject = "", ...rest] = name.split("|");
  const key = rest.join("|");
  const label = /#(\d+)$/.exec(key)?.[0] ?? (key.includes("@") ? short(key.split("@").at(-1) ?? "") : key);
  return { subject: subject as Subject, system, item: key, label };
}
