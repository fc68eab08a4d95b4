import { extractText, getDocumentProxy } from "unpdf";
import { beforeAll, describe, expect, it } from "vitest";
import { printPdf } from "../../src/pack/print.ts";
import { renderDocument } from "../../src/report/index.ts";
import { answeredFixture } from "../fixtures/answered.ts";

const textsOf = async (html: string): Promise<readonly string[]> => {
  const { pdf } = await printPdf(html);
  return (await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: false })).text;
};

describe("a draft for calibration on paper", () => {
  let pages: readonly string[];
  let plain: readonly string[];
  beforeAll(async () => {
    pages = await textsOf(renderDocument(answeredFixture(), "calibration"));
    plain = await textsOf(renderDocument(answeredFixture()));
  });

  it("says on every page that it is no evidence, in its margin and across it", () => {
    expect(pages.length).toBeGreaterThan(plain.length - 1);
    for (const [index, text] of pages.entries()) {
      expect(text.match(/calibration, not evidence/g), `page ${index + 1}`).not.toBeNull();
      expect(
        text.replace(/\s+/g, " ").match(/calibration, ?not evidence/g)?.length,
        `page ${index + 1}`,
      ).toBeGreaterThan(1);
    }
  });

  it("holds what the plain draft holds, which has no such mark", () => {
    const all = pages.join("\n").replace(/\s+/g, " ");
    for (const said of ["The duty engineer was alone", "Two engineers are on duty since", "overdue"]) {
      expect(all).toContain(said);
      expect(plain.join("\n").replace(/\s+/g, " ")).toContain(said);
    }
    expect(plain.join("\n")).not.toContain("not evidence");
  });
});
