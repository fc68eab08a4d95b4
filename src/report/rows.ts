import type { AssessmentResult, Item } from "../model/assessment.ts";
import type { Outcome } from "../model/attribute.ts";

/** One row of changes.csv and of the printed population: a change with the commits it put on the branch, or a commit that stands with no change of the period. */
export interface Row {
  readonly item: Item;
  /** What a change put on the branch, judged with it; of a commit, none. */
  readonly commits: readonly Item[];
  /** The deployment that first brought the change to production. */
  readonly deployment: Item | undefined;
  /** By attribute id, configuration's aside. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

type Counted = Pick<AssessmentResult, "population" | "attributes" | "coverage">;

/** The rows of changes.csv, in the order of the population. */
export function changeRows({ population, attributes, coverage }: Counted): readonly Row[] {
  const tested = attributes.filter(({ subject }) => subject !== "configuration");
  const items = new Map(population.map((item) => [nameOf(item.system, item.key), item]));
  const changeOf = ({ subject, system, link }: Item): Item | undefined =>
    subject === "commit" && link !== null ? items.get(nameOf(system, link)) : undefined;
  const commits = Map.groupBy(population, changeOf);
  const blind = withoutDeployments(coverage);
  return population
    .filter((item) => item.subject === "change" || (item.subject === "commit" && changeOf(item) === undefined))
    .map((item) => {
      const own = item.subject === "change" ? (commits.get(item) ?? []) : [];
      const deployment =
        item.subject === "change" && item.link !== null ? items.get(nameOf(item.system, item.link)) : undefined;
      const outcomes = tested.map(({ id, subject }) => {
        const unread = subject === "deployment" && !deployment && blind.has(item.system);
        return [id, outcomeOf(id, item, ...own, deployment) ?? (unread ? "notVerifiable" : "notApplicable")] as const;
      });
      return { item, commits: own, deployment, outcomes: new Map(outcomes) };
    });
}

/** The systems of which deployments were not read whole: that nothing was deployed cannot be said there. */
export const withoutDeployments = (coverage: AssessmentResult["coverage"]): ReadonlySet<string | null> =>
  new Set(
    coverage.filter(({ kind, status }) => kind === "deployments" && status !== "complete").map(({ system }) => system),
  );

/** Gravest first. */
const gravity: readonly Outcome[] = ["fail", "notVerifiable", "pass", "notApplicable"];

/** The gravest outcome of an attribute among the items; undefined where none was tested for it. */
export function outcomeOf(attribute: string, ...items: readonly (Item | undefined)[]): Outcome | undefined {
  const found = items.flatMap((item) => item?.observations.filter((one) => one.attribute === attribute) ?? []);
  return gravity.find((outcome) => found.some((one) => one.outcome === outcome));
}

// Systems of one repository share its changes and deployments, and judge each by their own policy.
const nameOf = (system: string, key: string): string => JSON.stringify([system, key]);
