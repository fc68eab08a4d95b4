import type { Joined } from "./joined.ts";
import { type Raw, referenceOf, textOf, textString } from "./syntax.ts";

interface Entry {
  readonly number: number;
  readonly level: number;
  readonly entries: Map<string, Raw>;
  readonly kids: Entry[];
}

/**
 * Makes one outline of several: every heading under the last one before it that is of a higher level, as Chromium does
 * within a document, and by its words in `headings` where it is one of them. Answers its root's number, or undefined where
 * no part has an outline.
 */
export function joinOutlines(file: Joined, roots: readonly number[], headings: readonly string[]): number | undefined {
  const [root] = roots;
  if (root === undefined) return undefined;
  const titles = new Map(headings.map((heading) => [unspaced(heading), heading]));
  const top: Entry = { number: root, level: 0, entries: new Map(), kids: [] };
  const open = [top];
  for (const entry of roots.flatMap((number) => [...listed(file, file.dictionary(number).get("First"), titles)])) {
    while ((open.at(-1)?.level ?? 0) >= entry.level && open.length > 1) open.pop();
    open.at(-1)?.kids.push(entry);
    open.push(entry);
  }
  for (const number of roots.slice(1)) file.drop(number);
  write(file, { ...top, entries: new Map([["Type", "/Outlines"]]) });
  return root;
}

/** What stands in an outline, in its order; the heading that an entry names has its level (ISO 32000-1, 12.3.3). */
function* listed(file: Joined, first: Raw | undefined, titles: ReadonlyMap<string, string>): Generator<Entry> {
  for (let next = referenceOf(first); next !== undefined; ) {
    const entries = new Map(file.dictionary(next));
    entries.set("Title", titled(entries.get("Title") ?? "()", titles));
    const heading = referenceOf(entries.get("SE"));
    const level = /^\/H(\d)$/.exec(heading === undefined ? "" : (file.dictionary(heading).get("S") ?? ""))?.[1];
    yield { number: next, level: Number(level ?? 6), entries, kids: [] };
    yield* listed(file, entries.get("First"), titles);
    next = referenceOf(entries.get("Next"));
  }
}

/** The browser leaves out the space at which a heading's line ends, and says twice what it took from the end of one page to the next. */
function titled(title: Raw, titles: ReadonlyMap<string, string>): Raw {
  const text = textOf(title);
  const said = titles.get(unspaced(text)) ?? titles.get(once(unspaced(text))) ?? once(text);
  return said === text ? title : textString(said);
}

const once = (text: string): string => text.replace(/^(.{4,}?)\1+$/s, "$1");

const unspaced = (text: string): string => text.replace(/\s/g, "");

/** Writes an entry and all below it; answers how many are below it. */
function write(file: Joined, { number, entries, kids }: Entry): number {
  let below = 0;
  for (const [i, kid] of kids.entries()) {
    for (const link of ["Prev", "Next", "First", "Last", "Count"]) kid.entries.delete(link);
    kid.entries.set("Parent", `${number} 0 R`);
    const [before, after] = [kids[i - 1], kids[i + 1]];
    if (before) kid.entries.set("Prev", `${before.number} 0 R`);
    if (after) kid.entries.set("Next", `${after.number} 0 R`);
    below += 1 + write(file, kid);
  }
  const [first, last] = [kids[0], kids.at(-1)];
  if (first && last) {
    entries.set("First", `${first.number} 0 R`).set("Last", `${last.number} 0 R`).set("Count", String(below));
  }
  file.set(number, entries);
  return below;
}
