import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { requestIndex } from "../../../src/pipeline/request-index.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const result = assessmentFixture();
const record = result.records[0]?.id ?? 0;
const exception = result.exceptions[0]?.id ?? "";
const index = (text: string): string => requestIndex({ path: "pbc.csv", text }, result, new Set([record]));

describe("the index of an auditor's requests", () => {
  it("says for each where its answer lies", () => {
    const rows = parse(
      index(`request,what\nPBC-1,changes.csv\nPBC-2,CHG-03\n"PBC-2",${exception}\nPBC-3,r${record}\n`),
      {
        columns: true,
      },
    );
    expect(rows).toEqual([
      { request: "PBC-1", what: "changes.csv", kind: "file", where: "changes.csv" },
      { request: "PBC-2", what: "CHG-03", kind: "control", where: "pack.html#control-CHG-03" },
      { request: "PBC-2", what: exception, kind: "exception", where: expect.stringContaining("pack.html#exception-") },
      {
        request: "PBC-3",
        what: `r${record}`,
        kind: "record",
        where: `pack.html#r${record} and records.jsonl, "id":${record}`,
      },
    ]);
  });

  it("keeps a request's number from being taken for a formula", () => {
    expect(index("request,what\n=HYPERLINK(1),changes.csv\n")).toContain("\n'=HYPERLINK(1),changes.csv,file,");
  });

  it("refuses what the pack does not hold, all at once, with the line", () => {
    expect(() => index("request,what\nPBC-1,CHG-99\n,changes.csv\nPBC-3,r999999999\n")).toThrow(
      /^pbc\.csv:2: the pack has no .*"CHG-99"\npbc\.csv:3: the request has no number\npbc\.csv:4: .*"r999999999"$/,
    );
    expect(() => index("number;what\nPBC-1;changes.csv\n")).toThrow("pbc.csv:1: the header is not request,what");
    expect(() => index('request,what\n"PBC-1,changes.csv\n')).toThrow("pbc.csv is not a CSV file");
  });
});
