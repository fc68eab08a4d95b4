import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { assessmentResultSchema } from "../../../src/model/assessment.ts";
import { assess } from "../../../src/pipeline/assess.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { openContext } from "../../../src/pipeline/context.ts";
import { doctor } from "../../../src/pipeline/doctor.ts";
import { withStore } from "../../../src/pipeline/open.ts";
import { openSandbox } from "../../../src/pipeline/sandbox.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { renderReport } from "../../../src/report/index.ts";
import { ConfigError } from "../../../src/util/errors.ts";
import { parsePeriod } from "../../../src/util/period.ts";

const folder = mkdtempSync(join(tmpdir(), "flowproof-delivery-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const settings = `metrics:
  incidents: incidents.csv
  targets: { leadTime: { atMost: 2d }, changeFailRate: { atMost: 0.01 }, standardRules: { atLeast: 0.95 } }
narrative: { text: narrative.md }
`;
const header = "id,opened_at,resolved_at,system";

describe("delivery metrics and the narrative of a collected organisation", () => {
  let now = new Date();
  let plain: PipelineContext;
  let ctx: PipelineContext;
  let before: AssessmentResult;
  let result: AssessmentResult;
  let close: () => Promise<void>;
  let reopened: () => PipelineContext;
  const october = () => parsePeriod("2026-10", "UTC", now);
  const writeList = (...rows: string[]) =>
    writeFileSync(join(folder, "incidents.csv"), [header, ...rows, ""].join("\n"));
  const told = ({ delivery }: AssessmentResult) => delivery?.incidents;
  const htmlOf = async (one: AssessmentResult) => String((await renderReport(one)).get("pack.html"));
  const textOf = async (one: AssessmentResult) => {
    const html = await htmlOf(one);
    return html
      .slice(html.indexOf("<body>"))
      .replace(/<[^>]+>/g, " ")
      .replace(/&#x27;/g, "'")
      .replace(/\s+/g, " ");
  };

  beforeAll(async () => {
    const clock = (): Date => now;
    const sandbox = await openSandbox({ changes: 60, seed: 1, clock });
    close = () => sandbox.close();
    now = new Date(Date.parse(sandbox.truth?.until ?? "") + 2 * 86_400_000);
    const configFile = join(folder, "flowproof.config.yaml");
    const withSettings = join(folder, "with.config.yaml");
    sandbox.writeConfig(configFile, { store: "flowproof.db", reports: "." });
    sandbox.writeConfig(withSettings, { store: "flowproof.db", reports: "." });
    writeFileSync(withSettings, `${readFileSync(withSettings, "utf8")}${settings}`);
    writeFileSync(join(folder, "narrative.md"), "We deploy <b>all day</b>.\n\nAnd we sleep\nat night.\n");
    const signal = new AbortController().signal;
    const env = { [sandbox.tokenVariable]: "any" };
    const open = (file: string) =>
      openContext({ configFile: file, clock, signal, progress: () => {}, wait: async () => {}, env });
    reopened = () => open(withSettings);
    plain = open(configFile);
    ctx = open(withSettings);
    await collect(plain);
    before = await assess(plain, { period: october() });
    const [hit] = before.population.filter(({ subject, system }) => subject === "deployment" && system === "payments");
    const later = (minutes: number) =>
      `${new Date(Date.parse(hit?.at ?? "") + minutes * 60_000).toISOString().slice(0, 19)}Z`;
    writeList(
      `INC-1,${later(1)},${later(61)},payments`,
      `INC-2,${later(2)},,payments`,
      "INC-0,2026-04-02T00:00:00Z,2026-04-02T01:00:00Z,storefront",
    );
    now = new Date(now.getTime() + 3_600_000);
    await collect(ctx);
    result = await assess(ctx, { period: october() });
  });
  afterAll(() => close());

  it("is not measured without a list of incidents, and never nought", async () => {
    for (const { measures } of before.delivery?.rows ?? []) expect(measures.incidents).toBeNull();
    expect(before.delivery?.incidents).toBeNull();
    expect(await textOf(before)).toMatch(/Change fail rate\s+Deployments of the period[^<]*?not measured/);
  });

  it("changes no control, no item and no criterion", () => {
    const judged = ({ population, controls, criteria }: AssessmentResult) => ({
      items: population.map(({ key, observations }) => [key, observations.map(({ outcome }) => outcome)]),
      controls: controls.map(({ id, result: own, tally }) => [id, own, tally]),
      criteria,
    });
    expect(judged(result)).toEqual(judged(before));
    expect(assessmentResultSchema.parse(result)).toEqual(result);
  });

  it("counts as many deployments, changes and months as the population has", () => {
    const { rows = [], months = [] } = result.delivery ?? {};
    const [organisation] = rows;
    const succeeded = result.reconciliation.rows.reduce((sum, row) => sum + row.deployments.succeeded, 0);
    const systems = rows.filter(({ kind }) => kind === "system");
    const teams = rows.filter(({ kind }) => kind === "team");
    for (const some of [systems, teams])
      for (const of of ["deployments", "changes", "fallBacks"] as const)
        expect(some.reduce((sum, { measures }) => sum + (measures[of] ?? 0), 0)).toBe(organisation?.measures[of]);
    expect(organisation?.measures.deployments).toBeLessThanOrEqual(succeeded);
    const inPeriod = months.filter((month) => month.inPeriod).map((month) => month.rows[0]?.measures);
    expect(inPeriod).toEqual([organisation?.measures]);
    expect(months.length).toBeGreaterThan(5);
    expect(result.metrics.map(({ system }) => system)).toEqual(result.scope.systems.map(({ id }) => id));
    expect(result.metrics.reduce((sum, row) => sum + row.deployments, 0)).toBe(organisation?.measures.deployments);
  });

  it("links incidents to deployments, says how, and holds the rates against management's targets", async () => {
    const { rows = [], incidents } = result.delivery ?? {};
    expect(incidents?.gap).toBeNull();
    expect(incidents?.items).toMatchObject([
      { id: "INC-1", system: "payments", linked: "before" },
      { id: "INC-2", resolvedAt: null, linked: "before" },
    ]);
    const payments = rows.find(({ name }) => name === "payments");
    expect(payments?.measures.incidents).toMatchObject({ opened: 2, failed: 1, recovered: 0 });
    expect(payments?.met).toMatchObject({ changeFailRate: false });
    const text = await textOf(result);
    expect(text).toMatch(/incidents\.csv, a list that the organisation keeps itself: .* is management's word/);
    expect(text).toContain("latest before it (heuristic)");
    // Each incident leads to its record, and that to its leaf.
    for (const { record } of incidents?.items ?? []) expect(result.records.map(({ id }) => id)).toContain(record);
  });

  it("simulates a board over the period's changes, in numbers that add up with the population", () => {
    const board = result.narrative?.board;
    const changes = result.population.filter(({ subject }) => subject === "change");
    expect(board?.merged).toBe(changes.length);
    expect((board?.simulated ?? 0) + (board?.emergencies ?? 0) + (board?.undeployed ?? 0)).toBe(board?.merged);
    expect(board?.emergencies).toBe(changes.filter(({ classes }) => classes?.includes("emergency")).length);
    expect(board?.withBoard?.median).toBeGreaterThan(board?.asItWas?.median ?? Number.POSITIVE_INFINITY);
    expect(board?.first).toBe("2026-10-07T00:00:00Z");
  });

  it("prints the organisation's own paragraphs as text, and nothing of the section where it is off", async () => {
    expect(result.narrative?.text).toEqual(["We deploy <b>all day</b>.", "And we sleep at night."]);
    expect(await htmlOf(result)).toContain("We deploy &lt;b&gt;all day&lt;/b&gt;.");
    const { narrative: _, ...without } = result;
    expect(await textOf(without)).not.toContain("why no board meets");
    expect(await textOf(without)).toContain("What this pack does not show");
  });

  it("keeps every version of a row, and says which were altered or are gone", async () => {
    const first = told(result)?.items[0];
    writeList(`INC-1,${first?.openedAt},${first?.openedAt},payments`);
    now = new Date(now.getTime() + 3_600_000);
    const { warnings } = await collect(ctx);
    expect(warnings.join("\n")).toMatch(/row INC-1 is not as when last read; both versions are kept/);
    expect(warnings.join("\n")).toMatch(/rows INC-\d, INC-\d are gone; what was read before is kept, and counts/);
    const again = await assess(ctx, { period: october() });
    expect(told(again)?.told).toMatch(/row INC-1 is not as first read when resolved/);
    expect(told(again)?.items.map(({ id }) => id)).toEqual(["INC-1", "INC-2"]);
    await withStore(ctx, { write: true }, async (store) => {
      await store.rebuild();
      expect(await store.verify()).toEqual([]);
    });
  });

  it("stops at a malformed list before anything is asked, and does without one that cannot be read", async () => {
    writeList("INC-9,never,,payments");
    await expect(collect(ctx)).rejects.toThrow(ConfigError);
    const about = async () => (await doctor(ctx)).filter(({ subject }) => subject === "incidents");
    expect(await about()).toMatchObject([{ ok: "fail", message: expect.stringContaining('`opened_at` is "never"') }]);
    rmSync(join(folder, "incidents.csv"));
    expect(await about()).toMatchObject([{ ok: "fail", message: expect.stringContaining("cannot be read (ENOENT)") }]);
    const { warnings } = await collect(ctx);
    expect(warnings.join("\n")).toMatch(/incidents\.csv, the list of incidents, cannot be read \(ENOENT\)/);
    expect(told(await assess(ctx, { period: october() }))?.items).toHaveLength(2);
  });

  it("refuses a narrative that is no text, or a book", async () => {
    writeFileSync(join(folder, "narrative.md"), "x".repeat(2001));
    const long = reopened();
    expect(long.config.warnings.join()).toMatch(
      /with\.config\.yaml:\d+:\d+: narrative\.md, .* paragraph 1 is too long/,
    );
    await expect(assess(long, { period: october() })).rejects.toThrow(/paragraph 1 is too long; 40 paragraphs/);
    rmSync(join(folder, "narrative.md"));
    await expect(assess(reopened(), { period: october() })).rejects.toThrow(
      /narrative\.md, .* cannot be read \(ENOENT\)/,
    );
  });
});
