import type { AssessedObservation, AssessmentResult, ControlAssessment, Exception, Item } from "../model/assessment.ts";
import { recordsNamed } from "../model/assessment.ts";
import { sha256Hex } from "../util/hash.ts";
import { controlAnchor, type Reference, recordAnchor } from "./anchors.ts";
import { type CsvFile, csvFiles } from "./csv.ts";
import type { TimeFormat } from "./format.ts";
import { timeFormat } from "./format.ts";
import { limits } from "./limits.ts";
import { listed, type NamedFile } from "./listed.ts";
import { type Printed, printedOf } from "./printed.ts";
import { presentable } from "./visible.ts";

/** `r123`; the anchor is null where the appendix does not list the record. */
export interface RecordReference {
  readonly text: string;
  readonly anchor: string | null;
}

type Observed = AssessedObservation & { readonly exception: Exception | undefined };

/** The result made presentable, with the indexes all views share; no view reads the raw result. */
export interface Pack {
  readonly result: AssessmentResult;
  readonly time: TimeFormat;
  readonly items: ReadonlyMap<string, Item>;
  /** An item as judged for this system: systems of one repository share its changes and deployments. */
  readonly itemOf: (system: string, key: string | null) => Item | undefined;
  readonly attributes: ReadonlyMap<string, AssessmentResult["attributes"][number]>;
  readonly controls: ReadonlyMap<string, ControlAssessment>;
  /** The exceptions of one item, by its key. */
  readonly exceptionsOf: (key: string) => readonly Exception[];
  /** An item's observations, each with the exception that tells it. */
  readonly observations: (item: Item) => readonly Observed[];
  readonly exceptionRef: (id: string) => Reference;
  readonly controlRef: (id: string) => Reference;
  /** What is printed of the long listings. */
  readonly printed: Printed;
  /** A CSV file of the pack as a listing that leaves rows out names it. */
  readonly file: (name: string) => NamedFile;
  /** References to records; those the appendix lists can be followed. */
  readonly records: (ids: readonly number[]) => readonly RecordReference[];
  /** The records that the appendix lists: those that the document names, up to its limit. */
  readonly cited: ReadonlySet<number>;
  /** All records that the document names. */
  readonly named: ReadonlySet<number>;
}

/** Prepares a result for the views. */
export function openPack(raw: AssessmentResult, tables?: ReadonlyMap<string, CsvFile>): Pack {
  const time = timeFormat(raw.organisation.timezone);
  const result = inZone(presentable(raw), time);
  const controls = new Map(result.controls.map((control) => [control.id, control]));
  const byItem = Map.groupBy(result.exceptions, (exception) => exception.item);
  const exceptionsOf = (key: string): readonly Exception[] => byItem.get(key) ?? [];
  const printed = printedOf(result);
  const { cited, named } = citedRecords(result, printed);
  const nameOf = (system: string, key: string): string => JSON.stringify([system, key]);
  const judged = new Map(result.population.map((item) => [nameOf(item.system, item.key), item]));
  return {
    result,
    time,
    items: new Map(result.population.map((item) => [item.key, item])),
    itemOf: (system, key) => (key === null ? undefined : judged.get(nameOf(system, key))),
    attributes: new Map(result.attributes.map((attribute) => [attribute.id, attribute])),
    controls,
    exceptionsOf,
    observations: (item) =>
      item.observations.map((observation) => ({
        ...observation,
        exception: exceptionsOf(item.key).find((exception) => exception.attributes.includes(observation.attribute)),
      })),
    exceptionRef: (id) => ({ text: id, anchor: printed.placeOfException(id) }),
    controlRef: (id) => ({ text: controls.get(id)?.own?.id ?? id, anchor: controlAnchor(id) }),
    records: (ids) =>
      [...new Set(ids)]
        .sort((a, b) => a - b)
        .map((id) => ({ text: `r${id}`, anchor: cited.has(id) ? recordAnchor(id) : null })),
    cited,
    named,
    printed,
    file: filesOf(() => tables ?? csvFiles(raw)),
  };
}

/** Each digest is taken once, of the files that are asked for. */
function filesOf(tables: () => ReadonlyMap<string, CsvFile>): Pack["file"] {
  let all: ReadonlyMap<string, CsvFile> | undefined;
  const known = new Map<string, NamedFile>();
  return (name) => {
    const before = known.get(name);
    if (before) return before;
    all ??= tables();
    const found = all.get(name);
    if (!found) throw new Error(`the pack has no ${name}`);
    const file = { name, rows: found.rows, digest: sha256Hex(found.text) };
    known.set(name, file);
    return file;
  };
}

