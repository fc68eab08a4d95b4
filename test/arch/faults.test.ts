import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../../src/util/root.ts";

const folder = join(packageRoot(), "test/faults");
const titles = readdirSync(folder)
  .filter((file) => file.endsWith(".test.ts"))
  .flatMap((file) => [
    ...readFileSync(join(folder, file), "utf8").matchAll(
      /\b(?:it|test|describe)(?:\.each(?:<[^(]*>)?\([\s\S]*?\]\))?\(\s*["'`]([^"'`\n]*)/g,
    ),
  ])
  .map(([, title = ""]) => title);

/** What the catalogue of threats says can go wrong with the source, the disk and the store. */
const faults = Array.from({ length: 52 - 32 + 1 }, (_, at) => at + 32);

it.each(faults)("fault %i of the catalogue opens the title of a test", (number) => {
  expect(titles.filter((title) => new RegExp(`^(\\d+, )*${number}[:,]`).test(title))).not.toEqual([]);
});
