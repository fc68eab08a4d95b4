import type { AssessmentResult, Item } from "../model/assessment.ts";
import { canonicalJson } from "../util/canonical-json.ts";

/** Where an assessment differs from what the records give, a sentence each: items by attribute first, then every other part by its name. */
export function assessmentDifferences(pack: AssessmentResult, derived: AssessmentResult): readonly string[] {
  const items = itemDifferences(pack, derived);
  const [stated, given]: readonly Readonly<Record<string, unknown>>[] = [pack, derived];
  const parts = [...new Set([...Object.keys(pack), ...Object.keys(derived)])]
    .filter((name) => name !== "population" || items.length === 0)
    .sort()
    .flatMap((name) => partDifference(name, stated?.[name], given?.[name]));
  return [...items, ...parts];
}

const nameOf = ({ system, subject, repository, label }: Item): string => `${system}, ${subject} ${repository} ${label}`;

function itemDifferences(pack: AssessmentResult, derived: AssessmentResult): readonly string[] {
  const keyOf = ({ system, subject, key }: Item): string => `${system}|${subject}|${key}`;
  const stated = new Map(pack.population.map((item) => [keyOf(item), item]));
  const given = new Map(derived.population.map((item) => [keyOf(item), item]));
  return [
    ...[...stated].flatMap(([key, item]) => {
      const other = given.get(key);
      return other ? itemDifference(item, other) : [`${nameOf(item)}: is not in what the records give`];
    }),
    ...[...given].flatMap(([key, item]) => (stated.has(key) ? [] : [`${nameOf(item)}: is missing in the pack`])),
  ];
}

function itemDifference(item: Item, derived: Item): readonly string[] {
  if (canonicalJson(item) === canonicalJson(derived)) return [];
  const found = new Map(derived.observations.map((observation) => [observation.attribute, observation]));
  const observations = item.observations.flatMap((observation) => {
    const other = found.get(observation.attribute);
    if (!other) return [`${nameOf(item)}: ${observation.attribute} is ${observation.outcome}, and is not tested anew`];
    if (observation.outcome !== other.outcome)
      return [`${nameOf(item)}: ${observation.attribute} is ${observation.outcome}, the records give ${other.outcome}`];
    return canonicalJson(observation) === canonicalJson(other)
      ? []
      : [`${nameOf(item)}: ${observation.attribute} is ${other.outcome} in both, with another message or evidence`];
  });
  if (observations.length > 0) return observations;
  const fields = Object.keys({ ...item, ...derived }).filter(
    (name) => canonicalJson(item[name as keyof Item] ?? null) !== canonicalJson(derived[name as keyof Item] ?? null),
  );
  return [`${nameOf(item)}: other in ${fields.join(", ")}`];
}

function partDifference(name: string, pack: unknown, derived: unknown): readonly string[] {
  if (canonicalJson(pack ?? null) === canonicalJson(derived ?? null)) return [];
  if (!Array.isArray(pack) || !Array.isArray(derived)) return [`${name}: other than the records give`];
  if (pack.length !== derived.length)
    return [`${name}: ${pack.length} in the pack, the records give ${derived.length}`];
  const index = pack.findIndex((item, at) => canonicalJson(item) !== canonicalJson(derived[at]));
  const { id } = (pack[index] ?? {}) as { readonly id?: string };
  return [`${name}: other than the records give${id === undefined ? `, first at ${index + 1}` : `, first ${id}`}`];
}
