import { CsvError, parse } from "csv-parse/sync";
import type { AssessmentResult, Item } from "../model/assessment.ts";
import { type SamplePopulation, samplePopulations } from "../model/sample.ts";
import { ConfigError } from "../util/errors.ts";

/** What an auditor's own list came to. */
export interface ChosenItems {
  readonly population: SamplePopulation;
  /** In the order of the list, each once. */
  readonly keys: readonly string[];
  /** How many lines named something. */
  readonly given: number;
  readonly unresolved: readonly { readonly given: string; readonly reason: string }[];
}

/**
 * Finds the items that a list names: change numbers, commits, addresses, deployment numbers or keys, one a line or the
 * first column of a CSV file, a heading without a digit left out. What is found nowhere, or in several places, is named.
 * Throws ConfigError where nothing is found.
 */
export function chosenItems(
  text: string,
  result: AssessmentResult,
  { file, population }: { readonly file: string; readonly population: SamplePopulation },
): ChosenItems {
  const given = linesIn(text, file);
  const items = result.population.filter(({ subject }) => subject === samplePopulations[population]);
  const names = new Map(
    result.scope.systems.flatMap(({ repositories }) => repositories.map(({ key, name }) => [key, name] as const)),
  );
  const keys = new Set<string>();
  const unresolved: { given: string; reason: string }[] = [];
  for (const name of given) {
    const found = [
      ...new Map(items.filter((item) => isNamed(item, name, names)).map((item) => [item.key, item])).values(),
    ];
    const [only] = found;
    if (only && found.length === 1) keys.add(only.key);
    else unresolved.push({ given: name, reason: reasonOf(name, found, { result, population, names }) });
  }
  if (keys.size === 0)
    throw new ConfigError(
      `${file} names no ${samplePopulations[population]} of ${result.period.id}${unresolved.length === 0 ? "" : `:\n${unresolved.map((one) => `${one.given}: ${one.reason}`).join("\n")}`}`,
      {
        hint: "Write change numbers, commits, addresses or deployment numbers, one a line; --population says of which.",
      },
    );
  return { population, keys: [...keys], given: given.length, unresolved };
}

function linesIn(text: string, file: string): readonly string[] {
  try {
    const rows = parse(text, {
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
      delimiter: [",", ";", "\t"],
      trim: true,
    }) as readonly (readonly string[])[];
    const first = rows.map(([cell = ""]) => cell).filter((cell) => cell !== "");
    return [...new Set(/\d/.test(first[0] ?? "1") ? first : first.slice(1))];
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new ConfigError(`${file} is not a list: ${cause.message}`, { cause, hint: "Write one item a line." });
  }
}

const plain = (url: string): string => url.toLowerCase().replace(/[/#?]+$/, "");

function isNamed(item: Item, name: string, names: ReadonlyMap<string, string>): boolean {
  const given = name.trim();
  if (item.key === given || item.label.toLowerCase() === given.toLowerCase()) return true;
  if (/^https?:/i.test(given)) return item.url !== null && plain(item.url) === plain(given);
  const number = /^(?:(.+?)#|#|!|deployment )?(\d+)$/i.exec(given);
  if (number?.[2] !== undefined && item.number === number[2]) {
    const repository = number[1]?.toLowerCase();
    return (
      repository === undefined ||
      [item.repository, names.get(item.repository), item.system].some((one) => one?.toLowerCase() === repository)
    );
  }
  return /^[0-9a-f]{7,40}$/i.test(given) && (item.commit ?? "").startsWith(given.toLowerCase());
}

function reasonOf(
  name: string,
  found: readonly Item[],
  where: {
    readonly result: AssessmentResult;
    readonly population: SamplePopulation;
    readonly names: ReadonlyMap<string, string>;
  },
): string {
  const { result, population, names } = where;
  if (found.length > 1) {
    const full = found.map(({ repository, number, key }) =>
      number === null ? key : `${names.get(repository) ?? repository}#${number}`,
    );
    return `it names ${found.length} ${population}: write ${full.slice(0, 5).join(" or ")}`;
  }
  const other = result.population.find((item) => item.subject !== "configuration" && isNamed(item, name, names));
  return other
    ? `it is a ${other.subject} of the period, and not among its ${population}`
    : `no ${samplePopulations[population]} of ${result.period.id} is called so`;
}
