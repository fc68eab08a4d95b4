import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { csvFiles, safeCell } from "../../../../src/report/csv.ts";
import { documentView } from "../../../../src/report/document.ts";
import { redact } from "../../../../src/report/redact.ts";
import { longestCell } from "../../../../src/report/xlsx/cell-text.ts";
import { noneOf, sheetNames, workPapers } from "../../../../src/report/xlsx/work-papers.ts";
import { sha256Hex } from "../../../../src/util/hash.ts";
import { assessmentFixture } from "../../../fixtures/assessment.ts";
import { manualFixture } from "../../../fixtures/manual-evidence.ts";
import { type ReadSheet, readWorkbook, unzipTexts } from "../../../fixtures/workbook.ts";

const result = assessmentFixture();
const bytes = await workPapers(result);
const book = readWorkbook(bytes);

const sheet = (name: string, from = book): ReadSheet => from.get(name) ?? [];
/** A sheet's rows by the heads of its columns. */
function rows(name: string, from = book): readonly Record<string, string>[] {
  const [heads = [], ...rest] = sheet(name, from);
  const own = Object.values(noneOf).includes(rest[0]?.[0] ?? "") ? [] : rest;
  return own.map((row) => Object.fromEntries(heads.map((head, index) => [head, row[index] ?? ""])));
}
const csv = (name: string): Record<string, string>[] =>
  parse(csvFiles(result).get(name)?.text ?? "", { columns: true });

