import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { slugOf } from "../config/load-config.ts";
import type { AssessmentResult } from "../model/assessment.ts";
import { tokenOfException } from "../model/exception-id.ts";
import { visible } from "../report/visible.ts";
import { ConfigError } from "../util/errors.ts";
import { makeFolder } from "../util/make-folder.ts";
import type { ListedException } from "./listed-exception.ts";

/** The files that were written, and how many open exceptions stand in files that were there already. */
export interface DraftedAnswers {
  readonly written: readonly { readonly file: string; readonly exceptions: number }[];
  readonly there: number;
}

interface Open {
  readonly exceptions: readonly ListedException[];
  readonly causes: ReadonlyMap<string, string>;
  readonly period: AssessmentResult["period"];
}

/** Writes a YAML file a team with every exception that no answer speaks of, grouped by cause, to be filled in. No file is overwritten; what one of the folder names already is left out. Throws ConfigError where the folder cannot be written to. */
export function writeAnswerDrafts(folder: string, { exceptions, causes, period }: Open): DraftedAnswers {
  const before = textsIn(folder);
  const open = exceptions.filter(({ state }) => state === "open" || state === "partly");
  const fresh = open.filter(({ id, state }) => state === "partly" || !before.includes(tokenOfException(id) ?? id));
  const teams = Map.groupBy(fresh, ({ team }) => team);
  const written = [...teams].map(([team, own]) => {
    const name = `${period.id}-${slugOf(team)}`;
    const text = draftOf(team, own, { causes, period, taken: before });
    return { file: writeNew(folder, name, text), exceptions: own.length };
  });
  return { written, there: open.length - fresh.length };
}

function textsIn(folder: string): string {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.ya?ml$/.test(name));
    return names.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new ConfigError(`${folder} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Under the first name that is free. */
function writeNew(folder: string, name: string, text: string): string {
  makeFolder(folder);
  for (let number = 1; ; number += 1) {
    const file = join(folder, `${name}${number === 1 ? "" : `-${number}`}.yaml`);
    try {
      writeFileSync(file, text, { flag: "wx" });
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST" && number < 1000) continue;
      throw new ConfigError(`${file} cannot be written: ${(error as Error).message}`, {
        cause: error,
        hint: "Name a folder that you may write to.",
      });
    }
  }
}

function draftOf(
  team: string,
  exceptions: readonly ListedException[],
  { causes, period, taken }: Pick<Open, "causes" | "period"> & { readonly taken: string },
): string {
  const groups = Map.groupBy(exceptions, ({ cause }) => cause);
  const answers = [...groups].map(([cause, own]) => {
    const base = `${period.id}-${slugOf(team)}-${cause}`;
    let id = base;
    for (let number = 2; taken.includes(`id: ${id}\n`); number += 1) id = `${base}-${number}`;
    return answerOf(id, causes.get(cause) ?? cause, own);
  });
  return [
    comment(
      "# ",
      `Management's answers of team ${team}: the exceptions of ${period.id} that nobody has answered, on evidence as of ${period.asOf}.`,
    ),
    "# Fill in, have it reviewed and merged; the next `flowproof collect` records it, and packs show it from then on.",
    "# An answer explains; it changes no outcome. One may cover a set: move lines of `covers` to the answer they belong to,",
    "# copy an answer where exceptions of one cause need different ones, and give the copy an id of its own.",
    "# disposition: confirmed (it is so), compensated (something else covered the risk) or disputed (it is not so).",
    "# The letters behind an id are the tests that had failed: what fails later is not answered by this.",
    "answers:",
    ...answers,
    "",
  ].join("\n");
}

const answerOf = (id: string, title: string, exceptions: readonly ListedException[]): string =>
  [
    comment("  # ", title),
    `  - id: ${id}`,
    "    disposition:",
    "    owner:",
    "    cause:",
    "    impact:",
    "    compensation:                # what covered the risk meanwhile; needed where it says compensated",
    "    remediation:",
    "    due:                         # a day such as 2026-12-31; and done: once it is",
    "    # retrospective: { by: account, on: 2026-12-31, reference: https://... }   # an approval given after the fact",
    "    covers:",
    ...exceptions.map(({ messages, ...one }) =>
      [
        comment("      # ", `${one.system}, ${one.label}, “${one.title}”, ${one.at}, ${one.actor}`),
        ...[...new Set(messages)].map((message) => comment("      #   ", message)),
        `      - ${one.id} ${one.tests}`,
      ].join("\n"),
    ),
  ].join("\n");

const widest = 120;

/** Text of others as comments: every character visible, broken into lines, nothing of it left out. */
function comment(before: string, text: string): string {
  const lines: string[] = [];
  let line = before;
  let begun = false;
  for (const word of visible(text).split(" ")) {
    if (begun && line.length + 1 + word.length > widest) {
      lines.push(line);
      line = `${before}  ${word}`;
    } else line += begun ? ` ${word}` : word;
    begun = true;
  }
  return [...lines, line].join("\n");
}
