import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import type { AssessmentResult, Item } from "../../../src/model/assessment.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import { changesCsv, deploymentsCsv } from "../../../src/report/csv.ts";
import { documentView } from "../../../src/report/document.ts";
import { commitFlow } from "../../../src/report/flow.ts";
import { openPack } from "../../../src/report/pack.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true });

/** A month in which a change's commit was pushed away, another came from elsewhere, and one system's deployments were not read. */
function troubled(): AssessmentResult {
  const result = assessmentFixture();
  const judge = (system: string, i: number, outcome: Outcome): Item => {
    const item = result.population.filter((x) => x.subject === "commit" && x.system === system && x.link !== null)[i];
    const [observation] = item?.observations ?? [];
    if (!item || !observation) throw new Error("the fixture lost its commit");
    observation.outcome = outcome;
    return item;
  };
  judge("payments", 1, "fail");
  judge("payments", 2, "notVerifiable");
  // Its change belongs to the month before.
  judge("ledger", 1, "fail").link = "github/701#9";
  for (const row of result.coverage) {
    if (row.system === "search" && row.kind === "deployments") row.status = "unobserved";
  }
  return result;
}

describe("changes.csv and deployments.csv against assessment.json", () => {
  it.each([
    ["a plain month", assessmentFixture()],
    ["a month with rewritten commits and unread deployments", troubled()],
  ])("say the same of every item and attribute: %s", (_which, result) => {
    const { population, attributes, coverage } = result;
    const tested = attributes.filter(({ subject }) => subject !== "configuration");
    const blind = (system: string) =>
      coverage.some((row) => row.system === system && row.kind === "deployments" && row.status !== "complete");
    const gravest = (items: readonly (Item | undefined)[], id: string) => {
      const said = items.flatMap((x) => x?.observations.filter((o) => o.attribute === id).map((o) => o.outcome) ?? []);
      return (["fail", "notVerifiable", "pass", "notApplicable"] as const).find((outcome) => said.includes(outcome));
    };
    const changes = rowsOf(changesCsv(result));
    const told = new Set<Item>();
    for (const row of changes) {
      const item = population.find(
        (x) =>
          x.subject === row.kind &&
          x.system === row.system &&
          x.commit === row.commit &&
          (x.number ?? "") === row.number,
      );
      if (!item) throw new Error(`no item for ${row.kind} ${row.commit}`);
      const commits = population.filter(
        (x) => item.subject === "change" && x.subject === "commit" && x.system === item.system && x.link === item.key,
      );
      const deployment = population.find(
        (x) =>
          item.subject === "change" && x.subject === "deployment" && x.system === item.system && x.key === item.link,
      );
      for (const one of [item, ...commits]) told.add(one);
      for (const { id, subject } of tested) {
        const unread = subject === "deployment" && !deployment && blind(item.system);
        const expected = gravest([item, ...commits, deployment], id) ?? (unread ? "notVerifiable" : "notApplicable");
        expect(row[id], `${row.system} ${row.kind} ${item.label} ${id}`).toBe(expected);
      }
    }
    for (const row of rowsOf(deploymentsCsv(result))) {
      const item = population.find((x) => x.subject === "deployment" && x.system === row.system && x.number === row.id);
      if (item) told.add(item);
      for (const { id } of tested) expect(row[id], `${row.id} ${id}`).toBe(gravest([item], id) ?? "notApplicable");
    }
    // Nothing of the population is in neither file; settings have no row.
    expect(population.filter((item) => item.subject !== "configuration" && !told.has(item))).toEqual([]);
  });

  it("the headline counts as not verifiable what the rows show so", () => {
    const result = troubled();
    const rows = rowsOf(changesCsv(result));
    const search = rows.filter((row) => row.system === "search" && row.kind === "change");
    expect(search.some((row) => row["deployed-as-approved"] === "notVerifiable")).toBe(true);
    const clear = rows.filter((row) => !Object.values(row).some((v) => v === "fail" || v === "notVerifiable"));
    expect(documentView(result).verify.rows).toContain(`${clear.length} hold neither fail`);
    expect(commitFlow(openPack(result)).verdict.passed).toBe(
      result.population.filter(
        (x) =>
          x.subject === "commit" && clear.some((row) => row.system === x.system && x.link?.endsWith(`#${row.number}`)),
      ).length,
    );
  });

  it("a commit whose change belongs to another month has a row of its own, in the file and in print", () => {
    const result = troubled();
    const orphan = result.population.find(({ link }) => link === "github/701#9");
    expect(
      rowsOf(changesCsv(result)).find((row) => row.commit === orphan?.commit && row.kind === "commit"),
    ).toMatchObject({
      "arrived-by-change": "fail",
    });
    const ledger = documentView(result).items.systems.find(({ system }) => system === "ledger");
    expect(ledger?.changes.map(({ label }) => label)).toContain(orphan?.label);
  });
});

describe("a commit that no change explains", () => {
  const result = assessmentFixture();
  const item = result.population.find(({ subject, link }) => subject === "commit" && link === null);
  const row = (account: string | null) => {
    const population = result.population.map((x) => (x === item ? { ...x, account } : x));
    return rowsOf(changesCsv({ ...result, population })).find(({ commit }) => commit === item?.commit);
  };

  it("has its interval for a time, which ends at the latest it can have come", () => {
    expect(row(null)?.merged_at).toBe(`${item?.notBefore}/${item?.at}`);
    expect(
      rowsOf(changesCsv(result)).filter(({ kind, merged_at }) => kind === "change" && merged_at?.includes("/")),
    ).toEqual([]);
  });

  it("has no author but an account that the source knows", () => {
    expect(row(null)?.author).toBe("");
    expect(row("dalia-ruiz (413398)")?.author).toBe("dalia-ruiz (413398)");
  });

  it("is printed with its interval, and with whom git names as no more than that", () => {
    const printed = documentView(result)
      .items.systems.flatMap(({ changes }) => changes)
      .find(({ label }) => label === item?.label);
    expect(printed?.at).toMatch(/^between 2026-10-\d\d \d\d:\d\d and 2026-10-\d\d \d\d:\d\d$/);
    expect(printed?.actor).toMatch(/^pusher not on record; git names /);
  });
});
