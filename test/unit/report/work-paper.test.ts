import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { draw } from "../../../src/model/draw.ts";
import { populationItems, type Sample } from "../../../src/model/sample.ts";
import { openPack } from "../../../src/report/pack.ts";
import { renderWorkPapers } from "../../../src/report/work-paper/index.ts";
import { timelineFigure } from "../../../src/report/work-paper/timeline-figure.ts";
import { sha256Hex } from "../../../src/util/hash.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const result = assessmentFixture();
const failing = result.exceptions.find(({ subject, waiver }) => subject === "change" && waiver === null);

function sampleOf(more: Partial<Sample> = {}): Sample {
  const items = populationItems(result, "changes");
  const drawn = draw(items.keys(), { seed: "8231", size: 4 }, sha256Hex);
  const keys = [...new Set([...(failing ? [failing.item] : []), ...drawn.keys])];
  return {
    name: "riverbank-2026-10-sample-8231",
    population: "changes",
    keys: [...items.keys()].sort(),
    digest: drawn.digest,
    fixed: { at: "2026-11-04T06:00:00Z", record: 77 },
    selection: {
      by: "draw",
      seed: "8231",
      size: 4,
      reason: "The size was asked for as such.",
      strataBy: null,
      strata: [],
    },
    items: keys.flatMap((key) =>
      (items.get(key) ?? []).map(({ system, at, record }) => ({
        key,
        system,
        events: [
          { at: "2026-10-01T08:00:00Z", kind: "commit" as const, good: true, text: "commit 1", record: null },
          { at, kind: "merged" as const, good: true, text: "<b>merged</b>", record },
        ],
        places: new Map(record === null ? [] : [[record, 4_711]]),
      })),
    ),
    pack: { name: "riverbank-2026-10", state: "issued", manifest: "ab".repeat(32) },
    evidence: "bundle",
    ...more,
  };
}

const files = (sample: Sample): ReadonlyMap<string, string> => renderWorkPapers(result, sample);
const html = (sample: Sample): string => files(sample).get("work-papers.html") ?? "";

describe("work papers", () => {
  it("are the same bytes for the same sample", () => {
    expect([...files(sampleOf())]).toEqual([...files(sampleOf())]);
  });

  it("name the pack, its state, the checkpoint and themselves in the footer, and the seed with the way to draw again", () => {
    const text = html(sampleOf());
    const document = sha256Hex(files(sampleOf()).get("sample.json") ?? "").slice(0, 16);
    expect(text).toContain(`document ${document}`);
    expect(text).toMatch(/Pack riverbank\\2d 2026\\2d 10\\2c {2}issued/);
    expect(text).toContain("sha256sum");
    expect(text).toContain("in the ledger, as r77, since 4 November 2026");
  });

  it("show what nothing may hide: hostile text as text, and failures with their exception and whether it was answered", () => {
    const text = html(sampleOf());
    expect(text).not.toContain("<b>merged</b>");
    expect(text).toContain("&lt;b&gt;merged&lt;/b&gt;");
    expect(failing).toBeDefined();
    expect(text).toContain(`<b>${failing?.id}</b>`);
    expect(text).toContain("No answer of management is recorded.");
  });

  it("show management's answer where there is one, as its word", () => {
    const answered = structuredClone(result);
    for (const exception of answered.exceptions)
      if (exception.id === failing?.id) exception.answer = { response: "R-1" };
    answered.responses = [
      {
        id: "R-1",
        disposition: "compensated",
        owner: "Head of Engineering",
        cause: "The reviewer was on leave.",
        remediation: "A second reviewer is named.",
        due: "2026-12-31",
        covers: [failing?.id ?? ""],
        unmatched: [],
        file: "responses.yaml",
        sha256: "ef".repeat(32),
        recordedAt: "2026-11-04T06:00:00Z",
        record: 88,
      },
    ];
    const text = renderWorkPapers(answered, sampleOf()).get("work-papers.html");
    expect(text).toMatch(
      /Management's answer \(r88, [^)]+\):<\/span> compensated, Head of Engineering\. The reviewer was on leave\. Remediation: A second reviewer is named\. Due 2026-12-31\./,
    );
  });

  it("give every attribute of a change a row with room for the auditor, and its records their places", () => {
    const text = html(sampleOf());
    const [first = ""] = text.split('<section class="sheet paper"').slice(1);
    const letters = [...first.matchAll(/<span class="letter">(.)<\/span>/g)].map(([, letter]) => letter);
    expect(letters.join("")).toMatch(/ABCDEFGHIJK/);
    expect(first.match(/<td class="own"><\/td>/g)).toHaveLength(4 * letters.length);
    expect(first).toContain("4,711");
    for (const [, anchor = ""] of first.matchAll(/href="#(s1-r\d+)"/g)) expect(first).toContain(`id="${anchor}"`);
  });

  it("give a CSV with the same outcomes and columns left to the auditor", () => {
    const given = files(sampleOf());
    const rows = parse(given.get("sample.csv") ?? "", { columns: true }) as Record<string, string>[];
    const { items } = JSON.parse(given.get("sample.json") ?? "") as {
      items: { key: string; attributes: { id: string; letter: string; outcome: string }[] }[];
    };
    expect(rows.map(({ key }) => key)).toEqual(items.map(({ key }) => key));
    rows.forEach((row, index) => {
      for (const { id, letter, outcome } of items[index]?.attributes ?? [])
        expect(row[`${letter} ${id}`]).toBe(outcome);
      expect([row.tick, row.initials, row.date, row.remark]).toEqual(["", "", "", ""]);
    });
  });

  it("name each line of an own list that is not in the sample", () => {
    const unresolved = [{ given: "#999<", reason: "no change of 2026-10 is called so" }];
    const text = html(sampleOf({ selection: { by: "items", digest: "cd".repeat(32), given: 5, unresolved } }));
    expect(text).toContain("#999&lt;</th><td>no change of 2026-10 is called so");
    expect(text).not.toContain("sha256sum");
  });
});

describe("a timeline", () => {
  const pack = openPack(result);
  const event = (kind: "commit" | "check" | "merged" | "deployed", at: string, good = true) => ({
    kind,
    at,
    good,
    text: `${kind} at`,
    record: null,
  });

  it("is to scale, a lane for each kind there is, and told in words", () => {
    const figure = timelineFigure(
      [
        event("commit", "2026-10-01T00:00:00Z"),
        event("check", "2026-10-01T12:00:00Z", false),
        event("merged", "2026-10-02T00:00:00Z"),
      ],
      pack,
    );
    expect(figure?.lanes.map(({ name }) => name)).toEqual(["Commits", "Checks", "On the branch"]);
    expect(figure?.marks.map(({ kind }) => kind)).toEqual(["commit", "failed", "merged"]);
    const [left = 0, right = 0] = [figure?.axis.x1, figure?.axis.x2];
    const check = Number(/^M([\d.]+)/.exec(figure?.marks[1]?.path ?? "")?.[1]) + 3.4;
    expect(check).toBeCloseTo((left + right) / 2, 1);
    expect(figure?.alternative).toContain("02:00 commit at; 2026-10-01 14:00 check at");
  });

  it("of one instant has a place, and of nothing there is none", () => {
    const figure = timelineFigure([event("deployed", "2026-10-01T00:00:00Z")], pack);
    expect(figure?.marks).toHaveLength(1);
    expect(figure?.marks[0]?.path).not.toContain("NaN");
    expect(timelineFigure([], pack)).toBeNull();
  });
});
