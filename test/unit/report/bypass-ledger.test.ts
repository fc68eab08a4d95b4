import { describe, expect, it } from "vitest";
import type { AssessmentResult, Bypass } from "../../../src/model/assessment.ts";
import { csvFiles } from "../../../src/report/csv.ts";
import { documentView } from "../../../src/report/document.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const htmlOf = (result: AssessmentResult): string => renderDocument(result);
const section = (html: string, id: string): string =>
  html.split("<section ").find((one) => one.slice(0, one.indexOf(">")).includes(`id="${id}"`)) ?? "";

describe("the ledger of bypasses", () => {
  const result = assessmentFixture();

  it("tells each with who, what was not met, the reason given and the review since, and leads to its item and exception", () => {
    const { rows, summary } = documentView(result).bypasses;
    expect(summary).toBe(
      "2 bypasses: 1 merge and 1 push without a change. 1 independent review afterwards is on record.",
    );
    const emergency = rows.find(({ did }) => did === "merged");
    expect(emergency).toMatchObject({ actor: "emre-aksoy (415020)", unmet: "pull_request", reviewed: true });
    expect(emergency?.reason).toMatch(/had set the label emergency at 2026-10-\d\d \d\d:\d\d:\d\d\.$/);
    const push = rows.find(({ did }) => did === "pushed without a change");
    expect(push).toMatchObject({ reason: null, reviewed: false, how: "By our comparison with the rules." });
    expect(push?.at).toMatch(/^between /);
    const text = section(htmlOf(result), "bypasses");
    for (const { item, exceptions } of rows) {
      expect(text).toContain(`href="#${item}"`);
      expect(htmlOf(result)).toContain(`id="${item}"`);
      for (const { anchor } of exceptions) expect(text).toContain(`href="#${anchor}"`);
    }
  });

  it("calls no move a push without a change that only the source's word shows", () => {
    const given = assessmentFixture();
    const push = given.bypasses.entries.find(({ kind }) => kind === "push");
    if (!push) throw new Error("the fixture lost its push");
    given.bypasses.entries = [{ ...push, items: [], control: null, outcome: null, shownBy: ["evaluation"] }];
    const { rows, summary } = documentView(given).bypasses;
    expect(rows.map(({ did }) => did)).toEqual(["moved the branch"]);
    expect(summary).toMatch(/^1 bypass: 1 move of a branch by the source's word\./);
  });

  it("adds up with the control that counts merges past the rules, waived ones among them", () => {
    const given = assessmentFixture({ clean: true });
    const control = given.controls.find(({ attributes }) => attributes.includes("merged-without-bypass"));
    const [change] = given.population.filter(({ subject }) => subject === "change");
    if (!control || !change) throw new Error("the fixture lost its control");
    control.tally = { ...control.tally, fail: 1, waived: 1 };
    const merge = { ...assessmentFixture().bypasses.entries[0], kind: "merge", control: control.id } as Bypass;
    given.bypasses.entries = [merge, { ...merge, id: "BY-2026-10-002" }];
    const { adds } = documentView(given).bypasses;
    expect(adds).toMatchObject([{ text: "counts the same 2 merges: 1 failed and 1 waived." }]);
  });

  it("tells items that failed their control from those that it could not verify", () => {
    const given = assessmentFixture();
    const push = given.bypasses.entries.find(({ kind }) => kind === "push");
    const control = given.controls.find(({ id }) => id === push?.control);
    const other = given.population.find(({ subject, key }) => subject === "commit" && !push?.items.includes(key));
    if (!push || !control || !other) throw new Error("the fixture lost its push");
    given.bypasses.entries = [push, { ...push, id: "BY-2026-10-009", system: other.system, items: [other.key] }];
    const told = (outcome: "pass" | "fail" | "notVerifiable") => {
      for (const observation of other.observations)
        if (control.attributes.includes(observation.attribute)) observation.outcome = outcome;
      return documentView(given).bypasses.adds.map(({ text }) => text);
    };
    control.tally = { ...control.tally, fail: 2, waived: 0, notVerifiable: 1 };
    expect(told("fail")).toEqual(["counts 2 items of 2 bypasses without a merge, among the 2 that failed it."]);
    control.tally = { ...control.tally, fail: 1 };
    expect(told("notVerifiable")).toEqual([
      "counts 2 items of 2 bypasses without a merge: 1 among the 1 that failed it and 1 among the 1 that could not be verified.",
    ]);
    expect(told("pass")).toEqual([
      "counts 2 items of 2 bypasses without a merge: 1 among the 1 that failed it and 1 that met it.",
    ]);
  });

  it("counts of a rewrite only what its control judges", () => {
    const given = assessmentFixture();
    const [push] = given.bypasses.entries.filter(({ kind }) => kind === "push");
    const control = given.controls.find(({ population }) => population === "configuration");
    const settings = given.population.find(({ subject }) => subject === "configuration");
    if (!push || !control || !settings) throw new Error("the fixture lost its settings");
    for (const observation of settings.observations) observation.outcome = "fail";
    control.tally = { ...control.tally, fail: 1, waived: 0 };
    const items = [settings.key, ...push.items];
    given.bypasses.entries = [{ ...push, kind: "rewrite", control: control.id, system: settings.system, items }];
    expect(documentView(given).bypasses.adds).toMatchObject([
      { text: "counts 1 item of 1 bypass without a merge, among the 1 that failed it." },
    ]);
  });

  it("says none only where the source's own evaluations were read whole", () => {
    const { observed } = documentView(result).bypasses;
    expect(observed.find(({ scope }) => scope.startsWith("payments"))).toMatchObject({ count: "none", whole: true });
    expect(observed.find(({ scope }) => scope.startsWith("search"))).toMatchObject({
      count: "none known",
      whole: false,
      gaps: ["2026-10-01 00:00 to 2026-11-01 00:00: 403: it takes administration:read"],
    });
    expect(documentView({ ...result, bypasses: { ...result.bypasses, entries: [] } }).bypasses.summary).toBe(
      "No bypass is on record.",
    );
  });
});

describe("the audit log beside the bypasses", () => {
  const logged = (): AssessmentResult => {
    const result = assessmentFixture();
    const [first, second] = result.bypasses.entries;
    if (!first || !second) throw new Error("the fixture lost its bypasses");
    Object.assign(first, { logged: "held" });
    Object.assign(second, { logged: "notObserved" });
    const { from, to } = result.period;
    for (const row of result.bypasses.observed)
      row.logGaps = row.system === "search" ? null : row.system === "ledger" ? [{ from, to, reason: "403" }] : [];
    return result;
  };
  const withOverride = (): AssessmentResult => {
    const result = logged();
    result.bypasses.overrides = [
      {
        system: "payments",
        repository: "riverbank/payments",
        branch: "main",
        at: "2026-10-12T09:00:00Z",
        actor: "tomasz-w (415019)",
        commit: "0e".repeat(20),
        unmet: ["review_policy_not_satisfied"],
        record: result.records[0]?.id ?? 1,
      },
    ];
    return result;
  };

  it("is told to every system of the repository, and listed once", () => {
    const result = withOverride();
    const own = result.bypasses.observed.find(({ system }) => system === "payments");
    const [told] = result.bypasses.overrides ?? [];
    if (!own || !told) throw new Error("the fixture lost its payments");
    told.systems = ["payments", "refunds"];
    result.bypasses.observed = [own, { ...own, system: "refunds", entries: 0, gaps: [] }];
    const { observed, overrides } = documentView(result).bypasses;
    expect(observed.map(({ concluded }) => concluded)).toEqual(
      ["payments", "refunds"].map(() => "No: the audit log tells of 1 override more than this ledger, listed below."),
    );
    expect(overrides.rows.map(({ scope }) => scope)).toEqual(["payments and refunds: riverbank/payments"]);
  });

  it("is said of each bypass, and three-valued of each repository", () => {
    const { rows, observed, overrides } = documentView(logged()).bypasses;
    expect(rows.map(({ logged: said }) => said)).toEqual([
      "The audit log tells of it too.",
      "Whether the audit log tells of it was not observed.",
    ]);
    const logOf = (system: string) => observed.find(({ scope }) => scope.startsWith(system))?.log;
    expect(logOf("payments")).toEqual({ whole: true, gaps: [], unexplained: null });
    expect(logOf("ledger")).toMatchObject({ whole: false, gaps: [expect.stringContaining("403")] });
    expect(logOf("search")).toMatchObject({ whole: false, gaps: ["not asked for"] });
    expect(overrides.any).toBe(false);
    expect(documentView(assessmentFixture()).bypasses.observed[0]?.log).toBeNull();
  });

  it("takes the claim of completeness back where it tells of an override that no bypass explains", () => {
    const view = documentView(withOverride());
    const payments = view.bypasses.observed.find(({ scope }) => scope.startsWith("payments"));
    expect(payments?.concluded).toMatch(
      /^No: the audit log tells of 1.override more than this ledger, listed below\.$/,
    );
    expect(payments?.log?.unexplained).toMatch(/^1.override that no entry explains$/);
    expect(view.bypasses.overrides.rows).toMatchObject([
      { actor: "tomasz-w (415019)", commit: "0e0e0e0e", unmet: "review_policy_not_satisfied" },
    ]);
    expect(view.completeness.overrides).toMatch(/tells of 1.override of released branches' rules that no bypass/);
    const html = htmlOf(withOverride());
    expect(section(html, "bypasses")).toContain('<h3 id="overrides">');
    expect(section(html, "completeness")).toContain('href="#overrides"');
    expect(htmlOf(logged())).not.toContain("#overrides");
  });

  it("is a column of bypasses.csv", () => {
    expect(csvFiles(logged()).get("bypasses.csv")?.text).toMatch(/,audit_log,records\n.*,held,r/);
  });
});
