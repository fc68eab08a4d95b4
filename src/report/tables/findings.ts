import {
  type AssessedObservation,
  type AssessmentResult,
  type Bypass,
  type Exception,
  type Item,
  type Response,
  systemsOf,
} from "../../model/assessment.ts";
import { bypassAnswers, bypassExceptions } from "../bypass-answers.ts";
import { responseOf, standOf } from "../stand.ts";
import { linkable } from "../visible.ts";
import { zoneOf } from "./items.ts";
import { type Column, type Table, tableOf, timeColumns } from "./table.ts";

/** A row per exception, waived ones and those that only follow from another included. */
export function exceptionsTable(result: AssessmentResult): Table {
  const letters = new Map(result.attributes.map(({ id, letter }) => [id, letter]));
  const causes = new Map((result.causes ?? []).map(({ id, title }) => [id, title]));
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
    { name: "cause", head: "Cause group", width: 24, value: ({ cause }) => cause ?? null },
    {
      head: "Cause group in words",
      width: 40,
      value: ({ cause }) => (cause === undefined ? null : (causes.get(cause) ?? null)),
    },
    { name: "follows", head: "Follows from", width: 17, value: ({ follows }) => follows.join(" ") },
    { name: "waiver", head: "Waiver", width: 10, value: ({ waiver }) => waiver },
    { name: "remediation", head: "What mends it", width: 50, value: ({ remediation }) => remediation },
    ...answerColumns(result),
    { name: "records", head: "Records", width: 16, value: ({ evidence }) => references(evidence) },
    { head: "Address", width: 40, value: ({ url }) => linkable(url) },
  ];
  return tableOf(columns, result.exceptions);
}

/** Management's word on an exception, as recorded; empty where nobody answered. */
function answerColumns(result: AssessmentResult): readonly Column<Exception>[] {
  const said = (name: string, head: string, width: number, of: (answer: Response) => string | undefined) => ({
    name,
    head,
    width,
    value: (exception: Exception) => {
      const answer = responseOf(result, exception);
      return answer ? (of(answer) ?? null) : null;
    },
  });
  return [
    { name: "stand", head: "Stands", width: 13, value: (exception) => standOf(result, exception) },
    said("answer", "Management's answer", 18, ({ id }) => id),
    said("owner", "Owner", 18, ({ owner }) => owner),
    said("answer_cause", "Cause, by management", 40, ({ cause }) => cause),
    said("impact", "Impact", 40, ({ impact }) => impact),
    said("compensation", "What covered it", 40, ({ compensation }) => compensation),
    said("answer_remediation", "What management does", 40, ({ remediation }) => remediation),
    said("due", "Due", 11, ({ due }) => due),
    said("done", "Done", 11, ({ done }) => done),
    said("answered_at", "Answer recorded (UTC)", 21, ({ recordedAt }) => recordedAt),
  ];
}

/** A row per test of an item that the evidence does not decide, with the reason. */
export function notVerifiableTable(result: AssessmentResult): Table {
  type Open = { readonly item: Item; readonly observation: AssessedObservation };
  const letters = new Map(result.attributes.map(({ id, letter }) => [id, letter]));
  const columns: readonly Column<Open>[] = [
    { name: "system", head: "System", width: 14, value: ({ item }) => item.system },
    { name: "repository", head: "Repository", width: 22, value: ({ item }) => item.repository },
    { name: "kind", head: "Kind", width: 13, value: ({ item }) => item.subject },
    { name: "item", head: "Item", width: 14, value: ({ item }) => item.label },
    ...timeColumns<Open>({ name: "at", head: "When" }, zoneOf(result), ({ item }) => item),
    { head: "Test", width: 6, value: ({ observation }) => letters.get(observation.attribute) ?? null },
    { name: "test", head: "Test by name", width: 30, value: ({ observation }) => observation.attribute },
    { name: "why", head: "Why it cannot be said", width: 80, value: ({ observation }) => observation.message },
    ...timeColumns<Open>({ name: "due", head: "Due" }, zoneOf(result), ({ observation: { due } }) =>
      due === undefined ? null : { at: due },
    ),
    { name: "record", head: "Record", width: 9, value: ({ item: { record } }) => record && `r${record}` },
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

/** A row per bypass of a released branch's rules; `audit_log` is `held`, `absent` or `notObserved`. */
export function bypassesTable(result: AssessmentResult): Table {
  const byItem = Map.groupBy(result.exceptions, ({ item }) => item);
  const answersTo = (bypass: Bypass): string =>
    bypassAnswers(
      result,
      bypassExceptions((key) => byItem.get(key) ?? [], bypass),
    )
      .map(({ disposition, exception }) => `${disposition}, see ${exception} (its word)`)
      .join(" | ");
  const columns: readonly Column<Bypass>[] = [
    { name: "id", head: "Bypass", width: 17, value: ({ id }) => id },
    { name: "system", head: "System", width: 14, value: (bypass) => systemsOf(bypass).join(" ") },
    { name: "repository", head: "Repository", width: 22, value: ({ repository }) => repository },
    { name: "branch", head: "Branch", width: 12, value: ({ branch }) => branch },
    ...timeColumns<Bypass>({ name: "at", head: "When" }, zoneOf(result), (bypass) => bypass),
    { name: "kind", head: "Kind", width: 9, value: ({ kind }) => kind },
    { name: "item", head: "Item", width: 14, value: ({ label }) => label },
    { name: "actor", head: "By", width: 26, value: ({ actor }) => actor },
    { name: "shown_by", head: "Shown by", width: 22, value: ({ shownBy }) => shownBy.join(" ") },
    {
      name: "rules_not_met",
      head: "Rules not met",
      width: 30,
      value: ({ unmet }) => unmet?.join(", ") ?? "not named by the source",
    },
    { name: "what", head: "What happened", width: 60, value: ({ text }) => text },
    { name: "reason", head: "Reason on the change", width: 40, value: ({ reason }) => reason?.text ?? null },
    { name: "review", head: "Review afterwards", width: 40, value: ({ review }) => review.text },
    { head: "Management's answer", width: 40, value: (bypass) => answersTo(bypass) },
    { name: "control", head: "Counted by control", width: 14, value: ({ control }) => control },
    { name: "outcome", head: "Outcome there", width: 14, value: ({ outcome }) => outcome },
    { name: "audit_log", head: "In the audit log", width: 13, value: ({ logged }) => logged ?? null },
    { name: "records", head: "Records", width: 16, value: ({ evidence }) => references(evidence) },
  ];
  return tableOf(columns, result.bypasses.entries);
}

/** `r12 r40`. */
const references = (ids: readonly number[]): string => ids.map((id) => `r${id}`).join(" ");
