import { stringify } from "csv-stringify/sync";
import type { AssessmentResult, Item } from "../../model/assessment.ts";
import { populationItems, type Sample, stratumOf } from "../../model/sample.ts";
import { safeCell } from "../csv.ts";
import { sortedJson } from "../json.ts";
import { openPack, type Pack } from "../pack.ts";
import { attributeRows } from "./attribute-rows.ts";
import { recipe } from "./recipe.ts";
import { stratumFile } from "./shell.ts";

/** sample.json: how the sample was taken, and of each item every outcome with message and evidence, its timeline and its records. */
export function sampleJson(result: AssessmentResult, sample: Sample): string {
  const pack = openPack(result);
  const { organisation, period, checkpoint, tool } = result;
  const records = new Map(result.records.map((record) => [record.id, record]));
  return sortedJson({
    schemaVersion: 1,
    name: sample.name,
    tool,
    organisation,
    period,
    checkpoint,
    pack: sample.pack,
    population: {
      of: sample.population,
      size: sample.keys.length,
      digest: sample.digest,
      fixed: sample.fixed,
    },
    selection: { ...sample.selection, recipe: recipe(sample) },
    items: judgedItems(pack, sample).map(({ item, sampled }) => {
      const attributes = attributeRows(pack, item);
      const ids = new Set([item.record, ...attributes.flatMap(({ evidence }) => evidence)]);
      return {
        key: item.key,
        system: item.system,
        team: item.team,
        repository: item.repository,
        label: item.label,
        title: item.title,
        url: item.url,
        number: item.number,
        commit: item.commit,
        at: item.at,
        notBefore: item.notBefore ?? null,
        actor: item.actor,
        classes: item.classes ?? [],
        attributes,
        exceptions: pack
          .exceptionsOf(item.key)
          .filter(({ system }) => system === item.system)
          .map(({ id }) => id),
        timeline: sampled.events,
        records: [...ids]
          .flatMap((id) => (id === null ? [] : (records.get(id) ?? [])))
          .sort((a, b) => a.id - b.id)
          .map((record) => ({ ...record, position: sampled.places.get(record.id) ?? null })),
      };
    }),
  });
}

/** sample.csv: a row per sampled item with the outcome of every attribute, and columns left to the auditor. */
export function sampleCsv(result: AssessmentResult, sample: Sample): string {
  const pack = openPack(result);
  const rows = judgedItems(pack, sample).map(({ item }) => ({ item, attributes: attributeRows(pack, item) }));
  const columns = result.attributes
    .map(({ id, letter }) => ({ id, letter }))
    .filter(({ id }) => rows.some(({ attributes }) => attributes.some((row) => row.id === id)))
    .sort((a, b) => (a.letter < b.letter ? -1 : 1));
  const head = ["no", "key", "system", "repository", "item", "title", "commit", "at", "actor", "url"];
  const own = ["exceptions", "tick", "initials", "date", "remark"];
  const lines = rows.map(({ item, attributes }, index) => [
    String(index + 1),
    item.key,
    item.system,
    item.repository,
    item.label,
    item.title,
    item.commit ?? "",
    item.notBefore === undefined ? item.at : `${item.notBefore}/${item.at}`,
    item.actor,
    item.url ?? "",
    ...columns.map(({ id }) => attributes.find((row) => row.id === id)?.outcome ?? ""),
    pack
      .exceptionsOf(item.key)
      .filter(({ system }) => system === item.system)
      .map(({ id }) => id)
      .join(" "),
    "",
    "",
    "",
    "",
  ]);
  const header = [...head, ...columns.map(({ id, letter }) => `${letter} ${id}`), ...own];
  return stringify([header, ...lines.map((line) => line.map(safeCell))], { record_delimiter: "\n" });
}

/** The keys that were drawn from, one a line: their SHA-256 is the population's digest; beside them those of each stratum. */
export function keyFiles(
  result: AssessmentResult,
  { keys, population, selection }: Sample,
): ReadonlyMap<string, string> {
  const text = (some: readonly string[]): string => some.map((key) => `${key}\n`).join("");
  const files = new Map([["population.txt", text(keys)]]);
  if (selection.by !== "draw" || selection.strataBy === null) return files;
  const { strataBy } = selection;
  const items = populationItems(result, population);
  for (const [name, own] of Map.groupBy(keys, (key) => stratumOf(items.get(key)?.[0] as Item, strataBy)))
    files.set(stratumFile(name), text(own));
  return files;
}

function judgedItems(pack: Pack, sample: Sample) {
  return sample.items.flatMap((sampled) => {
    const item = pack.itemOf(sampled.system, sampled.key);
    return item ? [{ item, sampled }] : [];
  });
}
