import { type AssessmentResult, type Exception, type Item, isFollowing } from "../model/assessment.ts";
import { exceptionAnchor, itemAnchor } from "./anchors.ts";
import { limits } from "./limits.ts";
import { listed } from "./listed.ts";
import { changeRows, type Row } from "./rows.ts";

/** Where the rows that a listing leaves out are said to be. */
export const cutAnchors = {
  changes: "changes-not-printed",
  deployments: "deployments-not-printed",
  stories: "stories-not-printed",
  exceptions: "exceptions-not-printed",
  followers: "followers-not-printed",
} as const;

/** What the document prints of the long listings, in their order. */
export interface Printed {
  readonly changes: readonly Row[];
  readonly deployments: readonly Item[];
  /** The exceptions told whole, by cause, the gravest first; those that follow as rows; and those that follow from another. */
  readonly told: readonly Exception[];
  readonly brief: readonly Exception[];
  readonly followers: readonly Exception[];
  /** What each listing would print without its limit. */
  readonly all: {
    readonly changes: readonly Row[];
    readonly deployments: readonly Item[];
    readonly origins: readonly Exception[];
    readonly followers: readonly Exception[];
  };
  /** Where an item stands in the document, or is said to be left out; null for what is no item of the period. */
  readonly placeOf: (key: string) => string | null;
  /** The same of an exception. */
  readonly placeOfException: (id: string) => string;
}

/** Chooses them: each listing in whole up to its limit, beyond it what failed first, then what is not verifiable. */
export function printedOf(result: AssessmentResult): Printed {
  const rows = changeRows(result);
  const deliveries = result.population.filter(({ subject }) => subject === "deployment");
  const changes = listed(rows, limits.changes, ({ item, commits }) => gravity([item, ...commits]));
  const deployments = listed(deliveries, limits.deployments, (item) => gravity([item]));
  const origins = byCause(result);
  const following = result.exceptions.filter(isFollowing);
  const told = origins.slice(0, limits.stories);
  const brief = origins.slice(limits.stories, limits.stories + limits.exceptions);
  const followers = following.slice(0, limits.followers);
  const places = placesOf(result, rows, changes, deployments);
  const left = new Map([
    ...origins.slice(told.length + brief.length).map(({ id }): [string, string] => [id, cutAnchors.exceptions]),
    ...following.slice(followers.length).map(({ id }): [string, string] => [id, cutAnchors.followers]),
  ]);
  return {
    changes,
    deployments,
    told,
    brief,
    followers,
    all: { changes: rows, deployments: deliveries, origins, followers: following },
    placeOf: (key) => places.get(key) ?? null,
    placeOfException: (id) => left.get(id) ?? exceptionAnchor(id),
  };
}

/** Exceptions that stand for themselves, the gravest cause first. */
function byCause({ exceptions, causes = [] }: AssessmentResult): readonly Exception[] {
  const order = new Map(causes.map(({ id }, index) => [id, index]));
  const gravityOf = ({ cause = "" }: Exception): number => order.get(cause) ?? causes.length;
  return exceptions.filter((one) => !isFollowing(one)).toSorted((a, b) => gravityOf(a) - gravityOf(b));
}

function gravity(items: readonly Item[]): number {
  const has = (wanted: string): boolean =>
    items.some(({ observations }) => observations.some(({ outcome }) => outcome === wanted));
  return has("fail") ? 0 : has("notVerifiable") ? 1 : Number.POSITIVE_INFINITY;
}

/** By an item's key. A commit stands with the change that explains it; a setting has a place of its own. */
function placesOf(
  { population }: AssessmentResult,
  rows: readonly Row[],
  changes: readonly Row[],
  deployments: readonly Item[],
): ReadonlyMap<string, string> {
  const shown = new Set([...changes.map(({ item }) => item.key), ...deployments.map(({ key }) => key)]);
  const ofRow = (key: string, cut: string): string => (shown.has(key) ? itemAnchor(key) : cut);
  return new Map([
    ...population.map(({ key, subject }): [string, string] => [
      key,
      subject === "configuration"
        ? itemAnchor(key)
        : ofRow(key, subject === "deployment" ? cutAnchors.deployments : cutAnchors.changes),
    ]),
    ...rows.flatMap(({ item, commits }) =>
      commits.map(({ key }): [string, string] => [key, ofRow(item.key, cutAnchors.changes)]),
    ),
  ]);
}
