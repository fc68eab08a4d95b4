import { describe, expect, it } from "vitest";
import type { EvidenceRecord } from "../../../src/model/stream.ts";
import {
  alteredIncidents,
  incidentsOf,
  isOfIncidents,
  parseIncidentList,
  recordOfIncident,
  recordOfIncidentList,
} from "../../../src/providers/incident-list.ts";
import { ConfigError } from "../../../src/util/errors.ts";

const oid = "a".repeat(40);
const header = "id,opened_at,resolved_at,system";
const row = "INC-1,2026-10-05T10:00:00Z,2026-10-05T11:30:00Z,payments";
const systems = ["payments", "ledger"];

function problemsOf(text: string): readonly string[] {
  try {
    parseIncidentList("incidents.csv", text, systems);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

let id = 0;
const kept = (record: { kind: string; externalId: string; body: unknown }): EvidenceRecord => ({
  ...record,
  id: ++id,
  stream: "flowproof/riverbank/incidents",
  source: "flowproof",
  scopeId: "riverbank",
  streamKind: "incidents",
  fetchedAt: "2026-11-03T00:00:00Z",
  run: "r",
});

describe("a list of incidents", () => {
  it("is read row by row; what is not resolved is open, and the cause may be named by deployment or commit", () => {
    const text = `\ufeff${header},deployment,commit\r\n${row},99,\r\nINC-2,2026-10-06T12:00:00+02:00,,ledger,,${oid}\r\n`;
    const records = parseIncidentList("incidents.csv", text, systems).map((one) => kept(recordOfIncident(one)));
    expect(incidentsOf(records)).toMatchObject([
      {
        id: "INC-1",
        system: "payments",
        openedAt: "2026-10-05T10:00:00Z",
        resolvedAt: "2026-10-05T11:30:00Z",
        deployment: "99",
        commit: null,
      },
      { id: "INC-2", openedAt: "2026-10-06T10:00:00Z", resolvedAt: null, deployment: null, commit: oid },
    ]);
    expect(parseIncidentList("incidents.csv", `${header}\n`, systems)).toEqual([]);
    expect(parseIncidentList("incidents.csv", `${header}\n${row}\n${row}\n`, systems)).toHaveLength(1);
  });

  it.each<[string, string, RegExp]>([
    ["nothing in it", "", /^incidents\.csv:1: the file is empty; .*id,opened_at,resolved_at,system/],
    ["an unknown column", `${header},severty\n`, /:1: unknown column `severty`/],
    ["a column that objects inherit", `${header},__proto__\n${row},x`, /:1: unknown column `__proto__`/],
    ["a missing column", "id,opened_at,system\n", /:1: the column `resolved_at` is missing/],
    ["a cell too many", `${header}\n${row},x\n`, /:2: 5 cells, where the header has 4/],
    ["a time without a zone", `${header}\n${row.replace("10:00:00Z", "10:00:00")}`, /`opened_at` is .* not an instant/],
    [
      "a resolution that is none",
      `${header}\n${row.replace("2026-10-05T11:30:00Z", "soon")}`,
      /`resolved_at` is "soon"/,
    ],
    [
      "an end before the beginning",
      `${header}\n${row.replace("T11:30", "T09:30")}`,
      /`resolved_at` is .*before `opened_at`/,
    ],
    ["a system nobody configured", `${header}\n${row.replace("payments", "paymnets")}`, /`system` is "paymnets"/],
    ["no system", `${header}\n${row.replace("payments", "")}`, /`system` is ""/],
    [
      "an abbreviated commit",
      `${header},commit\n${row},aaaaaaa`,
      /`commit` is "aaaaaaa", which is not a full commit id/,
    ],
    ["an id with spaces", `${header}\n${row.replace("INC-1", "INC 1")}`, /`id` is "INC 1"/],
    [
      "one id with two contents",
      `${header}\n${row}\n${row.replace("T11", "T12")}`,
      /:3: the id INC-1 stands in line 2/,
    ],
    ["a quotation mark that never ends", `${header}\n"INC-1,x`, /Quote Not Closed/],
  ])("with %s is refused, and the line is named", (_, text, problem) => {
    expect(problemsOf(text).join("\n")).toMatch(problem);
  });

  it("names every wrong line at once", () => {
    const text = `${header}\n${row.replace("payments", "x")}\nINC-2,never,,ledger\n`;
    expect(problemsOf(text)).toHaveLength(2);
  });

  it("carries a formula, markup and a right-to-left mark in an id as text", () => {
    const hostile = '=HYPERLINK("x")<b>\u202e';
    const text = `${header}\n"${hostile.replaceAll('"', '""')}",2026-10-05T10:00:00Z,,payments\n`;
    expect(parseIncidentList("incidents.csv", text, systems)[0]?.id).toBe(hostile);
  });
});

describe("what is kept of a list of incidents", () => {
  const first = { id: "INC-1", opened_at: "2026-10-05T10:00:00Z", resolved_at: "", system: "payments" };
  const resolved = { ...first, resolved_at: "2026-10-05T11:00:00Z" };
  const seen = (gone: string[]) => kept(recordOfIncidentList({ file: "i.csv", sha256: "0", rows: 1, gone }));

  it("counts the latest version of a row; that an open one was resolved is no alteration", () => {
    const records = [kept(recordOfIncident(first)), seen([]), kept(recordOfIncident(resolved)), seen([])];
    expect(records.every(isOfIncidents)).toBe(true);
    expect(incidentsOf(records)).toMatchObject([{ id: "INC-1", resolvedAt: "2026-10-05T11:00:00Z" }]);
    expect(alteredIncidents(records)).toEqual({ changed: [], gone: [] });
  });

  it("says which rows were changed after they were resolved, and which are gone and still count", () => {
    const moved = { ...resolved, resolved_at: "2026-10-05T10:01:00Z" };
    const records = [kept(recordOfIncident(resolved)), seen([]), kept(recordOfIncident(moved)), seen(["INC-1"])];
    expect(alteredIncidents(records)).toEqual({ changed: ["INC-1"], gone: ["INC-1"] });
    expect(incidentsOf(records)).toHaveLength(1);
  });

  it("is not guessed at where a row cannot be read", () => {
    expect(incidentsOf([kept({ ...recordOfIncident(first), body: { id: 1 } })])).toBeUndefined();
  });
});
