import { describe, expect, it } from "vitest";
import { entitySchema } from "../../../src/model/entity.ts";
import {
  alteredRows,
  normalizeListed,
  parseDeploymentList,
  recordOfList,
  recordOfRow,
} from "../../../src/providers/deployment-list.ts";
import { ConfigError } from "../../../src/util/errors.ts";

const oid = "a".repeat(40);
const header = "id,environment,commit,deployed_at,creator";
const row = `D-1,production,${oid},2026-10-05T10:00:00Z,github:release-bot`;
const payments = ["riverbank/payments"];

/** The lines of what is wrong with a list. */
function problemsOf(text: string, repositories = payments): readonly string[] {
  try {
    parseDeploymentList("log.csv", text, repositories);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("a list of deployments", () => {
  it("is read row by row as given, whatever ends its lines and whatever a spreadsheet puts in front", () => {
    const text = `\ufeff${header},ref,url\r\n${row},"main, again",https://cd.example/1\r\n\r\nD-2,staging,${oid},2026-10-05T12:00:00+02:00,argo,,\r\n`;
    expect(parseDeploymentList("log.csv", text, payments)).toEqual([
      {
        repository: "riverbank/payments",
        row: {
          id: "D-1",
          environment: "production",
          commit: oid,
          deployed_at: "2026-10-05T10:00:00Z",
          creator: "github:release-bot",
          ref: "main, again",
          url: "https://cd.example/1",
        },
      },
      {
        repository: "riverbank/payments",
        row: {
          id: "D-2",
          environment: "staging",
          commit: oid,
          deployed_at: "2026-10-05T12:00:00+02:00",
          creator: "argo",
          ref: "",
          url: "",
        },
      },
    ]);
    expect(parseDeploymentList("log.csv", `${header}\n`, payments)).toEqual([]);
    expect(parseDeploymentList("log.csv", `${header}\n${row}\n${row}\n`, payments)).toHaveLength(1);
  });

  it.each<[string, string, RegExp]>([
    ["nothing in it", "", /^log\.csv:1: the file is empty; .*id,environment,commit/],
    ["an unknown column", `${header},comit\n`, /^log\.csv:1: unknown column `comit`; did you mean `commit`/],
    ["a column twice", `${header},id\n`, /^log\.csv:1: the column `id` stands twice/],
    ["a missing column", "id,environment,commit,creator\n", /^log\.csv:1: the column `deployed_at` is missing/],
    ["a cell too few", `${header}\nD-1,production\n`, /^log\.csv:2: 2 cells, where the header has 5/],
    [
      "an abbreviated commit",
      `${header}\n${row.replace(oid, "aaaaaaa")}`,
      /:2: `commit` is "aaaaaaa", which is not a full/,
    ],
    ["a commit in capitals", `${header}\n${row.replace(oid, "A".repeat(40))}`, /:2: `commit` is "AAAA/],
    [
      "a time without a zone",
      `${header}\n${row.replace("00Z", "00")}`,
      /:2: `deployed_at` is .* not an instant with its zone/,
    ],
    ["a day that is none", `${header}\n${row.replace("10-05", "02-30")}`, /:2: `deployed_at` is "2026-02-30T/],
    ["a state nobody knows", `${header},state\n${row},done`, /:2: `state` is "done", which is not success, failure/],
    ["nobody who deployed", `${header}\n${row.replace("github:release-bot", "")}`, /:2: `creator` is ""/],
    ["an address that runs", `${header},url\n${row},javascript:alert(1)`, /:2: `url` is "javascript/],
    [
      "one id of two deployments",
      `${header}\n${row}\n${row.replace("production", "live")}`,
      /:3: the id D-1 stands in line 2 with other content/,
    ],
    [
      "another system's repository",
      `${header},repository\n${row},riverbank/ledger`,
      /:2: `repository` is "riverbank\/ledger", which is none of the system's: riverbank\/payments/,
    ],
    ["a quotation mark left open", `${header}\n"D-1,production\n`, /^log\.csv:\d: Quote Not Closed/],
  ])("is refused with %s, by line", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringMatching(problem)]);
  });

  it("says all that is wrong at once", () => {
    expect(problemsOf(`${header}\nD-1,,x,y,z\n`)).toHaveLength(3);
  });

  it("of a system with several repositories names one in each row", () => {
    const both = [...payments, "riverbank/ledger"];
    expect(problemsOf(`${header}\n${row}\n`, both)).toEqual([
      "log.csv:1: the column `repository` is missing: the system has several repositories",
    ]);
    expect(problemsOf(`${header},repository\n${row},\n`, both)).toEqual([
      'log.csv:2: `repository` is "", which is none of the system\'s: riverbank/payments, riverbank/ledger',
    ]);
    const text = `${header},repository\n${row},Riverbank/Ledger\n`;
    expect(parseDeploymentList("log.csv", text, both)).toMatchObject([{ repository: "riverbank/ledger" }]);
  });
});

const stream = "github/42/deployments/import/payments";
const kept = (record: ReturnType<typeof recordOfRow>) => ({
  ...record,
  id: 1,
  stream,
  source: "github",
  scopeId: "42",
  streamKind: "deployments" as const,
  fetchedAt: "2026-11-01T00:00:00Z",
  run: "run",
});
const cells = { id: "D-1", environment: "production", commit: oid, deployed_at: "2026-10-05T12:00:00.9+02:00" };

describe("a row", () => {
  it("is a deployment that succeeded unless it says otherwise, under a key of its list", () => {
    const entities = normalizeListed(kept(recordOfRow({ ...cells, creator: "argo" }))).map((one) =>
      entitySchema.parse(one),
    );
    expect(entities).toMatchObject([
      {
        type: "deployment",
        key: `${stream}/D-1`,
        repository: "github/42",
        createdAt: "2026-10-05T10:00:00Z",
        creator: { id: "", login: "argo", kind: "unknown" },
        origin: { from: "import", stream },
      },
      { type: "deploymentStatus", deployment: `${stream}/D-1`, state: "success", run: null },
    ]);
    const failed = normalizeListed(kept(recordOfRow({ ...cells, creator: "argo", state: "failure" })));
    expect(failed[1]).toMatchObject({ state: "failure" });
  });

  it("of another shape is not dropped", () => {
    expect(() => normalizeListed(kept(recordOfRow({ id: "D-1" })))).toThrow(/unknown shape/);
  });
});

it("rows altered after they were read are found, but not one that had not ended", () => {
  const version = (id: string, more: object) => recordOfRow({ ...cells, id, creator: "argo", ...more });
  const list = recordOfList({ file: "log.csv", sha256: "0", rows: 2, gone: ["D-9"] });
  const records = [
    version("D-1", { state: "success" }),
    version("D-2", { state: "running" }),
    version("D-1", { state: "failure" }),
    version("D-2", { state: "success" }),
    list,
  ];
  expect(alteredRows(records)).toEqual({ changed: ["D-1"], gone: ["D-9"] });
  expect(normalizeListed(kept(list))).toEqual([]);
});
