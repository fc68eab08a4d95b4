import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { assess } from "../../../src/pipeline/assess.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { openContext } from "../../../src/pipeline/context.ts";
import { openSandbox } from "../../../src/pipeline/sandbox.ts";
import type { CollectSummary } from "../../../src/pipeline/types.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { parsePeriod } from "../../../src/util/period.ts";

const folder = mkdtempSync(join(tmpdir(), "flowproof-demo-pack-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the demonstration's pack, as an auditor reads it", () => {
  let collected: CollectSummary;
  let result: AssessmentResult;
  let html: string;
  let asked: number;

  beforeAll(async () => {
    let now = new Date();
    const clock = (): Date => now;
    const sandbox = await openSandbox({ changes: 60, seed: 1, clock });
    now = new Date(Date.parse(sandbox.truth?.until ?? "") + 2 * 86_400_000);
    const configFile = join(folder, "flowproof.config.yaml");
    sandbox.writeConfig(configFile, { store: "flowproof.db", reports: "." });
    const signal = new AbortController().signal;
    const env = { [sandbox.tokenVariable]: "any" };
    const ctx = openContext({ configFile, clock, signal, progress: () => {}, wait: async () => {}, env });
    collected = await collect(ctx);
    asked = sandbox.stats().requests;
    await sandbox.close();
    result = await assess(ctx, { period: parsePeriod("2026-10", "UTC", clock()) });
    html = renderDocument(result);
  });

  it("leads from every reference to a record to its leaf", () => {
    const text = html.slice(html.indexOf("<body>")).replace(/<[^>]+>/g, " ");
    const named = new Set([...text.matchAll(/(?<![\w./-])r([1-9]\d*)\b/g)].map(([, id]) => Number(id)));
    // The one that section 12 explains references by.
    if (result.records.every(({ id }) => id !== 1204)) named.delete(1204);
    expect(named.size).toBeGreaterThan(100);
    for (const { record } of result.population.filter(({ subject }) => subject === "deployment"))
      expect(named).toContain(record);
    const rows = new Map(
      [...html.matchAll(/<tr id="r(\d+)">.*?<td>([0-9a-f]{16})<\/td><\/tr>/gs)].map(([, id, leaf]) => [
        Number(id),
        leaf,
      ]),
    );
    const leaves = new Map(result.records.map(({ id, leaf }) => [id, leaf.slice(0, 16)]));
    for (const id of named) expect(rows.get(id), `r${id}`).toBe(leaves.get(id));
    expect(html).not.toMatch(/<span>r\d+<\/span>/);
  });

  it("counts the requests to sources only, as the run and the source did", () => {
    const [run] = result.provenance.runs;
    expect(run?.requests).toBe(collected.requests);
    expect(asked).toBeGreaterThanOrEqual(collected.requests);
    expect(result.provenance.queries.reduce((sum, { requests }) => sum + requests, 0)).toBeLessThanOrEqual(
      collected.requests,
    );
  });

  it("gives of each query the variables it was sent with, small, and adding up", () => {
    for (const { text, requests, variables = [] } of result.provenance.queries) {
      expect(variables.reduce((sum, one) => sum + one.requests, 0)).toBe(requests);
      for (const { names, example } of variables) {
        if (text.startsWith("query")) for (const name of names) expect(text).toContain(`$${name}`);
        expect(Object.keys(JSON.parse(example) as object)).toEqual(names);
        expect(example.length).toBeLessThan(2000);
      }
    }
    const authors = result.provenance.queries.find(({ operation }) => operation === "CommitAuthors");
    expect(authors?.variables?.[0]?.names).toEqual(["ids"]);
  });

  it("says when each rule last changed, by the source's word", () => {
    for (const { intervals } of result.continuity)
      for (const { state, rules } of intervals)
        if (state === "active") expect(rules).toMatch(/; last changed \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/);
    expect(html).toMatch(/last changed \d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
  });

  it("cites the recorded identity map where a second account approved", () => {
    const { configuration } = result.provenance;
    const record = result.records.find(({ id }) => id === configuration);
    expect(record).toMatchObject({ kind: "configuration", externalId: "effective" });
    const own = result.exceptions.find(({ messages }) =>
      messages.some((text) => text.includes("is the person who as")),
    );
    expect(own?.evidence).toContain(configuration);
  });

  it("counts the direct push once, and names it where bypasses are tested", () => {
    const of = (id: string) => result.controls.find((control) => control.id === id);
    expect(of("CHG-05")?.beside).toMatchObject([{ control: "CHG-01", items: of("CHG-01")?.tally.fail }]);
    expect(of("CHG-05")?.beside?.[0]?.text).toContain("only by bypassing them");
    expect(of("CHG-05")?.tally.items).toBe(result.population.filter(({ subject }) => subject === "change").length);
  });

  it("lists every bypass once, in numbers that add up with the controls that count them", () => {
    const { entries, observed } = result.bypasses;
    const merges = entries.filter(({ control }) => control === "CHG-05");
    const tally = result.controls.find(({ id }) => id === "CHG-05")?.tally;
    expect(merges.length).toBeGreaterThan(2);
    expect(merges).toHaveLength((tally?.fail ?? 0) + (tally?.waived ?? 0));
    const items = entries.flatMap(({ system, items: keys }) => keys.map((key) => `${system} ${key}`));
    expect(new Set(items).size).toBe(items.length);
    expect(entries.filter(({ kind }) => kind === "push")).toMatchObject([{ control: "CHG-01" }]);
    expect(entries.every(({ shownBy }) => shownBy.includes("evaluation"))).toBe(true);
    // The source lists a month: the period's first days are not observed, so none can be concluded of any system.
    expect(observed.every(({ gaps }) => gaps.length === 1)).toBe(true);
  });

  it("shows who may merge and deploy, alerts and what the source forgets, as far as it lets them be read", () => {
    expect(result.access).toHaveLength(5);
    for (const { rights, environments } of result.access) {
      expect(rights?.administer.length).toBeGreaterThan(0);
      expect(environments.map(({ name }) => name)).toContain("production");
    }
    expect(result.alerts.reduce((sum, { counts }) => sum + (counts?.opened ?? 0), 0)).toBeGreaterThan(0);
    expect(html).toMatch(/evaluations of rules<\/td><td>30 days<\/td>/);
  });

  it("tests the rules of the branch that changes are promoted to, and prints them over the period", () => {
    const promoted = result.continuity.filter(({ promotedFrom }) => promotedFrom !== undefined);
    expect(promoted).toMatchObject([{ branch: "prod", promotedFrom: "main" }]);
    const [row] = promoted;
    const settings = result.population.filter(({ subject }) => subject === "configuration");
    expect(settings).toHaveLength(result.continuity.length);
    const own = settings.find(({ label }) => label === `${row?.system}: prod`);
    expect(own?.observations.find(({ attribute }) => attribute === "branch-protected")?.outcome).toBe("pass");
    expect(result.coverage.find(({ stream }) => stream.endsWith("/protection/prod"))?.status).toBe("complete");
    expect(html).toContain(", prod, promoted from main");
  });

  it("tells no state of a deployment twice in a row", () => {
    const stories = result.exceptions.filter(({ subject }) => subject === "deployment").map(({ story }) => story);
    const states = stories.map((story) => story.map(({ text }) => text).filter((text) => text.includes("became")));
    expect(states.some((told) => told.length > 1)).toBe(true);
    for (const told of states) expect(told.filter((text, i) => text === told[i - 1])).toEqual([]);
  });
});
