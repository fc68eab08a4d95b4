import { describe, expect, it } from "vitest";
import { documentView } from "../../../src/report/document.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

describe("the roll-up by team and system", () => {
  it("puts each team before its systems, and ends with all of them", () => {
    const { rollup } = documentView(assessmentFixture());
    expect(rollup?.conclusions.map(({ name }) => name)).toEqual([
      "Team checkout",
      "ledger",
      "payments",
      "Team platform",
      "identity-hub",
      "Team web",
      "search",
      "storefront",
    ]);
    expect(rollup?.counts.at(-1)?.name).toBe("All systems");
    expect(rollup?.results.at(-1)?.name).toBe("All systems");
  });

  it("links to the packs of parts only where they were written, by names that no folder can misuse", () => {
    const result = assessmentFixture();
    expect(renderDocument(result).match(/href="[^"#]*pack\.html"/g)).toBeNull();
    result.parts = [
      { kind: "organisation", id: "Riverbank Ltd", name: "riverbank-2026-10" },
      { kind: "team", id: "web", name: 'a"b/../c#d' },
    ];
    const html = renderDocument(result);
    expect(html).toContain('href="../a%22b%2F..%2Fc%23d/pack.html"');
    expect(html.match(/href="[^"#]*pack\.html"/g)).toHaveLength(1);
  });
});

describe("the test of the logic", () => {
  const logicOf = (change: (logic: NonNullable<ReturnType<typeof assessmentFixture>["logic"]>) => void) => {
    const result = assessmentFixture();
    if (!result.logic) throw new Error("the fixture has no test of the logic");
    change(result.logic);
    return documentView(result).logic;
  };

  it("says what was played and found, tests by their letters", () => {
    const logic = logicOf(() => undefined);
    expect(logic?.summary).toBe(
      "3 situations, each written down with what must be found in it: 2 on 3 of the 32 entries of the catalogue of ways round the controls and 1 by name, which no entry numbers. All were found as expected",
    );
    expect(logic?.rows.map(({ covers, found }) => [covers, found])).toEqual([
      ["5, 6", "change D failed; deployment G failed"],
      ["16", "commit P failed"],
      ["–", "no alarm"],
    ]);
    expect(logic?.state).toBe("What judged this pack is what was tested.");
  });

  it("counts by test what each was asked to notice, once a situation, and what was found so", () => {
    const tests = logicOf(() => undefined)?.tests ?? [];
    const asked = tests.filter(({ fail, open }) => fail !== "0" || open !== "0");
    expect(asked.map(({ letter, fail, open, found }) => [letter, fail, open, found])).toEqual([
      ["P", "1", "0", "1 of 1"],
      ["D", "1", "0", "1 of 1"],
      ["G", "1", "0", "1 of 1"],
    ]);
    // A test that no situation asks is shown, not left out.
    expect(tests).toHaveLength(assessmentFixture().attributes.length);
    expect(tests.find(({ letter }) => letter === "A")).toMatchObject({ fail: "0", open: "0", found: "–" });
    expect(logicOf(() => undefined)?.silent).toEqual({ found: "1 of 1", differs: false });
    const missed = logicOf(({ scenarios: [first] }) => Object.assign(first ?? {}, { found: [], asExpected: false }));
    expect(missed?.tests.filter(({ differs }) => differs).map(({ letter, found }) => [letter, found])).not.toEqual([]);
    expect(missed?.allAsExpected).toBe(false);
  });

  it("claims nothing where what judged was changed since, and hides no difference", () => {
    const logic = logicOf((test) => {
      test.state = "changed";
      const [first] = test.scenarios;
      if (first) Object.assign(first, { found: [], asExpected: false });
    });
    expect(logic?.current).toBe(false);
    expect(logic?.state).toContain("nothing is claimed");
    expect(logic?.summary).toContain("2 were found as expected, 1 was not");
    expect(logic?.rows[0]).toMatchObject({ found: "no alarm", expected: "commit P failed" });
  });

  it("is left out where nothing says", () => {
    const { logic: _, ...rest } = assessmentFixture();
    const view = documentView(rest);
    expect(view.logic).toBeNull();
    expect(view.contents.map(({ anchor }) => anchor)).not.toContain("logic");
    expect(view.contents.map(({ number }) => number)).toEqual(view.contents.map((_one, index) => index + 1));
  });
});

describe("the glossary", () => {
  it("explains only words that the pack uses", () => {
    for (const options of [{}, { clean: true }]) {
      const html = renderDocument(assessmentFixture(options));
      const body = html.slice(html.indexOf("<body>"));
      const start = body.indexOf('<section id="glossary"');
      const rest = (body.slice(0, start) + body.slice(body.indexOf("</section>", start))).replace(/<[^>]+>/g, " ");
      const terms = documentView(assessmentFixture(options)).glossary.terms;
      expect(terms.length).toBeGreaterThan(15);
      for (const { word } of terms) expect(rest.toLowerCase(), word).toContain(word.toLowerCase());
    }
  });
});
