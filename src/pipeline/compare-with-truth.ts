import type { AssessmentResult, Item } from "../model/assessment.ts";
import type { Planted, Truth } from "../sandbox/index.ts";

/** What was planted in a simulated organisation against what an assessment found. */
export interface Comparison {
  /** Items planted within the assessment's period. */
  readonly planted: number;
  /** Of these, the ones whose every planted attribute came out as planted. */
  readonly found: number;
  /** The others, each with what differs. */
  readonly missed: readonly string[];
  /** Outcomes that nobody planted. */
  readonly invented: readonly string[];
}

/** Compares item by item and attribute by attribute; an item that nobody planted must pass everything or not apply. */
export function compareWithTruth(
  truth: Pick<Truth, "planted"> & Partial<Pick<Truth, "settings">>,
  result: Pick<AssessmentResult, "period" | "scope" | "population">,
): Comparison {
  const names = new Map(
    result.scope.systems.flatMap(({ repositories }) => repositories.map(({ key, name }) => [key, name])),
  );
  const byPlace = new Map(result.population.map((item) => [placeOfItem(item, names), item]));
  const inPeriod = truth.planted.filter(({ at }) => {
    const time = Date.parse(at);
    return time >= Date.parse(result.period.from) && time < Date.parse(result.period.to);
  });
  const missed = inPeriod.flatMap((planted) => differences(planted, byPlace.get(placeOfPlanted(planted))));
  const { settings = [] } = truth;
  const unseen = settings.filter(
    ({ repository, attribute }) =>
      !result.population.some(
        (item) =>
          isSetting(item, repository, names) &&
          item.observations.some((one) => one.attribute === attribute && one.outcome === "fail"),
      ),
  );
  const plantedAt = new Map(truth.planted.map((planted) => [placeOfPlanted(planted), planted]));
  const invented = result.population.flatMap((item) => {
    const planted = plantedAt.get(placeOfItem(item, names));
    // Listed in two periods, because nothing tells which: said by the pack, and nobody's plant.
    if (item.unplaced) return [];
    return item.observations
      .filter(
        ({ attribute, outcome, due }) =>
          isBad(outcome) &&
          due === undefined &&
          !(attribute in (planted?.attributes ?? {})) &&
          !settings.some((one) => one.attribute === attribute && isSetting(item, one.repository, names)),
      )
      .map(
        ({ attribute, outcome, message }) => `${item.repository} ${item.label}: ${attribute} ${outcome} (${message})`,
      );
  });
  return {
    planted: inPeriod.length,
    found: inPeriod.length - missed.length,
    missed: [
      ...missed,
      ...unseen.map(({ repository, attribute, why }) => `${repository}: ${attribute} is not fail (${why})`),
    ],
    invented,
  };
}

/** One line for a planted item that was not found as planted; none where it was. */
function differences(planted: Planted, item: Item | undefined): readonly string[] {
  const name = `${planted.repository} ${placeOfPlanted(planted)} (${planted.kind})`;
  if (!item) return [`${name}: not in the population`];
  const wrong = Object.entries(planted.attributes).flatMap(([attribute, expected]) => {
    const found = item.observations.find((observation) => observation.attribute === attribute)?.outcome ?? "untested";
    return found === expected ? [] : [`${attribute} is ${found}, not ${expected}`];
  });
  return wrong.length === 0 ? [] : [`${name}: ${wrong.join(", ")}`];
}

/** Whether an item is the settings of a repository, `owner/name`. */
const isSetting = (item: Item, repository: string, names: ReadonlyMap<string, string>): boolean =>
  item.subject === "configuration" && (names.get(item.repository) ?? item.repository) === repository;

function isBad(outcome: Item["observations"][number]["outcome"]): boolean {
  return outcome === "fail" || outcome === "notVerifiable";
}

function placeOfPlanted({ repository, subject }: Planted): string {
  switch (subject.kind) {
    case "change":
      return `${repository} change ${subject.number}`;
    case "commit":
      return `${repository} commit ${subject.oid}`;
    case "deployment":
      return `${repository} deployment ${subject.id}`;
  }
}

function placeOfItem(item: Item, names: ReadonlyMap<string, string>): string {
  const repository = names.get(item.repository) ?? item.repository;
  return `${repository} ${item.subject} ${item.subject === "commit" ? item.commit : item.number}`;
}
