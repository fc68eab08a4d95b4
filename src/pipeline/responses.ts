import { globSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { z } from "zod";
import type { Config } from "../config/config.ts";
import { dispositions } from "../model/assessment.ts";
import { tokenOfException } from "../model/exception-id.ts";
import { ConfigError } from "../util/errors.ts";
import { sha256Hex } from "../util/hash.ts";
import { type LocatedYaml, type Path, parseYaml } from "../util/located-yaml.ts";
import { schemaProblems } from "../util/schema-problems.ts";

const longest = 4000;
const words = z.string().trim().min(1).max(longest);
const optional = words.nullish().transform((text) => text ?? undefined);
const day = z.iso.date("a day such as 2026-12-31");
const optionalDay = day.nullish().transform((text) => text ?? undefined);

const answerSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, "letters, digits, dots and dashes, without spaces"),
  disposition: z.enum(dispositions).nullish(),
  owner: optional,
  cause: optional,
  impact: optional,
  compensation: optional,
  remediation: optional,
  due: optionalDay,
  done: optionalDay,
  retrospective: z.strictObject({ by: words, on: day, reference: words }).nullish(),
  covers: z.array(z.string()).min(1),
});
const fileSchema = z.strictObject({ answers: z.array(answerSchema) });
type WrittenAnswer = z.infer<typeof answerSchema>;

/** One answer as it is written, filled in; `covers` are exceptions' ids, each perhaps with the letters of the tests it speaks of. */
export type Answer = Omit<WrittenAnswer, "disposition" | "owner" | "cause"> & {
  readonly disposition: NonNullable<WrittenAnswer["disposition"]>;
  readonly owner: string;
  readonly cause: string;
};

/** A file of answers as it was read. */
export interface AnswerFile {
  /** Relative to the configuration's folder, with `/`. */
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
  readonly answers: readonly Answer[];
}

/** What the configured places hold, with a warning for each answer that is not filled in and each place that holds nothing. */
export interface Answers {
  readonly files: readonly AnswerFile[];
  readonly warnings: readonly string[];
}

/** An exception that an answer names: its id, and the letters of the tests the answer speaks of; none: whatever fails. */
export interface Covered {
  readonly id: string;
  readonly letters: readonly string[];
}

/** Reads `EX-2026-10-4KX7Q2 CD`; undefined for what names no exception. */
export function coveredBy(entry: string): Covered | undefined {
  const [, id = "", letters = ""] = /^(\S+)(?: +([0-9A-Z]+))?$/.exec(entry.trim()) ?? [];
  return tokenOfException(id) === undefined ? undefined : { id, letters: [...letters] };
}

/**
 * Reads every answer that the configuration's `responses` name. All that is wrong is said at once, in one ConfigError
 * with a line `file:line:column: what` each. An answer without a disposition is a draft, and is left out.
 */
