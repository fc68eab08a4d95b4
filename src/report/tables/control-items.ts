import type { AssessedObservation, AssessmentResult, ControlAssessment, Item } from "../../model/assessment.ts";
import { subjectOfPopulation } from "../../model/control.ts";
import { linkable } from "../visible.ts";
import { zoneOf } from "./items.ts";
import { type Column, type Table, tableOf, timeColumns } from "./table.ts";

type Word = "pass" | "fail" | "waived" | "notVerifiable" | "notApplicable";

/** A row per item that a control counts, with what its tests say together and each by itself. */
export function controlItemsTable(result: AssessmentResult, control: ControlAssessment): Table {
  const columns: readonly Column<Item>[] = [
    ...itemColumns(result),
    { name: "outcome", head: "Outcome", width: 14, value: (item) => outcomeOf(testsOf(control, item)) },
    ...control.attributes.map((id) => ({
      name: id,
      head: id,
      width: 14,
      value: (item: Item) => item.observations.find(({ attribute }) => attribute === id)?.outcome ?? "notApplicable",
    })),
    {
      name: "messages",
      head: "What was found",
      width: 70,
      value: (item) =>
        testsOf(control, item)
          .map(({ message }) => message)
          .join(" | "),
    },
    { name: "url", head: "Address", width: 40, value: ({ url }) => linkable(url) },
  ];
  return tableOf(columns, itemsOf(result, control));
}

/** A row per record that a control's tests rest on, with the first item that refers to it. */
export function controlEvidenceTable(result: AssessmentResult, control: ControlAssessment): Table {
  type Row = { readonly item: Item; readonly record: AssessmentResult["records"][number] };
  const cited = new Map<number, Item>();
  for (const item of itemsOf(result, control)) {
    for (const id of [
      ...(item.record === null ? [] : [item.record]),
      ...testsOf(control, item).flatMap((one) => one.evidence),
    ])
      if (!cited.has(id)) cited.set(id, item);
  }
  const rows = result.records.flatMap((record): Row[] => {
    const item = cited.get(record.id);
    return item ? [{ item, record }] : [];
  });
  const columns: readonly Column<Row>[] = [
    { name: "record", head: "Record", width: 9, value: ({ record }) => `r${record.id}` },
    { name: "leaf", head: "Leaf", width: 66, value: ({ record }) => record.leaf },
    { name: "kind", head: "Kind", width: 16, value: ({ record }) => record.kind },
    { name: "external_id", head: "Id at the source", width: 40, value: ({ record }) => record.externalId },
    { name: "stream", head: "Stream", width: 40, value: ({ record }) => record.stream },
    { name: "fetched_at", head: "Fetched", width: 21, value: ({ record }) => record.fetchedAt },
    { name: "system", head: "System", width: 14, value: ({ item }) => item.system },
    { name: "item", head: "Item", width: 14, value: ({ item }) => item.label },
    { name: "url", head: "Address", width: 40, value: ({ item }) => linkable(item.url) },
  ];
  return tableOf(columns, rows);
}

const itemColumns = (result: AssessmentResult): readonly Column<Item>[] => [
  { name: "system", head: "System", width: 14, value: ({ system }) => system },
  { name: "team", head: "Team", width: 12, value: ({ team }) => team },
  { name: "repository", head: "Repository", width: 22, value: ({ repository }) => repository },
  { name: "item", head: "Item", width: 14, value: ({ label }) => label },
  { name: "commit", head: "Commit", width: 12, value: ({ commit }) => commit },
  ...timeColumns<Item>({ name: "at", head: "When" }, zoneOf(result), (item) => item),
  { name: "actor", head: "By", width: 26, value: ({ actor }) => actor },
  { name: "title", head: "Title", width: 48, value: ({ title }) => title },
];

const itemsOf = ({ population }: AssessmentResult, control: ControlAssessment): readonly Item[] =>
  population.filter(({ subject }) => subject === subjectOfPopulation[control.population]);

/** What the tests of a control found of an item. */
export const testsOf = ({ attributes }: ControlAssessment, { observations }: Item): readonly AssessedObservation[] =>
  observations.filter(({ attribute }) => attributes.includes(attribute));

/** As controls count an item: a failure that nobody accepted decides, then what cannot be verified, then an accepted failure. */
export function outcomeOf(observations: readonly AssessedObservation[]): Word {
  const has = (test: (one: AssessedObservation) => boolean): boolean => observations.some(test);
  if (has(({ outcome, waiver }) => outcome === "fail" && waiver === undefined)) return "fail";
  if (has(({ outcome }) => outcome === "notVerifiable")) return "notVerifiable";
  if (has(({ outcome }) => outcome === "fail")) return "waived";
  return has(({ outcome }) => outcome === "pass") ? "pass" : "notApplicable";
}
