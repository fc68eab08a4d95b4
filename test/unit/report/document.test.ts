import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { changesCsv } from "../../../src/report/csv.ts";
import { documentView } from "../../../src/report/document.ts";
import { commitFlow } from "../../../src/report/flow.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { openPack } from "../../../src/report/pack.ts";
import { packageRoot } from "../../../src/util/root.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const html = (options = {}): string => renderDocument(assessmentFixture(options));
const templates = readdirSync(join(packageRoot(), "templates"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".hbs"))
  .map((name) => [name, readFileSync(join(packageRoot(), "templates", name), "utf8")] as const);

describe("the templates", () => {
  it.each(templates)("%s writes nothing unescaped and quotes every attribute", (_name, source) => {
    expect(source).not.toMatch(/\{\{\{|\{\{~?&|\{\{\*|<script|\son\w+=/i);
    expect(source).not.toMatch(/=\s*\{\{|=[^\s"'>]*\{\{/);
    const helpers = [...source.matchAll(/\{\{~?#(\w+)/g)].map(([, helper]) => helper);
    expect(helpers.filter((helper) => helper !== "each" && helper !== "if")).toEqual([]);
  });
});

describe("the document", () => {
  const view = documentView(assessmentFixture());

  it("opens with what happened, in numbers that add up", () => {
    expect(view.cover.headline).toBe(
      "64 commits reached released branches. 41 passed every test that applies, 9 did not (1\u00a0waived in\u00a0advance) and 14 cannot be verified.",
    );
    expect(documentView(assessmentFixture({ clean: true })).cover.headline).toBe(
      "62 commits reached released branches. All passed every test that applies.",
    );
    const empty = { ...assessmentFixture({ clean: true }), population: [] };
    expect(documentView(empty).cover.headline).toBe("No commit reached a released branch.");
    expect(view.cover.tie.map(({ n }) => n)).toEqual(["55", "64", "60"]);
  });

  it("counts the headline, the flow and the rows of changes.csv alike", () => {
    for (const options of [{}, { clean: true }]) {
      const result = assessmentFixture(options);
      const rows: Record<string, string>[] = parse(changesCsv(result), { columns: true });
      const changes = new Map(result.population.map((item) => [`${item.system} ${item.key}`, item]));
      const outcomes = result.population
        .filter(({ subject }) => subject === "commit")
        .map((commit) => {
          const change = commit.link === null ? undefined : changes.get(`${commit.system} ${commit.link}`);
          const row = rows.find(
            ({ system, number, commit: oid }) =>
              system === commit.system && (change ? number === change.number : oid === commit.commit),
          );
          if (!row) throw new Error(`no row for ${commit.label}`);
          const values = Object.values(row);
          return values.includes("fail") ? "fail" : values.includes("notVerifiable") ? "open" : "passed";
        });
      const count = (wanted: string): number => outcomes.filter((outcome) => outcome === wanted).length;
      const flow = commitFlow(openPack(result));
      expect(flow.verdict.passed).toBe(count("passed"));
      expect(flow.delivered + flow.waiting).toBe(count("passed"));
      expect(flow.verdict.failed + flow.verdict.waived).toBe(count("fail"));
      expect(flow.verdict.open).toBe(count("open"));
      expect(flow.gates.flatMap(({ leaks }) => leaks)).toHaveLength(count("fail"));
      expect(flow.gates.flatMap(({ unseen }) => unseen)).toHaveLength(count("open"));
      const clear = rows.filter((row) => !Object.values(row).some((v) => v === "fail" || v === "notVerifiable"));
      expect(documentView(result).verify.rows).toContain(`Of ${rows.length} rows in changes.csv, ${clear.length} hold`);
    }
  });

  it("lets management assert no more than the results allow", () => {
    const result = assessmentFixture();
    const grave = result.controls.find(({ id }) => id === "CHG-04");
    if (!grave) throw new Error("the fixture lost its control");
    grave.result = "aboveThreshold";
    expect(documentView(result).assertion.limits).toMatch(
      /^Above management's own threshold: CHG-04\. Evidence incomplete: CHG-/,
    );
    const said = ({ assertion }: typeof view): string => assertion.points.map(({ text }) => text).join(" ");
    expect(said(view)).toContain("of them the evidence does not decide every test");
    const clean = said(documentView(assessmentFixture({ clean: true })));
    expect(clean).not.toContain("does not decide every test");
    expect(clean).toContain("The tests found no exception.");
    expect(clean).toContain("no gap in what was read is known");
    expect(html({ clean: true })).not.toContain("Management's responses are to be recorded");
  });

  it("has management assert that its rules were written down after the period, where they were, and only there", () => {
    const result = assessmentFixture();
    const said = "that judged the period were first recorded on";
    for (const policy of result.policies) policy.firstSeen = result.period.from;
    expect(renderDocument(result)).not.toContain(said);
    for (const policy of result.policies) policy.firstSeen = "2026-11-03T12:00:00Z";
    expect(renderDocument(result)).toContain(`${said} 3 November 2026, after it`);
  });

  it("dates an exception of a setting by the look at it, and lays it to nobody", () => {
    const result = assessmentFixture();
    const [exception] = result.exceptions.filter(({ follows }) => follows.length === 0);
    const [record] = result.records;
    if (!exception || !record) throw new Error("the fixture lost its exceptions");
    Object.assign(exception, { subject: "configuration", evidence: [record.id] });
    record.fetchedAt = "2026-11-03T12:00:00Z";
    expect(documentView(result).exceptions.origins.find(({ id }) => id === exception.id)).toMatchObject({
      at: "seen 3 November 2026, 13:00",
      actor: "set by: not known",
    });
  });

  it("says which columns give a control's numbers", () => {
    const result = assessmentFixture();
    const control = result.controls.find(({ population }) => population === "changes");
    const tests = result.attributes.filter(({ subject }) => subject === "change").slice(0, 2);
    Object.assign(control ?? {}, { attributes: tests.map(({ id }) => id) });
    const { columns } = documentView(result).verify;
    const [one, other] = tests.map(({ id, letter }) => `${id} (${letter})`);
    expect(columns).toContain(`an item fails ${control?.id} where ${one} or ${other} says fail.`);
    expect(columns).toContain("in settings.csv");
  });

  it("says on the first page what the evidence leaves open, and that rules came late", () => {
    const result = assessmentFixture();
    const open = result.population.filter(({ observations }) =>
      observations.some(({ outcome }) => outcome === "notVerifiable"),
    );
    expect(view.cover.undecided?.what).toBe(`${open.length} of ${result.population.length} items`);
    expect(documentView(assessmentFixture({ clean: true })).cover.undecided).toBeNull();
    expect(view.cover.lateRules).toBeNull();
    for (const policy of result.policies) policy.firstSeen = result.period.to;
    expect(documentView(result).cover.lateRules).toContain("no earlier rule is on record");
    expect(renderDocument(result)).toContain("what it would have given cannot be shown");
  });

  it("tells tests with one message between them once, and quotes a direct commit's message", () => {
    const result = assessmentFixture();
    const [change] = result.exceptions.filter(({ subject, follows }) => subject === "change" && follows.length === 0);
    if (!change) throw new Error("the fixture lost its exception");
    change.attributes = ["approved-by-someone-independent", "approved-on-final-revision"];
    change.messages = ["One needed.", "One needed."];
    const told = documentView(result).exceptions.origins;
    expect(told.find(({ id }) => id === change.id)?.findings).toMatchObject([{ message: "One needed." }]);
    const commit = told.find(({ heading }) => heading.startsWith("Direct commit"));
    expect(commit?.title).toMatch(/^“.*”$/);
    expect(commit?.actor).toBe("pusher not on record; git names Dalia Ruiz <dalia@riverbank.example>");
    expect(commit?.at).toMatch(/^on the branch between 2026-10-\d\d \d\d:\d\d and 2026-10-\d\d \d\d:\d\d$/);
  });

  it("names each gap with the controls it weakens", () => {
    const [rules, checks] = view.cover.unseen.toSorted((a, b) => (a.what < b.what ? -1 : 1));
    expect(view.cover.unseen).toHaveLength(2);
    expect(checks).toMatchObject({ what: "search: checks, in part", when: "until 2026-10-09 12:00" });
    expect(rules).toMatchObject({
      what: "search: branch rules",
      when: "whole period",
      why: "403: the token lacks “Administration: read”",
    });
    expect(rules?.controls.map(({ text }) => text)).toContain("CHG-10");
  });

  it("prints every point that nothing addresses as such", () => {
    expect(view.criteria.concluded[0]?.missing).toBe(
      "6 points of 16 (2, 3, 6, 10, 11 and 14) are addressed by no control of this pack.",
    );
    expect(html()).toContain("Not addressed by this pack:");
  });

  it("tells every exception once, those that follow from another beside it", () => {
    const { exceptions } = assessmentFixture();
    expect(view.exceptions.origins.length + view.exceptions.followers.length).toBe(exceptions.length);
    expect(view.exceptions.followers[0]?.follows.map(({ text }) => text)).toEqual(["EX-2026-10-001"]);
  });

  it("sets the outcome under the earlier rule beside one that a retroactive rule decided", () => {
    const result = assessmentFixture();
    const change = result.population.find(({ label }) => label === "#422");
    const observation = change?.observations.find(({ attribute }) => attribute === "approved-by-someone-independent");
    if (!observation) throw new Error("the fixture lost its change");
    observation.earlierOutcome = "fail";
    expect(documentView(result).settings.changed.rows).toMatchObject([
      { system: "ledger", label: "#422", outcome: "passed", earlier: "failed" },
    ]);
    expect(documentView(assessmentFixture()).settings.changed.rows).toEqual([]);
  });

  it("has a place for every reference it makes", () => {
    for (const page of [html(), html({ clean: true })]) {
      const places = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
      const targets = [...page.matchAll(/(?:href="#|data-target=")([^"]+)"/g)].map(([, target]) => target);
      expect(targets.length).toBeGreaterThan(90);
      expect([...new Set(targets.filter((target) => !places.has(target)))]).toEqual([]);
      expect(page.match(/\sid="([^"]+)"/g)?.length).toBe(places.size);
    }
  });

  it("keeps its headings in order", () => {
    const levels = [...html().matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
    expect(levels[0]).toBe(1);
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.slice(1).filter((level, index) => level > (levels[index] ?? 0) + 1)).toEqual([]);
  });

  it("shows hostile text as text, wherever it comes from", () => {
    const result = assessmentFixture({ title: "<script>alert(1)</script>{{tool}}\u202e" });
    result.organisation.name = '"; } body { display: none } </style><img src=x> \\';
    const page = renderDocument(result);
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;{{tool}}‹U+202E›");
    expect(page).not.toMatch(/<script|<img|<iframe|<meta http-equiv="refresh/i);
    expect(page.match(/<\/style>/g)).toHaveLength(2);
    expect(page).not.toContain('"; }');
  });

  it("says what was never measured or declared instead of leaving it out", () => {
    const page = html({ clean: true });
    for (const said of [
      "Nothing: every test that applies gave an answer.",
      "None: every stream was read whole",
      "No test failed.",
    ]) {
      expect(page).toContain(said);
    }
    expect(page).toContain("changes made directly in production are outside this population");
  });
});
