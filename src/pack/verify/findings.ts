import type { Check } from "./check.ts";

// Control characters, and what changes the direction of text or has no width: names come from whoever made the file.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Text from anywhere, fit for a terminal: characters that steer it or cannot be seen are shown as escapes, long text is cut. */
export function plain(text: string, most = 1200): string {
  const cut = text.length > most ? `${text.slice(0, most)}...` : text;
  return cut.replace(unseen, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}

/** A name from a file, short enough to stand in a sentence. */
export const named = (name: string): string => plain(name, 120);

const finding =
  (outcome: Check["outcome"]) =>
  (subject: string, text: string): Check => ({ subject: named(subject), outcome, text: plain(text) });

/** It was looked at and is as it must be. */
export const holds = finding("holds");
/** It was looked at and is not as it must be. */
export const broken = finding("broken");
/** It could not be looked at here; the text says with what it can. */
export const unchecked = finding("unchecked");

/** Names in a sentence: the first few, and how many more. */
export function listed(names: readonly string[], most = 5): string {
  const first = names.slice(0, most).map(named).join(", ");
  return names.length > most ? `${first} and ${names.length - most} more` : first;
}

/** `1 file`, `3 files`; thousands apart. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${count === 1 ? one : many}`;

/** What an error of the system says, in one line. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
