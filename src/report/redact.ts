import type { z } from "zod";
import { type AssessmentResult, assessmentResultSchema } from "../model/assessment.ts";
import { partsKept, treatmentOf } from "./redact/fields.ts";
import { nameReplacer, type PersonalName } from "./redact/name-replacer.ts";
import { ordinaryWords } from "./redact/ordinary-words.ts";

export type { PersonalName } from "./redact/name-replacer.ts";

/** Replaces the names and addresses of persons in a text that stands beside the result, by the same pseudonyms. */
export type RedactText = (text: string) => string;

/**
 * The result for a redacted edition: every person's names, accounts and addresses replaced by `person-1`, `person-2` in
 * the order in which the population shows them, unknown addresses by `address-1`; outcomes, counts and ids are untouched.
 * Automations, systems, teams and the organisation keep their names. What the schema itself fixes is never replaced.
 */
export function redact(result: AssessmentResult, names: readonly PersonalName[]): AssessmentResult {
  return redaction(result, names).result;
}

/** As {@link redact}, with what redacts further texts of the same pack. */
export function redaction(
  result: AssessmentResult,
  names: readonly PersonalName[],
): { readonly result: AssessmentResult; readonly text: RedactText } {
  const persons = numbered("person", names);
  const addresses = numbered("address", names);
  const replaced = nameReplacer(names, ordinaryWords(result), { person: persons.of, address: addresses.of });
  const keys = uniqueKeys((key) => replaced(key, false));

  const text = (value: string, place: readonly string[], nullable: boolean): string | null => {
    const treatment = treatmentOf(place);
    if (treatment === "keep") return value;
    if (treatment === "key") return keys(value);
    const after = replaced(value, treatment !== "said");
    // An address with a name cut out of it leads nowhere.
    return treatment === "url" && after !== value ? (nullable ? null : "") : after;
  };

  const walk = (value: unknown, schema: z.ZodType | undefined, place: readonly string[], nullable = false): unknown => {
    const known = schema && unwrapped(schema);
    if (typeof value === "string")
      return !known || isFree(known.schema) ? text(value, place, nullable || known?.nullable === true) : value;
    if (Array.isArray(value)) {
      const after = value.map((one) => walk(one, known && elementOf(known.schema), place));
      return sorted(after, value, place);
    }
    if (value === null || typeof value !== "object") return value;
    if (place.join(".") === "identities" && (value as { kind?: unknown }).kind === "automation") return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        walk(one, known && fieldOf(known.schema, name), [...place, name]),
      ]),
    );
  };

  // The population first, which is in the order of time: numbers given in the order of a sorted list would tell names.
  const order = ["population", "exceptions", "bypasses", ...Object.keys(result)];
  const parts = new Map<string, unknown>();
  for (const name of order) {
    if (parts.has(name)) continue;
    const part = result[name as keyof AssessmentResult];
    const schema = assessmentResultSchema.shape[name as keyof AssessmentResult];
    parts.set(name, partsKept.has(name) ? part : walk(part, schema, [name]));
  }
  const redacted = Object.fromEntries(Object.keys(result).map((name) => [name, parts.get(name)])) as AssessmentResult;
  return {
    result: { ...redacted, redacted: { persons: persons.count(), addresses: addresses.count() } },
    text: (one) => replaced(one, false),
  };
}

/** Pseudonyms in the order in which they are asked for; none is a name that somebody bears. */
function numbered(word: string, names: readonly PersonalName[]) {
  const borne = new Set(names.map(({ text }) => text.toLowerCase()));
  const given = new Map<string, string>();
  let last = 0;
  return {
    of: (key: string): string => {
      const known = given.get(key);
      if (known !== undefined) return known;
      do last += 1;
      while (borne.has(`${word}-${last}`));
      given.set(key, `${word}-${last}`);
      return `${word}-${last}`;
    },
    count: (): number => given.size,
  };
}

/** Keys of items with the names in them replaced, two that become equal kept apart. */
function uniqueKeys(replace: (key: string) => string): (key: string) => string {
  const given = new Map<string, string>();
  const taken = new Set<string>();
  return (key) => {
    const known = given.get(key);
    if (known !== undefined) return known;
    const plain = replace(key);
    let unique = plain;
    for (let n = 2; taken.has(unique); n += 1) unique = `${plain}~${n}`;
    taken.add(unique);
    given.set(key, unique);
    return unique;
  };
}

/** Lists of names were in the order of the names. */
function sorted(after: readonly unknown[], before: readonly unknown[], place: readonly string[]): readonly unknown[] {
  const names = treatmentOf(place) === "source" && after.every((one) => typeof one === "string");
  if (!names || after.every((one, index) => one === before[index])) return after;
  return (after as string[]).toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

type Definition = {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly valueType?: z.ZodType;
  readonly checks?: readonly unknown[];
};

const definition = (schema: z.ZodType): Definition => schema.def as unknown as Definition;

function unwrapped(schema: z.ZodType): { readonly schema: z.ZodType; readonly nullable: boolean } {
  let inner = schema;
  let nullable = false;
  for (let next: z.ZodType | undefined = schema; next; next = definition(next).innerType) {
    inner = next;
    nullable ||= definition(next).type === "nullable";
  }
  return { schema: inner, nullable };
}

const elementOf = (schema: z.ZodType): z.ZodType | undefined => definition(schema).element;

function fieldOf(schema: z.ZodType, name: string): z.ZodType | undefined {
  const { shape, valueType } = definition(schema);
  return shape?.[name] ?? valueType;
}

/** Any text at all: no one of a list, no instant. */
function isFree(schema: z.ZodType): boolean {
  const { type, checks = [] } = definition(schema);
  return type === "unknown" || (type === "string" && checks.length === 0);
}
