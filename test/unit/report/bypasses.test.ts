import { describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { documentView } from "../../../src/report/document.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { workPapers } from "../../../src/report/xlsx/work-papers.ts";
import { answeredFixture } from "../../fixtures/answered.ts";
import { readWorkbook } from "../../fixtures/workbook.ts";

const ledger = (html: string): string => /<section id="bypasses".*?<\/section>/s.exec(html)?.[0] ?? "";

/** The answered month, its second answer given to the exception of the first bypass too. */
function answeredBypass(): { readonly result: AssessmentResult; readonly bypass: string; readonly exception: string } {
  const result = answeredFixture();
  const [bypass] = result.bypasses.entries;
  const exception = result.exceptions.find(({ item }) => item === bypass?.items[0]);
  const response = result.responses?.find(({ disposition }) => disposition === "compensated");
  if (!bypass || !exception || !response) throw new Error("the fixture has a bypass, its exception and an answer");
  for (const one of result.exceptions.filter(({ item }) =>
    result.bypasses.entries.some(({ items }) => items.includes(item)),
  ))
    delete one.answer;
  exception.answer = { response: response.id };
  response.covers.push(exception.id);
  return { result, bypass: bypass.id, exception: exception.id };
}

describe("the ledger of bypasses and management's answers", () => {
  const { result, bypass, exception } = answeredBypass();

  it("know of each other: a bypass names the answer to its exception, as management's word", () => {
    const answered = documentView(result).bypasses.rows.filter(({ answers }) => answers.length > 0);
    expect(
      answered.map(({ id, answers }) => [id, answers.map((one) => [one.disposition, one.exception.text])]),
    ).toEqual([[bypass, [["compensated", exception]]]]);
    expect(ledger(renderDocument(result))).toMatch(
      new RegExp(`Management answered: compensated, see <a [^>]*>${exception}</a> \\(its word\\)`),
    );
  });

  it("do so in the work paper", async () => {
    const [heads = [], ...rows] = readWorkbook(await workPapers(result)).get("Bypasses") ?? [];
    const at = heads.indexOf("Management's answer");
    expect(rows.map((row) => [row[0], row[at] ?? ""])).toEqual(
      result.bypasses.entries.map(({ id }) => [id, id === bypass ? `compensated, see ${exception} (its word)` : ""]),
    );
  });

  it("say nothing of an answer where there is none, and name the reason as what stands on the change", () => {
    const html = ledger(renderDocument({ ...result, responses: [] }));
    expect(html).not.toContain("Management answered");
    expect(html).toContain("Reason on the change");
  });
});