export function readAnswers(config: Pick<Config, "responses" | "file">): Answers {
  const folder = dirname(config.file);
  const problems: string[] = [];
  const warnings: string[] = [];
  const known: Known = { ids: new Map(), covered: new Map() };
  const files = answerFiles(folder, config.responses, warnings).flatMap((name): AnswerFile[] => {
    try {
      return [readFile(folder, name, known, { problems, warnings })];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  if (problems.length > 0)
    throw new ConfigError(problems.join("\n"), {
      hint: "Correct the answers; `flowproof exceptions --drafts DIR` shows how one is written.",
    });
  return { files, warnings };
}

/** The names of the files at the places, each once, sorted. */
function answerFiles(folder: string, places: readonly string[], warnings: string[]): readonly string[] {
  const names = places.flatMap((place) => {
    const isFolder = statSync(resolve(folder, place), { throwIfNoEntry: false })?.isDirectory() === true;
    const found = isFolder
      ? globSync("**/*.{yaml,yml}", { cwd: resolve(folder, place) }).map((name) => join(place, name))
      : globSync(place, { cwd: folder });
    if (found.length === 0 && !isFolder) warnings.push(`responses: ${place} names no file and no folder`);
    return found.filter((name) => statSync(resolve(folder, name), { throwIfNoEntry: false })?.isFile() === true);
  });
  return [...new Set(names.map((name) => relative(folder, resolve(folder, name)).split(sep).join("/")))].sort();
}

/** What was read before, and where. */
interface Known {
  readonly ids: Map<string, string>;
  /** By token. */
  readonly covered: Map<string, string>;
}

const largest = 1_000_000;

function readFile(
  folder: string,
  name: string,
  known: Known,
  { problems, warnings }: { readonly problems: string[]; readonly warnings: string[] },
): AnswerFile {
  const bytes = readFileSync(resolve(folder, name));
  if (bytes.length > largest) throw new ConfigError(`${name}:1:1: the file is larger than 1 MB`);
  const text = utf8(name, bytes);
  const yaml = yamlOf(name, text);
  const parsed = fileSchema.safeParse(yaml.value ?? { answers: [] });
  const file = { name, text, sha256: sha256Hex(bytes) };
  if (!parsed.success) {
    problems.push(...schemaProblems(parsed.error, fileSchema, yaml));
    return { ...file, answers: [] };
  }
  const problem = (path: Path, what: string) => void problems.push(`${yaml.at(path)}: ${what}`);
  const unfilled: Path[] = [];
  const answers = parsed.data.answers.flatMap((written, index): Answer[] => {
    const at: Path = ["answers", index];
    checkCovers(written, at, known, problem);
    const { id, disposition, owner, cause } = written;
    const other = known.ids.get(id);
    if (other !== undefined) problem([...at, "id"], `there is already an answer \`${id}\`, at ${other}`);
    else known.ids.set(id, yaml.at([...at, "id"]));
    if (disposition == null) {
      unfilled.push(at);
      return [];
    }
    if (owner === undefined) problem([...at, "owner"], `answer ${id} names no owner`);
    if (cause === undefined) problem([...at, "cause"], `answer ${id} gives no cause`);
    if (disposition === "compensated" && written.compensation === undefined)
      problem([...at, "disposition"], `answer ${id} says compensated, and not by what: fill in \`compensation\``);
    return owner === undefined || cause === undefined ? [] : [{ ...written, disposition, owner, cause }];
  });
  const [first] = unfilled;
  if (first)
    warnings.push(
      `${yaml.at(first)}: ${unfilled.length === 1 ? "an answer has" : `${unfilled.length} answers from here on have`} no disposition yet, and ${unfilled.length === 1 ? "is" : "are"} not recorded`,
    );
  return { ...file, answers };
}

function checkCovers({ id, covers }: WrittenAnswer, at: Path, { covered }: Known, problem: Say): void {
  for (const [index, entry] of covers.entries()) {
    const path = [...at, "covers", index];
    const found = coveredBy(entry);
    const token = found && tokenOfException(found.id);
    if (token === undefined) {
      problem(
        path,
        `\`${entry.slice(0, 60)}\` is no exception's id, such as EX-2026-10-4KX7Q2 or EX-2026-10-4KX7Q2 CD`,
      );
      continue;
    }
    const other = covered.get(token);
    if (other !== undefined)
      problem(path, `${found?.id} is answered by ${other === id ? "this answer" : other} already`);
    covered.set(token, other ?? id);
  }
}

type Say = (path: Path, text: string) => void;

function utf8(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError(`${name}:1:1: the file is not UTF-8`, { cause });
  }
}

function yamlOf(name: string, text: string): LocatedYaml {
  try {
    return parseYaml(text, name);
  } catch (cause) {
    if (cause instanceof ConfigError) throw cause;
    throw new ConfigError(`${name}:1:1: ${basename(name)} cannot be read as YAML: ${(cause as Error).message}`, {
      cause,
    });
  }
}
