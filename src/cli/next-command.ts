import { relative } from "node:path";
import { shellWord } from "../util/shell-word.ts";

/** The configuration that is taken where none is named. */
export const usualConfig = "flowproof.config.yaml";

/** A command line that runs as it stands in the folder of this one: by npx, with the configuration where it is not the one taken anyway, each word as a shell takes it. */
export function nextCommand(config: string, words: readonly string[]): string {
  const [name = "", ...others] = words;
  const given = config === usualConfig && !process.env.FLOWPROOF_CONFIG ? [] : ["-c", config];
  return ["npx", "flowproof", name, ...given, ...others].map(plainWord).join(" ");
}

/** A text in which each command line of ours, in backticks, after a colon or at its start, can be run in this folder. */
export const runnable = (text: string, config: string): string =>
  text.replace(
    /(^|`|: )flowproof ([a-z]+)/g,
    (_, before: string, name: string) => before + nextCommand(config, [name]),
  );

/** A path as somebody in this folder would write it: from here where it lies below, else in full. */
export function pathHere(path: string): string {
  const here = relative(process.cwd(), path);
  return here === "" ? "." : here.startsWith("..") ? path : here;
}

/** A word for a shell, as it stands where none would read it otherwise. */
export const plainWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : shellWord(text));
