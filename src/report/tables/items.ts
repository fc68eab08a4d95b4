import type { AssessmentResult, Item } from "../../model/assessment.ts";
import type { Outcome } from "../../model/attribute.ts";
import { timeFormat } from "../format.ts";
import { changeRows, outcomeOf } from "../rows.ts";
import { linkable } from "../visible.ts";
import { type Column, type Table, tableOf, timeColumns, type Value } from "./table.ts";

/** An item as a row, with the outcome of every test that the table has a column for. */
interface ItemRow {
  readonly item: Item;
  /** Those whose observations stand in the row: the item's own, and of a change its commits' and first deployment's. */
  readonly tested: readonly Item[];
  readonly outcome: (attribute: string) => Outcome;
}

type Attributes = AssessmentResult["attributes"];

/**
 * A row per merged change and per commit that stands with none, with every attribute's outcome. Where a commit's arrival
 * is known as an interval only, `merged_at` is that interval (ISO 8601, `from/to`); its `author` is the account by which
 * the source knows git's author, and empty where it knows none. `classes` names what sets a change apart, blanks
 * between; `commits` counts the commits of the period that the row stands for.
 */
export function changesTable(result: AssessmentResult): Table {
  const rows = changeRows(result).map(({ item, commits, deployment, outcomes }) => ({
    item,
    tested: [item, ...commits, ...(deployment ? [deployment] : [])],
    outcome: (id: string) => outcomes.get(id) ?? "notApplicable",
    commits: item.subject === "commit" ? 1 : commits.length,
    deployment,
  }));
  type ChangeRow = (typeof rows)[number];
  const columns: readonly Column<ChangeRow>[] = [
    ...place,
    { name: "kind", head: "Kind", width: 9, value: ({ item }) => item.subject },
    { name: "number", head: "Number", width: 9, value: ({ item }) => item.number },
    { head: "Title", width: 48, value: ({ item }) => item.title },
    ...commit,
    ...at(result, { name: "merged_at", head: "On the branch" }),
    {
      name: "author",
      head: "Author",
      width: 26,
      value: ({ item }) => (item.subject === "commit" ? (item.account ?? null) : item.actor),
    },
    { name: "classes", head: "Classes", width: 18, value: ({ item }) => (item.classes ?? []).join(" ") },
    { head: "First deployment", width: 17, value: ({ deployment }) => deployment?.number ?? null },
    ...outcomes(result.attributes.filter(({ subject }) => subject !== "configuration")),
    { name: "commits", head: "Commits", width: 9, value: ({ commits }) => commits },
    ...findings(result),
  ];
  return tableOf(columns, rows);
}

/** A row per commit of the released branches, with the change that explains it. */
export function commitsTable(result: AssessmentResult): Table {
  const changes = new Map(
    result.population
      .filter(({ subject }) => subject === "change")
      .map((item) => [nameOf(item.system, item.key), item]),
  );
  const changeOf = ({ item }: ItemRow): Item | undefined =>
    item.link === null ? undefined : changes.get(nameOf(item.system, item.link));
  const columns: readonly Column<ItemRow>[] = [
    ...place,
    ...commit,
    { head: "Title", width: 48, value: ({ item }) => item.title },
    ...at(result, { name: "reached_at", head: "On the branch" }),
    { name: "author", head: "Author", width: 26, value: ({ item }) => item.account ?? null },
    { head: "Arrived by", width: 36, value: ({ item }) => item.actor },
    { name: "change", head: "Change", width: 9, value: (row) => changeOf(row)?.number ?? null },
    { name: "change_key", head: "Key of the change", width: 22, value: ({ item }) => item.link },
    ...outcomes(result.attributes.filter(({ subject }) => subject === "commit")),
    ...findings(result),
  ];
  return tableOf(columns, rowsOf(result, "commit"));
}

/** A row per production deployment, with every attribute's outcome. */
export function deploymentsTable(result: AssessmentResult): Table {
  const columns: readonly Column<ItemRow>[] = [
    ...place,
    { name: "id", head: "Number", width: 12, value: ({ item }) => item.number },
    { head: "Title", width: 40, value: ({ item }) => item.title },
    { name: "environment", head: "Environment", width: 16, value: ({ item }) => item.environment },
    ...commit,
    ...at(result, { name: "deployed_at", head: "Deployed" }),
    { name: "creator", head: "Deployed by", width: 26, value: ({ item }) => item.actor },
    ...outcomes(result.attributes.filter(({ subject }) => subject !== "configuration")),
    ...findings(result),
  ];
  return tableOf(columns, rowsOf(result, "deployment"));
}

