import {
  type AssessedObservation,
  type AssessmentResult,
  type IssuedOutcome,
  type IssuedOutcomes,
  type Item,
  itemName,
} from "../model/assessment.ts";
import type { IssuedPack, PackRecord } from "./pack-records.ts";
import { saidSince } from "./said-since.ts";

/** The numbers and results of an assessment that a pack's record keeps. */
export function figuresOf(result: AssessmentResult): PackRecord["figures"] {
  const count = (subject: Item["subject"]): number =>
    result.population.filter((item) => item.subject === subject).length;
  return {
    criteria: Object.fromEntries(
      result.criteria
        .filter(({ concluded }) => concluded)
        .map(({ framework, id, result: outcome }) => [`${framework} ${id}`, outcome]),
    ),
    controls: Object.fromEntries(result.controls.map(({ id, result: outcome }) => [id, outcome])),
    commits: count("commit"),
    changes: count("change"),
    deployments: count("deployment"),
    exceptions: result.exceptions.length,
    waived: result.exceptions.filter(({ waiver }) => waiver !== null).length,
  };
}

/** So many items are named one by one. */
const mostNamed = 20;

/** What of a pack is not as in the revision that it takes the place of, a sentence each; empty where only the wording around it differs. */
export function differencesFrom(
  before: IssuedPack,
  now: Pick<PackRecord, "period" | "checkpoint" | "figures" | "configuration" | "tool" | "issued" | "index">,
  result: Pick<AssessmentResult, "population" | "responses" | "attestations" | "waivers" | "reReviews">,
): string[] {
  const was = (what: string, then: string | number | null, today: string | number | null): string[] =>
    then === today ? [] : [`${what}: ${today ?? "none"}, was ${then ?? "none"}.`];
  return [
    ...was("Evidence as of", before.period.asOf, now.period.asOf),
    ...was("Cut at", before.period.cutAt, now.period.cutAt),
    ...was("Records in the ledger", before.checkpoint.size, now.checkpoint.size),
    ...(before.configuration === now.configuration ? [] : ["The configuration that judged is another."]),
    ...was("Made by", before.tool, now.tool),
    ...(["commits", "changes", "deployments", "exceptions", "waived"] as const).flatMap((what) =>
      was(headings[what], before.figures[what], now.figures[what]),
    ),
    ...changed("Criterion", before.figures.criteria, now.figures.criteria),
    ...changed("Control", before.figures.controls, now.figures.controls),
    ...outcomesChanged(before.outcomes(), result.population),
    ...saidSince(before, now.configuration, result),
    ...(asserted(before) === asserted(now) ? [] : ["Management's assertion is worded differently."]),
    ...was("Issued by", person(before), person(now)),
    ...(before.index === now.index ? [] : ["The index of the auditor's requests is another."]),
  ];
}

const headings = {
  commits: "Commits",
  changes: "Changes",
  deployments: "Deployments",
  exceptions: "Exceptions",
  waived: "Exceptions that a waiver accepts",
} as const;

const person = ({ issued }: Pick<PackRecord, "issued">): string => `${issued.by}, ${issued.role}`;

const month = "January|February|March|April|May|June|July|August|September|October|November|December";
const filledIn = new RegExp(`\\b[0-9a-f]{12,}\\b|\\d+ (?:${month}) \\d{4}(?:, \\d\\d:\\d\\d)?|\\d[\\d.,]*\\b`, "g");

/** A statement of management's own as it is; the page's wording, which names its ledger's root, without the instants, numbers and hashes filled in: those are told by themselves, or follow from what is. */
const asserted = ({
  issued: { assertion },
  checkpoint: { root },
}: Pick<PackRecord, "issued" | "checkpoint">): string =>
  assertion.includes(root) ? assertion.replace(filledIn, "0") : assertion;

const words: Readonly<Record<string, string>> = {
  noExceptionsNoted: "no exceptions noted",
  exceptionsNoted: "exceptions noted",
  aboveThreshold: "above threshold",
  evidenceIncomplete: "evidence incomplete",
  didNotOperate: "did not operate",
  notConcluded: "cannot be concluded",
};

function changed(
  what: string,
  before: Readonly<Record<string, string>>,
  now: Readonly<Record<string, string>>,
): readonly string[] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  const told = (result: string | undefined): string => (result === undefined ? "not in it" : (words[result] ?? result));
  return ids
    .filter((id) => before[id] !== now[id])
    .map((id) => `${what} ${id}: ${told(now[id])}, was ${told(before[id])}.`);
}

const outcomeWords: Readonly<Record<IssuedOutcome, string>> = {
  pass: "pass",
  fail: "fail",
  notApplicable: "not applicable",
  notVerifiable: "not verifiable",
  due: "not yet due",
};

const outcomeNow = ({ outcome, due }: AssessedObservation): IssuedOutcome =>
  outcome === "notVerifiable" && due !== undefined ? "due" : outcome;

function outcomesChanged(before: IssuedOutcomes, population: readonly Item[]): readonly string[] {
  const told = population.flatMap((item) => {
    const then = before.get(itemName(item));
    if (!then) return [`${item.system}: ${item.label}: was not in it.`];
    const tests = item.observations.filter(
      (observation) => then.get(observation.attribute) !== outcomeNow(observation),
    );
    if (tests.length === 0) return [];
    const texts = tests.map((observation) => {
      const { attribute } = observation;
      const earlier = then.get(attribute);
      return `${attribute} ${outcomeWords[outcomeNow(observation)]}, was ${earlier === undefined ? "not tested" : outcomeWords[earlier]}`;
    });
    return [`${item.system}: ${item.label}: ${texts.join("; ")}.`];
  });
  const names = new Set(population.map(itemName));
  const gone = [...before.keys()].filter((name) => !names.has(name)).map((name) => `${name}: is not in it any more.`);
  const all = [...told, ...gone];
  return all.length <= mostNamed
    ? all
    : [
        ...all.slice(0, mostNamed),
        `${all.length - mostNamed} more items have other outcomes; both assessment.json show them.`,
      ];
}
