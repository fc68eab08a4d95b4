import { describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { csvFiles } from "../../../src/report/csv.ts";
import { documentView } from "../../../src/report/document.ts";
import { documentFacts, renderDocument } from "../../../src/report/index.ts";
import { limits } from "../../../src/report/limits.ts";
import { listed } from "../../../src/report/listed.ts";
import { sha256Hex } from "../../../src/util/hash.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

/** The fixture's month so many times over: other items, records and exceptions. */
function many(times: number): AssessmentResult {
  const month = assessmentFixture();
  const most = Math.max(...month.records.map(({ id }) => id));
  const copies = Array.from({ length: times }, (_, copy) => {
    const key = (text: string): string => (copy === 0 || text === "" ? text : `${text}~${copy}`);
    const record = (id: number): number => id + copy * most;
    const perhaps = (id: number | null): number | null => id && record(id);
    return {
      population: month.population.map((item) => ({
        ...item,
        key: item.subject === "configuration" ? item.key : key(item.key),
        link: item.link && key(item.link),
        record: perhaps(item.record),
      })),
      exceptions: month.exceptions.map((one) => ({
        ...one,
        id: key(one.id),
        item: key(one.item),
        follows: one.follows.map(key),
        evidence: one.evidence.map(record),
        story: one.story.map((event) => ({ ...event, record: perhaps(event.record) })),
      })),
      records: month.records.map((one) => ({ ...one, id: record(one.id) })),
      bypasses: month.bypasses.entries.map((one) => ({ ...one, id: key(one.id), items: one.items.map(key) })),
    };
  });
  const population = copies.flatMap((copy) => copy.population);
  return {
    ...month,
    population: population.filter((item, index) => item.subject !== "configuration" || index < month.population.length),
    exceptions: copies.flatMap((copy) => copy.exceptions),
    records: copies.flatMap((copy) => copy.records),
    bypasses: { ...month.bypasses, entries: copies.flatMap((copy) => copy.bypasses) },
    controls: month.controls.map((control) => ({
      ...control,
      exceptions: copies.flatMap((_, copy) => control.exceptions.map((id) => (copy === 0 ? id : `${id}~${copy}`))),
    })),
  };
}

const deadLinks = (html: string): readonly string[] => {
  const ids = new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
  return [...html.matchAll(/href="#([^"]*)"/g)].flatMap(([, id = ""]) => (ids.has(id) ? [] : [id]));
};

describe("a listing", () => {
  it("is whole up to its limit, and beyond it the first by rank in their own order", () => {
    expect(listed([3, 1, 2], 3, (n) => n)).toEqual([3, 1, 2]);
    expect(listed([3, 1, 2], 2, (n) => n)).toEqual([1, 2]);
    expect(listed([4, 3, 1], 2, (n) => (n > 1 ? Number.POSITIVE_INFINITY : 0))).toEqual([1]);
  });

  it("below the limits says nothing of files that hold more", () => {
    const html = renderDocument(assessmentFixture());
    expect(html).not.toContain('class="cut"');
    expect(html).not.toContain("Printed here:");
  });
});

describe("the control matrix, what was merged elsewhere and the listings", () => {
  const result = assessmentFixture();
  const [change] = result.population.filter(({ subject }) => subject === "change");
  const [criterion] = result.criteria.filter(({ concluded, points }) => concluded && points.length > 0);
  const [control] = result.controls.filter(({ id }) => criterion?.controls.includes(id));
  if (!change || !criterion || !control) throw new Error("the fixture has changes, criteria and controls");
  const most = limits.matrix + 3;
  const copies = Array.from({ length: most }, (_, index) => ({ ...control, id: `OWN-${index}` }));
  result.controls = [...result.controls, ...copies];
  criterion.controls = [...criterion.controls, ...copies.map(({ id }) => id)];
  const { system, title, at } = change;
  result.reconciliation.elsewhere = Array.from({ length: limits.elsewhere + 1 }, (_, index) => ({
    system,
    label: `#${index}`,
    title,
    url: "https://git.riverbank.example/77",
    branch: "release",
    mergedAt: at,
    record: result.records[0]?.id ?? 1,
  }));

  it("end at their limits, and say where the rest is", () => {
    const { matrix, completeness } = documentView(result);
    const mine = matrix.matrices.find(({ title: name }) => name.endsWith(criterion.id));
    expect(mine?.rows).toHaveLength(limits.matrix);
    expect(mine?.more).toBe(
      `Printed here: the first 60 of ${criterion.controls.length} controls. All are in assessment.json, under controls, and in controls.csv.`,
    );
    expect(completeness.elsewhere?.rows).toHaveLength(limits.elsewhere);
    expect(completeness.elsewhere?.more).toContain("the first 500 of 501 changes merged to other branches.");
    expect(completeness.elsewhere?.sum).toContain("501 named here");
    expect(deadLinks(renderDocument(result))).toEqual([]);
  });

  it("are whole in an ordinary month, and the listings end with their sum", () => {
    const month = assessmentFixture();
    const { matrix, completeness } = documentView(month);
    expect(matrix.matrices.flatMap(({ more, moreAttested }) => [more, moreAttested])).toEqual(
      matrix.matrices.flatMap(() => [null, null]),
    );
    const records = (month.provenance.listings ?? []).reduce((sum, one) => sum + one.records, 0);
    expect(completeness.allListings.records).toBe(records.toLocaleString("en-GB"));
    const shares = completeness.listings.map(({ source }) =>
      source.split(" of ").map((n) => Number(n.replaceAll(",", ""))),
    );
    const sums = [0, 1].map((at) => shares.reduce((sum, share) => sum + (share[at] || 0), 0).toLocaleString("en-GB"));
    expect(completeness.allListings.source).toBe(sums.join(" of "));
    expect(renderDocument(month)).toContain('<th scope="row">All listings</th>');
  });
});

describe("a document of more than its listings print", () => {
  const result = many(75);
  const tables = csvFiles(result);
  const view = documentView(result, undefined, tables);
  const html = renderDocument(result, undefined, tables);

  it("names for each cut the file with its rows and its very digest", () => {
    const cuts = [
      ...view.items.cuts,
      view.records.cut,
      view.exceptions.cuts.stories,
      view.exceptions.cuts.exceptions,
    ].filter((cut) => cut !== null);
    expect(cuts.map(({ anchor }) => anchor)).toEqual(
      expect.arrayContaining(["changes-not-printed", "deployments-not-printed", "stories-not-printed"]),
    );
    for (const { text, digest } of cuts) {
      const [, name = "", rows = ""] = / in (\S+\.csv), with ([\d,]+) rows and SHA-256$/.exec(text) ?? [];
      expect(digest).toBe(sha256Hex(tables.get(name)?.text ?? ""));
      expect(Number(rows.replaceAll(",", ""))).toBe(tables.get(name)?.rows);
      expect(html).toContain(`<code>${digest}</code>`);
    }
  });

  it("prints what failed first, counts what it prints, and adds up with the file", () => {
    const rows = view.items.systems.flatMap(({ changes }) => changes);
    const [cut] = view.items.cuts;
    const [, shown, all] = /Printed here: ([\d,]+) of ([\d,]+) changes/.exec(cut?.text ?? "") ?? [];
    expect(Number(shown?.replaceAll(",", ""))).toBe(rows.length);
    expect(Number(all?.replaceAll(",", ""))).toBe(tables.get("changes.csv")?.rows);
    expect(rows.length).toBeLessThanOrEqual(limits.changes);
    expect(rows.every(({ filter }) => filter !== "p")).toBe(true);
    const { origins, brief, followers } = view.exceptions;
    expect(origins).toHaveLength(limits.stories);
    expect(origins.length + brief.length + followers.length).toBe(tables.get("exceptions.csv")?.rows);
    expect(new Set([...origins, ...brief, ...followers].map(({ id }) => id)).size).toBe(result.exceptions.length);
  });

  it("is signed for as what it prints: the files hold the population, the sections what did not pass", () => {
    const { assertion, completeness, section, items, exceptions } = view;
    const [, , population] = assertion.points;
    expect(items.cuts.map(({ anchor }) => anchor)).toEqual(["changes-not-printed", "deployments-not-printed"]);
    const at = section.population?.number;
    expect(population?.text).toContain(
      `The population, in changes.csv, commits.csv and deployments.csv (of changes and deployments section ${at} prints only what did not pass), is every change, every commit`,
    );
    expect(completeness.printedOf).toBe("changes and deployments");
    expect(html).not.toContain("counted here is a line of the");
    expect(html).toContain("is a row of changes.csv, commits.csv or deployments.csv");
    const told = assertion.points.map(({ text }) => text).join(" ");
    expect(told).toContain("and not-verifiable.csv names each");
    expect(exceptions.summary).toContain(
      "the 100 gravest each with what happened and management's response or room for it, the others as rows.",
    );
  });

  it("says of an ordinary month that all of it is printed", () => {
    const month = documentView(assessmentFixture());
    expect(month.assertion.points[2]?.text).toMatch(/^The population in section \d+ is every change, every commit/);
    expect(month.completeness.printedOf).toBeNull();
    expect(month.exceptions.summary).toContain("each with what happened and management's response or room for it.");
    expect(renderDocument(assessmentFixture())).toContain("counted here is a line of the");
  });

  it("has no link that leads nowhere", () => {
    expect(deadLinks(html)).toEqual([]);
  });

  it("lists as many records as it proves, and names no more exceptions of a control than a reader follows", () => {
    expect(view.records.rows.length).toBeLessThanOrEqual(limits.records);
    expect(documentFacts(result).listed).toHaveLength(view.records.rows.length);
    for (const [index, { exceptions }] of view.mechanisms.controls.entries()) {
      const all = result.controls[index]?.exceptions.length ?? 0;
      expect(exceptions.shown).toHaveLength(Math.min(all, limits.names));
      const more =
        all > limits.names ? `and ${(all - limits.names).toLocaleString("en-GB")} more, in exceptions.csv` : null;
      expect(exceptions.more).toBe(more);
    }
  });
});