/**
 * A row per tested setting of a released branch. `tests` counts those it was put to, whatever they gave, and `tested_by`
 * names the controls that count them.
 */
export function settingsTable(result: AssessmentResult): Table {
  const applied = ({ observations }: Item): readonly string[] =>
    observations.filter(({ outcome }) => outcome !== "notApplicable").map(({ attribute }) => attribute);
  const counting = ({ attributes }: AssessmentResult["controls"][number], item: Item): boolean =>
    applied(item).some((id) => attributes.includes(id));
  const columns: readonly Column<ItemRow>[] = [
    ...place,
    { name: "setting", head: "Setting", width: 24, value: ({ item }) => item.label },
    ...outcomes(result.attributes.filter(({ subject }) => subject === "configuration")),
    { name: "tests", head: "Tests", width: 8, value: ({ item }) => applied(item).length },
    {
      name: "tested_by",
      head: "Tested by",
      width: 16,
      value: ({ item }) =>
        joined(
          result.controls.filter((control) => counting(control, item)).map(({ id }) => id),
          " ",
        ),
    },
    {
      name: "found",
      head: "What was found",
      width: 70,
      value: ({ item }) => item.observations.map(({ message }) => message).join(" | "),
    },
    ...references(result),
  ];
  return tableOf(columns, rowsOf(result, "configuration"));
}

const place: readonly Column<ItemRow>[] = [
  { name: "system", head: "System", width: 14, value: ({ item }) => item.system },
  { head: "Team", width: 12, value: ({ item }) => item.team },
  { name: "repository", head: "Repository", width: 22, value: ({ item }) => item.repository },
];

const commit: readonly Column<ItemRow>[] = [
  { name: "commit", head: "Commit", width: 12, value: ({ item }) => item.commit },
];

const at = (result: AssessmentResult, heads: { readonly name: string; readonly head: string }) =>
  timeColumns<ItemRow>(heads, zoneOf(result), ({ item }) => item);

const outcomes = (attributes: Attributes): readonly Column<ItemRow>[] =>
  attributes.map(({ id, letter }) => ({
    name: id,
    head: `${letter} ${id}`,
    width: 14,
    value: ({ outcome }) => outcome(id),
  }));

/** What failed or stayed open, and where to look it up. */
const findings = (result: AssessmentResult): readonly Column<ItemRow>[] => [
  {
    head: "What failed or is not verifiable",
    width: 60,
    value: ({ tested }) =>
      joined(
        tested.flatMap(({ observations }) =>
          observations
            .filter(({ outcome }) => outcome === "fail" || outcome === "notVerifiable")
            .map(({ message }) => message),
        ),
        " | ",
      ),
  },
  ...references(result),
];

function references({ exceptions }: AssessmentResult): readonly Column<ItemRow>[] {
  const told = Map.groupBy(exceptions, ({ system, item }) => nameOf(system, item));
  return [
    {
      head: "Exceptions",
      width: 17,
      value: ({ tested }) =>
        joined(
          tested.flatMap(({ system, key }) => told.get(nameOf(system, key))?.map(({ id }) => id) ?? []),
          " ",
        ),
    },
    { head: "Record", width: 9, value: ({ item: { record } }) => record && `r${record}` },
    { head: "Address", width: 40, value: ({ item }) => linkable(item.url) },
  ];
}

function rowsOf({ population }: AssessmentResult, subject: Item["subject"]): readonly ItemRow[] {
  return population
    .filter((item) => item.subject === subject)
    .map((item) => ({ item, tested: [item], outcome: (id) => outcomeOf(id, item) ?? "notApplicable" }));
}

const joined = (parts: readonly string[], mark: string): Value => [...new Set(parts)].join(mark);
const nameOf = (system: string, key: string): string => JSON.stringify([system, key]);

/** The zone in which a pack shows its times. */
export const zoneOf = ({ organisation: { timezone } }: AssessmentResult) => ({
  time: timeFormat(timezone),
  zone: timezone,
});