/** The sentences that judging wrote, their instants in the pack's zone like every other time in it. */
function inZone(result: AssessmentResult, { inText }: TimeFormat): AssessmentResult {
  // By far the most sentences, and most name no time.
  const told = (observation: AssessedObservation): AssessedObservation => {
    const message = inText(observation.message);
    return message === observation.message ? observation : { ...observation, message };
  };
  return {
    ...result,
    population: result.population.map((item) => ({ ...item, observations: item.observations.map(told) })),
    exceptions: result.exceptions.map((exception) => ({
      ...exception,
      messages: exception.messages.map(inText),
      story: exception.story.map((entry) => ({ ...entry, text: inText(entry.text) })),
    })),
    continuity: result.continuity.map((branch) => ({
      ...branch,
      intervals: branch.intervals.map((interval) => ({ ...interval, rules: inText(interval.rules) })),
      ...(branch.events ? { events: branch.events.map((event) => ({ ...event, text: inText(event.text) })) } : {}),
    })),
    bypasses: {
      entries: result.bypasses.entries.map((entry) => ({
        ...entry,
        text: inText(entry.text),
        reason: entry.reason && { ...entry.reason, text: inText(entry.reason.text) },
        review: { ...entry.review, text: inText(entry.review.text) },
      })),
      observed: result.bypasses.observed,
      ...(result.bypasses.overrides ? { overrides: result.bypasses.overrides } : {}),
    },
    alerts: result.alerts.map((row) => ({ ...row, gap: row.gap && inText(row.gap) })),
    controls: result.controls.map((control) => ({
      ...control,
      incomplete: control.incomplete.map((gap) => ({ ...gap, reason: inText(gap.reason) })),
    })),
  };
}

/** The records that the document names, but those that only assessment.json does; where they are many, the appendix lists what is named elsewhere before what a row of the population names. */
function citedRecords(result: AssessmentResult, printed: Printed): Pick<Pack, "cited" | "named"> {
  const { reconciliation, continuity, population, coverage, provenance, controls } = result;
  const { told: whole, brief, followers, changes, deployments } = printed;
  const told = [
    ...[...whole, ...brief, ...followers].flatMap(({ evidence }) => evidence),
    ...whole.flatMap(({ story }) => story.map(({ record }) => record)),
  ];
  const settings = population.filter(({ subject }) => subject === "configuration");
  const rules = continuity.flatMap(({ intervals, events = [] }) =>
    [...intervals, ...events].map(({ record }) => record),
  );
  const bypasses = result.bypasses.entries.flatMap(({ evidence, reason, review }) => [
    ...evidence,
    reason?.record ?? null,
    review.record,
  ]);
  const overrides = (result.bypasses.overrides ?? []).map(({ record }) => record);
  const rights = result.access.flatMap(({ rights: own, bypass, environments }) => [
    own?.record ?? null,
    bypass?.record ?? null,
    ...environments.map(({ record }) => record),
  ]);
  const items = [...changes.map(({ item }) => item), ...deployments].map(({ record }) => record);
  const sentences = [
    ...coverage.flatMap(({ intervals }) => intervals.map(({ reason }) => reason ?? "")),
    ...controls.flatMap(({ incomplete }) => incomplete.map(({ reason }) => reason)),
    ...population.flatMap(({ observations }) => observations.map(({ message }) => message)),
  ];
  const all = [
    ...told,
    ...sentences.flatMap(recordsNamed),
    provenance.configuration ?? null,
    ...reconciliation.unmatched.map(({ record }) => record),
    ...(reconciliation.promotions ?? []).map(({ record }) => record),
    ...(reconciliation.elsewhere ?? []).map(({ record }) => record),
    ...rules,
    ...bypasses,
    ...overrides,
    ...rights,
    ...(result.delivery?.incidents?.items ?? []).map(({ record }) => record),
    ...(result.responses ?? []).flatMap(({ record, earlier = [] }) => [record, ...earlier.map((one) => one.record)]),
    ...(result.attestations ?? []).flatMap(({ record, withdrawn, earlier = [] }) => [
      record,
      withdrawn?.record ?? null,
      ...earlier.map((one) => one.record),
    ]),
    ...(result.reReviews ?? []).flatMap(({ record, items }) => [
      record,
      ...items.map(({ review }) => review?.record ?? null),
    ]),
    ...(result.packs ?? []).map(({ record }) => record),
    ...(result.restatements ?? []).flatMap(({ settings, differences }) =>
      [...settings, ...differences.flatMap(({ reasons }) => reasons)].map(({ record }) => record),
    ),
    ...result.movedTags.flatMap(({ sightings }) => sightings.map(({ record }) => record)),
    ...settings.flatMap(({ record, observations }) => [record, ...observations.flatMap(({ evidence }) => evidence)]),
  ];
  const first = new Set(all.filter((id) => id !== null));
  const named = new Set([...first, ...items.filter((id) => id !== null)]);
  const cited = new Set(listed([...named], limits.records, (id) => (first.has(id) ? 0 : 1)));
  return { cited, named };
}
