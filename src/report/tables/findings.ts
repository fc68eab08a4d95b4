import type { AssessedObservation, AssessmentResult, Bypass, Exception, Item } from "../../model/assessment.ts";
import { linkable } from "../visible.ts";
import { zoneOf } from "./items.ts";
import { type Column, type Table, tableOf, timeColumns } from "./table.ts";

/** A row per exception, waived ones and those that only follow from another included. */
export function exceptionsTable(result: AssessmentResult): Table {
  const letters = new Map(result.attributes.map(({ id, letter }) => [id, letter]));
  const columns: readonly Column<Exception>[] = [
    { name: "id", head: "Exception", width: 17, value: ({ id }) => id },
    { name: "system", head: "System", width: 14, value: ({ system }) => system },
    { name: "team", head: "Team", width: 12, value: ({ team }) => team },
    { name: "kind", head: "Kind", width: 13, value: ({ subject }) => subject },
    { name: "item", head: "Item", width: 14, value: ({ label }) => label },
    { name: "title", head: "Title", width: 40, value: ({ title }) => title },
    ...timeColumns<Exception>({ name: "at", head: "When" }, zoneOf(result), (exception) => exception),
    { name: "actor", head: "By", width: 26, value: ({ actor }) => actor },
    { head: "Tests", width: 8, value: ({ attributes }) => attributes.map((id) => letters.get(id) ?? id).join(" ") },
    { name: "tests", head: "Failed tests", width: 34, value: ({ attributes }) => attributes.join(" ") },
    { name: "controls", head: "Controls", width: 16, value: ({ controls }) => controls.join(" ") },
    { name: "messages", head: "What was found", width: 70, value: ({ messages }) => messages.join(" | ") },
    { name: "follows", head: "Follows from", width: 17, value: ({ follows }) => follows.join(" ") },
    { name: "waiver", head: "Waiver", width: 10, value: ({ waiver }) => waiver },
    { name: "remediation", head: "What mends it", width: 50, value: ({ remediation }) => remediation },
    { name: "records", head: "Records", width: 16, value: ({ evidence }) => references(evidence) },
    { head: "Address", width: 40, value: ({ url }) => linkable(url) },
  ];
  return tableOf(columns, result.exceptions);
}

/** A row per test of an item that the evidence does not decide, with the reason. */
export function notVerifiableTable(result: AssessmentResult): Table {
  type Open = { readonly item: Item; readonly observation: AssessedObservation };
  const letters = new Map(result.attributes.map(({ id, letter }) => [id, letter]));
  const columns: readonly Column<Open>[] = [
    { head: "System", width: 14, value: ({ item }) => item.system },
    { head: "Repository", width: 22, value: ({ item }) => item.repository },
    { head: "Kind", width: 13, value: ({ item }) => item.subject },
    { head: "Item", width: 14, value: ({ item }) => item.label },
    ...timeColumns<Open>({ head: "When" }, zoneOf(result), ({ item }) => item),
    { head: "Test", width: 6, value: ({ observation }) => letters.get(observation.attribute) ?? null },
    { head: "Test by name", width: 30, value: ({ observation }) => observation.attribute },
    { head: "Why it cannot be said", width: 80, value: ({ observation }) => observation.message },
    ...timeColumns<Open>({ head: "Due" }, zoneOf(result), ({ observation: { due } }) =>
      due === undefined ? null : { at: due },
    ),
    { head: "Record", width: 9, value: ({ item: { record } }) => record && `r${record}` },
  ];
  return tableOf(
    columns,
    result.population.flatMap((item) =>
      item.observations
        .filter(({ outcome }) => outcome === "notVerifiable")
        .map((observation) => ({ item, observation })),
    ),
  );
}

/** A row per bypass of a released branch's rules. */
export function bypassesTable(result: AssessmentResult): Table {
  const columns: readonly Column<Bypass>[] = [
    { head: "Bypass", width: 17, value: ({ id }) => id },
    { head: "System", width: 14, value: ({ system }) => system },
    { head: "Repository", width: 22, value: ({ repository }) => repository },
    { head: "Branch", width: 12, value: ({ branch }) => branch },
    ...timeColumns<Bypass>({ head: "When" }, zoneOf(result), (bypass) => bypass),
    { head: "Kind", width: 9, value: ({ kind }) => kind },
    { head: "Item", width: 14, value: ({ label }) => label },
    { head: "By", width: 26, value: ({ actor }) => actor },
    { head: "Shown by", width: 22, value: ({ shownBy }) => shownBy.join(" ") },
    { head: "Rules not met", width: 30, value: ({ unmet }) => unmet?.join(", ") ?? "not named by the source" },
    { head: "What happened", width: 60, value: ({ text }) => text },
    { head: "Reason given", width: 40, value: ({ reason }) => reason?.text ?? null },
    { head: "Review afterwards", width: 40, value: ({ review }) => review.text },
    { head: "Counted by control", width: 14, value: ({ control }) => control },
    { head: "Outcome there", width: 14, value: ({ outcome }) => outcome },
    { head: "Records", width: 16, value: ({ evidence }) => references(evidence) },
  ];
  return tableOf(columns, result.bypasses.entries);
}

/** `r12 r40`. */
const references = (ids: readonly number[]): string => ids.map((id) => `r${id}`).join(" ");