describe("the work papers", () => {
  it("have their sheets in order, with heads that stay, filters and widths", () => {
    expect([...book.keys()]).toEqual(sheetNames);
    const files = unzipTexts(bytes);
    expect(files.get("xl/workbook.xml")).toContain("'Not verifiable'!$1:$1</definedName>");
    for (const index of sheetNames.keys()) {
      const xml = files.get(`xl/worksheets/sheet${index + 1}.xml`) ?? "";
      expect(xml).toMatch(/<col [^>]*customWidth="1"/);
      if (index === 0) continue;
      expect(xml).toContain('state="frozen"');
      expect(xml).toMatch(new RegExp(`<autoFilter ref="A1:[A-Z]+${rows(sheetNames[index] ?? "").length + 1}"/>`));
    }
  });

  it.each([
    ["Changes", "changes.csv", "Commit", "commit"],
    ["Commits", "commits.csv", "Commit", "commit"],
    ["Deployments", "deployments.csv", "Number", "id"],
    ["Settings", "settings.csv", "Setting", "setting"],
    ["Exceptions", "exceptions.csv", "Exception", "id"],
    ["Controls", "controls.csv", "Statement", "statement"],
    ["Unmatched", "unmatched.csv", "Why", "why"],
  ])("%s says what %s says", (name, file, head, column) => {
    expect(rows(name).map((row) => row[head])).toEqual(csv(file).map((row) => row[column]));
    const tests = result.attributes.filter(({ id }) => Object.keys(csv(file)[0] ?? {}).includes(id));
    for (const { id, letter } of tests)
      expect(rows(name).map((row) => row[`${letter} ${id}`])).toEqual(csv(file).map((row) => row[id]));
  });

  it("count what the assessment counts", () => {
    const open = result.population
      .flatMap(({ observations }) => observations)
      .filter((o) => o.outcome === "notVerifiable");
    expect(rows("Not verifiable")).toHaveLength(open.length);
    expect(rows("Bypasses").map(({ Bypass }) => Bypass)).toEqual(result.bypasses.entries.map(({ id }) => id));
    expect(rows("Coverage")).toHaveLength(result.coverage.flatMap(({ intervals }) => intervals).length);
    expect(rows("Records").map(({ Record, Leaf }) => [Record, Leaf])).toEqual(
      result.records.map(({ id, leaf }) => [`r${id}`, leaf]),
    );
    const points = result.criteria.flatMap((criterion) => criterion.points);
    expect(rows("Criteria")).toHaveLength(result.criteria.length + points.length);
    const summary = sheet("Summary");
    const stated = (what: string): string => summary.find(([first]) => first === what)?.[1] ?? "";
    expect(stated("Changes")).toBe(String(rows("Changes").filter(({ Kind }) => Kind === "change").length));
    expect(stated("Commits")).toBe(String(rows("Commits").length));
    expect(stated("Exceptions")).toBe(String(rows("Exceptions").length));
    for (const name of sheetNames.slice(1)) {
      expect(summary.findLast(([first]) => first === name)?.[1]).toBe(String(rows(name).length));
    }
  });

  it("hold management's attestations and what was said of changes looked at again, a row each", async () => {
    const manual = manualFixture();
    const read = readWorkbook(await workPapers(manual));
    expect(rows("Attestations", read)).toEqual([
      expect.objectContaining({
        Attestation: "change-procedure",
        Version: "2",
        Kind: "procedure in force",
        Criteria: expect.stringMatching(/^\S+:\S+:\S+$/),
        "Stands to the period": "throughout the period",
        "SHA-256": "ab".repeat(32),
        "File in the evidence": `attachments/change-procedure-${"ab".repeat(6)}.pdf`,
        Record: `r${manual.attestations[0]?.record}`,
      }),
      expect.objectContaining({ Attestation: "game-day", Title: "'=Game day", "Stands to the period": "withdrawn" }),
    ]);
    expect(rows("Attestations", read)[1]?.Withdrawn).toContain("It was another system's.");
    const looked = rows("Re-reviews", read);
    expect(looked.map(({ Result }) => Result)).toEqual(["agreed", "not agreed", "not recorded"]);
    expect(looked[1]).toMatchObject({
      "Sample of": "2026-09",
      Population: "57",
      Remark: "The check ran on another head.",
      "Earlier words": "1",
    });
    const summary = sheet("Summary", read);
    expect(summary.findLast(([first]) => first === "Attestations")?.[1]).toBe("2");
    expect(rows("Attestations")).toEqual([]);
  });

  it("say of an empty sheet what there is none of, and count no row", async () => {
    expect(sheet("Re-reviews").slice(1)).toEqual([["None: no sample of changes was drawn to be looked at again."]]);
    const bare = assessmentFixture();
    const empty = { ...bare, exceptions: [], bypasses: { ...bare.bypasses, entries: [] } };
    const read = readWorkbook(await workPapers(empty));
    expect(sheet("Exceptions", read)[1]).toEqual(["None: no test failed."]);
    expect(sheet("Bypasses", read)[1]).toEqual(["None: no bypass is on record."]);
    expect(sheet("Summary", read).findLast(([first]) => first === "Exceptions")?.[1]).toBe("0");
    expect(sheetNames.filter((name) => name !== "Summary" && noneOf[name] === undefined)).toEqual([]);
  });

  it("hold in Unmatched what the tie-out matches with nothing", () => {
    expect(rows("Unmatched")).toHaveLength(result.reconciliation.unmatched.length);
    expect(result.reconciliation.unmatched.length).toBeGreaterThan(0);
  });

  it("say of a point who attests it, and whether anything tested it", async () => {
    const manual = manualFixture();
    const [criterion] = manual.criteria.filter(({ concluded, points }) => concluded && points.length > 0);
    const free = criterion?.points.find(({ controls }) => controls.length === 0)?.id ?? "";
    const taken = criterion?.points.find(({ controls }) => controls.length > 0)?.id ?? "";
    for (const one of manual.attestations) for (const named of one.criteria) named.points = [free, taken];
    const read = rows("Criteria", readWorkbook(await workPapers(manual)));
    const said = (point: string) =>
      read.find((row) => row.Criterion === criterion?.id && row.Point === point)?.["Attested by"];
    expect(said(free)).toBe("change-procedure v2 (attested, not tested)");
    expect(said(taken)).toBe("change-procedure v2");
    expect(read.filter((row) => row["Attested by"] !== "")).toHaveLength(2);
  });

  it("name the branches of a repository as the document does, those it is promoted to among them", async () => {
    const promoted = assessmentFixture();
    const [repository] = promoted.scope.systems[0]?.repositories ?? [];
    if (!repository) throw new Error("the fixture has a repository");
    repository.promotedThrough = ["prod"];
    const words = documentView(promoted).completeness.systems[0]?.repositories ?? "";
    expect(words).toContain("promoted to prod)");
    const summary = sheet("Summary", readWorkbook(await workPapers(promoted)));
    expect(summary.find(([first]) => first?.startsWith("System "))).toContain(words);
  });

  it("name no file of an attestation in a redacted edition, which holds none", async () => {
    const redacted = redact(manualFixture(), []);
    const read = readWorkbook(await workPapers(redacted));
    expect(rows("Attestations", read)[0]?.["File in the evidence"]).toBe("");
  });

  it("show times in the pack's zone and in UTC, and leave the auditor room", () => {
    const change = result.population.find(({ subject }) => subject === "change");
    const row = rows("Changes").find(({ Commit }) => Commit === change?.commit);
    expect(row?.["On the branch (UTC)"]).toBe(change?.at);
    expect(row?.["On the branch (Europe/Berlin)"]).toMatch(/^2026-\d\d-\d\d \d\d:\d\d$/);
    expect(sheet("Exceptions")[0]?.slice(-4)).toEqual(["Auditor: tick", "Initials", "Date", "Remark"]);
  });

  it("say what the pack is: a draft, or what a calibration is not", async () => {
    const says = (from: typeof book, text: string): boolean => sheet("Summary", from).some(([first]) => first === text);
    expect(says(book, "A draft: nobody has issued or signed it.")).toBe(true);
    expect(says(readWorkbook(await workPapers(result, "calibration")), "Calibration, not evidence")).toBe(true);
  });

  it("are the same bytes at any time and in any zone", async () => {
    const zone = process.env.TZ;
    process.env.TZ = "Pacific/Auckland";
    try {
      expect(Buffer.from(await workPapers(result)).equals(bytes)).toBe(true);
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
  });
});

describe("64 text that a spreadsheet could run", () => {
  const hostile = [
    "=HYPERLINK(1)",
    "\t=1",
    " +1",
    "\uff1dcmd",
    "-2+3",
    "@SUM(A1)",
    "constructor",
    "__proto__",
    "a_x0041_b _x202E_",
    "x & <b>y</b> ]]> \u0000\ud83d \ufffd",
    "ad\u200bmin \u202egpj.exe",
    "W".repeat(100_000),
  ];

  it("is typed as text, led by an apostrophe, visible, and no longer than a cell", async () => {
    const troubled = assessmentFixture();
    hostile.forEach((title, index) => {
      const item = troubled.population.filter(({ subject }) => subject === "change")[index];
      if (!item) throw new Error("the fixture has too few changes");
      item.title = title;
    });
    // The reader refuses a formula, and text that is not typed as text.
    const read = rows("Changes", readWorkbook(await workPapers(troubled)));
    const titles = read.filter(({ Kind }) => Kind === "change").map(({ Title }) => Title ?? "");
    expect(titles.slice(0, hostile.length - 1)).toEqual(hostile.slice(0, -1).map(safeCell));
    const long = titles[hostile.length - 1] ?? "";
    expect(long).toHaveLength(longestCell);
    expect(long).toContain(`(100,000 characters, SHA-256 ${sha256Hex("W".repeat(100_000))})`);
    for (const title of titles.slice(0, 6)) expect(title).toMatch(/^'/);
  });
});
