import { expect, it } from "vitest";
import { joinedObjects } from "../../../../src/pack/pdf/joined.ts";
import { joinOutlines } from "../../../../src/pack/pdf/outline.ts";
import { textOf, textString } from "../../../../src/pack/pdf/syntax.ts";

/** What an outline of one title says when it was joined with a document's headings. */
function joinedTitle(title: string, headings: readonly string[]): string {
  const file = joinedObjects();
  const entry = file.add(`<</Title ${textString(title)}>>`);
  joinOutlines(file, [file.add(`<</Type /Outlines\n/First ${entry} 0 R>>`)], headings);
  return textOf(file.dictionary(entry).get("Title") ?? "");
}

const headings = ["1 Management's assertion", "Built, tested and released", "tata"];

it.each([
  ["Built,tested and released", "Built, tested and released"],
  ["Built,tested and releasedBuilt, testedand released", "Built, tested and released"],
  ["1Management's assertion", "1 Management's assertion"],
  ["tata", "tata"],
  ["No such,heading", "No such,heading"],
  ["No such,headingNo such,heading", "No such,heading"],
])("an outline's title %s is %s, as the document's heading says it", (printed, said) => {
  expect(joinedTitle(printed, headings)).toBe(said);
});
