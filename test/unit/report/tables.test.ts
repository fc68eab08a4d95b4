import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { csvFiles } from "../../../src/report/csv.ts";
import { documentView } from "../../../src/report/document.ts";
import { renderReport } from "../../../src/report/index.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const result = assessmentFixture();
const files = csvFiles(result);
const rows = (name: string): Record<string, string>[] => parse(files.get(name)?.text ?? "", { columns: true });
const of = (subject: string) => result.population.filter((item) => item.subject === subject);
const outcomes = ["pass", "fail", "notVerifiable"] as const;
const tally = (items: readonly { outcome: string }[], outcome: string): number =>
  items.filter((item) => item.outcome === outcome).length;

describe("the tables of a pack", () => {
  it.each([
    ["commits.csv", "commit"],
    ["deployments.csv", "deployment"],
    ["settings.csv", "configuration"],
  ])("%s holds every %s once, and every outcome of its tests", (name, subject) => {
    const table = rows(name);
    expect(table).toHaveLength(of(subject).length);
    const said = table.flatMap((row) => result.attributes.map(({ id }) => ({ outcome: row[id] ?? "" })));
    const judged = of(subject).flatMap(({ observations }) => observations);
    for (const outcome of outcomes) expect(tally(said, outcome), outcome).toBe(tally(judged, outcome));
  });

  it("a commit names the change that explains it, and the changes count all commits", () => {
    const changes = rows("changes.csv");
    const commits = rows("commits.csv");
    expect(changes.reduce((sum, row) => sum + Number(row.commits), 0)).toBe(commits.length);
    for (const change of changes.filter(({ kind }) => kind === "change")) {
      const own = commits.filter(({ system, change: number }) => system === change.system && number === change.number);
      expect(own, `${change.system} ${change.number}`).toHaveLength(Number(change.commits));
    }
    const unexplained = changes.filter(({ kind }) => kind === "commit");
    expect(unexplained.length).toBeGreaterThan(0);
    expect(commits.filter(({ change_key }) => change_key === "")).toHaveLength(unexplained.length);
  });

  it("a setting names how many tests it was put to, and the controls that count them", () => {
    const settings = rows("settings.csv");
    for (const control of result.controls.filter(({ population }) => population === "configuration")) {
      const mine = settings.filter(({ tested_by }) => tested_by?.split(" ").includes(control.id));
      expect(mine, control.id).toHaveLength(control.tally.items - control.tally.notApplicable);
    }
    const tests = settings.reduce((sum, row) => sum + Number(row.tests), 0);
    const applied = of("configuration").flatMap(({ observations }) => observations);
    expect(tests).toBe(applied.filter(({ outcome }) => outcome !== "notApplicable").length);
    expect(tests).toBeGreaterThan(0);
  });

  it("the pack says of its lists what their counting columns count", () => {
    const told = new Map(documentView(result).verify.files.map(({ name, holds }) => [name, holds]));
    expect(told.get("changes.csv")).toContain("commits counts those of the period that it stands for");
    expect(told.get("settings.csv")).toContain("tests counts what it was put to, tested_by names the controls");
  });

  it("exceptions.csv and controls.csv say what the assessment says", () => {
    expect(rows("exceptions.csv").map(({ id, tests, waiver }) => [id, tests, waiver])).toEqual(
      result.exceptions.map(({ id, attributes, waiver }) => [id, attributes.join(" "), waiver ?? ""]),
    );
    for (const [index, row] of rows("controls.csv").entries()) {
      const control = result.controls[index];
      const { items, pass, fail, waived, notVerifiable, notApplicable } = control?.tally ?? {};
      expect(row).toMatchObject({ id: control?.id, result: control?.result, items: String(items) });
      expect([row.pass, row.fail, row.waived, row.not_verifiable, row.not_applicable].map(Number)).toEqual([
        pass,
        fail,
        waived,
        notVerifiable,
        notApplicable,
      ]);
      expect(row.exceptions).toBe(String(control?.exceptions.length));
    }
  });

  it("exceptions.csv shows management's answer beside the exception, and nothing else moves", () => {
    const answered = assessmentFixture();
    const [first, second] = answered.exceptions;
    if (!first || !second) throw new Error("the fixture lost its exceptions");
    answered.causes = [
      { id: "no-approval", title: "Nobody approved", items: 1, waived: 0, following: 0, bySystem: [] },
    ];
    first.cause = "no-approval";
    first.answer = { response: "A-1" };
    answered.responses = [
      {
        id: "A-1",
        disposition: "compensated",
        owner: "=Head of Engineering",
        cause: "The reviewer was away",
        remediation: "A second reviewer",
        due: "2026-12-01",
        covers: [first.id],
        unmatched: [],
        file: "responses/a.yaml",
        sha256: "ab",
        recordedAt: "2026-11-02T00:00:00Z",
        record: 1,
      },
    ];
    const csv = csvFiles(answered);
    const [one, other] = parse(csv.get("exceptions.csv")?.text ?? "", { columns: true }) as Record<string, string>[];
    expect(one).toMatchObject({
      cause: "no-approval",
      stand: "compensated",
      answer: "A-1",
      owner: "'=Head of Engineering",
      due: "2026-12-01",
      done: "",
      answered_at: "2026-11-02T00:00:00Z",
    });
    expect(other?.answer).toBe("");
    for (const [name, { text }] of files) if (name !== "exceptions.csv") expect(csv.get(name)?.text).toBe(text);
  });

  it("the pack lists every file with its rows", async () => {
    const { files: listed, names } = documentView(result).verify;
    const written = [...(await renderReport(result)).keys()];
    expect(names.split(" ")).toEqual([...written, "pack.pdf"].toSorted());
    for (const [name, { rows: count }] of files) {
      expect(listed.find((file) => file.name === name)?.rows).toBe(count.toLocaleString("en-GB"));
    }
    expect(listed.map(({ name }) => name).toSorted()).toEqual(
      written.filter((name) => name !== "pack.html").toSorted(),
    );
  });
});
