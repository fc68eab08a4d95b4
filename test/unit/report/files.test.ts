import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { assessmentResultSchema } from "../../../src/model/assessment.ts";
import { changesCsv, safeCell } from "../../../src/report/csv.ts";
import { documentView } from "../../../src/report/document.ts";
import { renderReport } from "../../../src/report/index.ts";
import { sortedJson } from "../../../src/report/json.ts";
import { visible } from "../../../src/report/visible.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const result = assessmentFixture();
const files = await renderReport(result);
const text = (name: string): string => String(files.get(name) ?? "");
const rows = (name: string): Record<string, string>[] => parse(text(name), { columns: true });
const header = (name: string): string => text(name).split("\n")[0] ?? "";
const tested = result.attributes.filter(({ subject }) => subject !== "configuration").map(({ id }) => id);

it("is made from a fixture that is a valid result", () => {
  expect(assessmentResultSchema.parse(result)).toEqual(result);
});

describe("changes.csv", () => {
  it("has the agreed header, and a row per merged change and per commit that no change explains", () => {
    expect(header("changes.csv")).toBe(
      `system,repository,kind,number,commit,merged_at,author,classes,${tested.join(",")},commits`,
    );
    const changes = result.population.filter(({ subject }) => subject === "change");
    const unexplained = result.population.filter(({ subject, link }) => subject === "commit" && link === null);
    expect(rows("changes.csv").filter(({ kind }) => kind === "change")).toHaveLength(changes.length);
    expect(
      rows("changes.csv")
        .filter(({ kind }) => kind === "commit")
        .map((row) => row.commit),
    ).toEqual(unexplained.map(({ commit }) => commit));
  });

  it("names the classes of a change, so that a list which the pack cuts short can be had whole", () => {
    const classed = assessmentFixture();
    const changes = classed.population.filter(({ subject }) => subject === "change");
    for (const change of changes) change.classes = change === changes[0] ? ["automated", "release"] : ["automated"];
    const table: Record<string, string>[] = parse(changesCsv(classed), { columns: true });
    expect(table.filter(({ classes = "" }) => classes.split(" ").includes("automated"))).toHaveLength(changes.length);
    expect(table.filter(({ classes }) => classes === "automated release")).toHaveLength(1);
    const more = documentView({ ...classed, population: Array.from({ length: 41 }, () => changes).flat() });
    expect(more.classes.rows.find(({ any }) => any)?.more).toMatch(
      /^and [\d,]+ more, in changes\.csv, column classes, as automated$/,
    );
  });

  it("shows a change's own outcomes with those of its commits and first deployment, and notApplicable for the rest", () => {
    const stale = rows("changes.csv").find(({ system, number }) => system === "payments" && number === "316");
    expect(stale).toMatchObject({
      "approved-on-final-revision": "fail",
      "required-checks-passed": "pass",
      "deployed-as-approved": "fail",
      "deployed-by-authorised-identity": "pass",
      "arrived-by-change": "pass",
    });
    const pushed = rows("changes.csv").find(({ system, kind }) => system === "ledger" && kind === "commit");
    expect(pushed).toMatchObject({
      number: "",
      "arrived-by-change": "fail",
      "required-checks-passed": "notApplicable",
      "deployed-as-approved": "notApplicable",
    });
    const undeployed = rows("changes.csv").find(({ system, number }) => system === "payments" && number === "332");
    expect(undeployed).toMatchObject({ "fall-back-possible": "notApplicable" });
  });
});

it("changes.csv gives each system of one repository its own deployment's outcomes", () => {
  const change = result.population.find(({ subject, link }) => subject === "change" && link !== null);
  const deployment = result.population.find(({ key }) => key === change?.link);
  if (!change || !deployment) throw new Error("the fixture holds no deployed change");
  const failing = deployment.observations.map((seen) => ({ ...seen, outcome: "fail" as const }));
  const population = [
    change,
    deployment,
    { ...change, system: "other" },
    { ...deployment, system: "other", observations: failing },
  ];
  const [own, other] = parse(changesCsv({ ...result, population }), { columns: true }) as Record<string, string>[];
  expect(other).toMatchObject({ system: "other", "deployed-by-authorised-identity": "fail" });
  const expected = deployment.observations.find(({ attribute }) => attribute === "deployed-by-authorised-identity");
  expect(own).toMatchObject({ system: change.system, "deployed-by-authorised-identity": expected?.outcome });
});

it("deployments.csv has the agreed header and a row per deployment", () => {
  expect(header("deployments.csv")).toBe(
    `system,repository,id,environment,commit,deployed_at,creator,${tested.join(",")}`,
  );
  const deployments = result.population.filter(({ subject }) => subject === "deployment");
  expect(rows("deployments.csv").map(({ id }) => id)).toEqual(deployments.map(({ number }) => number));
  expect(rows("deployments.csv").find(({ id }) => id === "9007")).toMatchObject({
    "deployed-by-authorised-identity": "fail",
    "arrived-by-change": "notApplicable",
  });
});

describe("a cell", () => {
  it.each([
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\n=1",
    "\t=1",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff@x",
    "\uff1d1",
    "|calc",
    "%x",
    "\u202e=1",
  ])("%j runs in no spreadsheet", (text) => expect(safeCell(text)).toBe(`'${visible(text)}`));

  it("hides nothing, turns nothing around and holds no token", () => {
    expect(safeCell("ad\u200bmin \u202etxt.exe")).toBe("ad‹U+200B›min ‹U+202E›txt.exe");
    expect(safeCell("ghp_0123456789abcdefABCD0123")).toBe("[redacted token]");
  });

  it("that is plain stays as it is, and a broken one can be written", () => {
    expect(safeCell("ada-okafor (410231)")).toBe("ada-okafor (410231)");
    expect(safeCell("a\u0000\ud83d")).toBe("a‹U+0000›‹U+D83D›");
  });
});

describe("assessment.json", () => {
  const json = text("assessment.json");

  it("holds the result, and its schema accepts it and refuses another", () => {
    expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(result)));
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(text("assessment.schema.json")));
    expect(validate(JSON.parse(json))).toBe(true);
    expect(validate({ ...JSON.parse(json), population: [{ subject: "rumour" }] })).toBe(false);
  });

  it("is sorted, and lone surrogates survive it", () => {
    const value = { b: [1, 2], a: { d: "\ud83d", c: [] }, e: [{ f: null }] };
    expect(sortedJson(value)).toBe(
      '{\n  "a": {\n    "c": [],\n    "d": "\\ud83d"\n  },\n  "b": [1, 2],\n  "e": [\n    {\n      "f": null\n    }\n  ]\n}\n',
    );
    expect(JSON.parse(sortedJson(value))).toEqual(value);
  });
});

it("gives the same bytes for the same result, whatever the order of its keys", async () => {
  const shuffled = Object.fromEntries(Object.entries(result).reverse()) as AssessmentResult;
  expect([...(await renderReport(shuffled))]).toEqual([...files]);
});
