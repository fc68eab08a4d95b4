import { expect, it } from "vitest";
import { renderDocument } from "../../src/report/index.ts";
import { assessmentFixture } from "../fixtures/assessment.ts";

/** What a reader sees: the text, a line a block; style sheets and markup aside. */
function textOf(html: string): string {
  return html
    .slice(html.indexOf("<body>"))
    .replace(/<(\/?)(h\d|p|tr|li|dt|dd|section|article|caption|text|figcaption|div)\b[^>]*>/g, "\n")
    .replace(/<\/t[dh]>/g, " | ")
    .replace(/<[^>]+>/g, "")
    .replace(/&#x27;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&#160;/g, " ")
    .replace(/&amp;/g, "&")
    .split("\n")
    .map((line) =>
      line
        .replace(/\s+/g, " ")
        .replace(/( \|)+ ?$/, "")
        .trim(),
    )
    .filter((line) => line !== "")
    .join("\n");
}

it("a pack says the same of the same month", async () => {
  const html = renderDocument(assessmentFixture());
  await expect(`${textOf(html)}\n`).toMatchFileSnapshot("pack.txt");
});
