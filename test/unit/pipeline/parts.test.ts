import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { assessmentResultSchema } from "../../../src/model/assessment.ts";
import { assess, assessWithParts, type PartedAssessment } from "../../../src/pipeline/assess.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { openContext } from "../../../src/pipeline/context.ts";
import { partPacks } from "../../../src/pipeline/part-packs.ts";
import { openSandbox } from "../../../src/pipeline/sandbox.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { firstPageLeads, flowAddsUp, tablesAddUp } from "../../fixtures/printed-numbers.ts";

const folder = mkdtempSync(join(tmpdir(), "flowproof-parts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe("an organisation and its parts, judged at once", () => {
  let ctx: PipelineContext;
  let parted: PartedAssessment;
  let bySystem: readonly AssessmentResult[];
  let byTeam: readonly AssessmentResult[];
  const period = parsePeriod("2026-10", "UTC", new Date("2026-11-10T00:00:00Z"));

  beforeAll(async () => {
    let now = new Date();
    const clock = (): Date => now;
    const sandbox = await openSandbox({ changes: 60, seed: 1, clock });
    now = new Date(Date.parse(sandbox.truth?.until ?? "") + 2 * 86_400_000);
    const configFile = join(folder, "flowproof.config.yaml");
    sandbox.writeConfig(configFile, { store: "flowproof.db", reports: "." });
    const signal = new AbortController().signal;
    const env = { [sandbox.tokenVariable]: "any" };
    ctx = openContext({ configFile, clock, signal, progress: () => {}, wait: async () => {}, env });
    await collect(ctx);
    await sandbox.close();
    parted = await assessWithParts(ctx, { period, parts: partPacks("riverbank-2026-10", ctx.config) });
    const of = (kind: "team" | "system") => parted.parts.filter((part) => part.kind === kind).map(parted.part);
    bySystem = of("system");
    byTeam = of("team");
  });

  it("has every item, exception and bypass of the whole in exactly one system's part, and in one team's", () => {
    for (const parts of [bySystem, byTeam]) {
      const ids = (of: (result: AssessmentResult) => readonly string[]) => parts.flatMap(of).sort();
      const items = ({ population }: AssessmentResult) =>
        population.map(({ system, subject, key }) => `${system} ${subject} ${key}`);
      expect(ids(items)).toEqual(items(parted.whole).sort());
      const exceptions = (result: AssessmentResult) => result.exceptions.map(({ id }) => id);
      expect(ids(exceptions)).toEqual(exceptions(parted.whole).sort());
      const bypasses = (result: AssessmentResult) => result.bypasses.entries.map(({ id }) => id);
      expect(ids(bypasses)).toEqual(bypasses(parted.whole).sort());
    }
  });

  it("adds up: the parts' tallies and tie-outs are the whole's", () => {
    expect(bySystem.length).toBeGreaterThan(byTeam.length);
    for (const parts of [bySystem, byTeam]) {
      for (const control of parted.whole.controls) {
        const mine = parts.map(({ controls }) => controls.find(({ id }) => id === control.id));
        for (const name of ["items", "pass", "fail", "waived", "notVerifiable", "notApplicable"] as const)
          expect(sum(mine.map((one) => one?.tally[name] ?? Number.NaN)), `${control.id} ${name}`).toBe(
            control.tally[name],
          );
      }
      const ties = ({ reconciliation: { rows, unmatched, promotions, elsewhere } }: AssessmentResult) => [
        sum(rows.map(({ commits }) => commits.onLine)),
        sum(rows.map(({ changes }) => changes.merged)),
        sum(rows.map(({ deployments }) => deployments.succeeded)),
        sum(rows.map(({ flow }) => flow?.closing ?? 0)),
        unmatched.length,
        promotions?.length ?? 0,
        elsewhere?.length ?? 0,
      ];
      const each = parts.map(ties);
      expect(ties(parted.whole).map((_, index) => sum(each.map((row) => row[index] ?? 0)))).toEqual(ties(parted.whole));
    }
  });

  it("rolls up what each part concludes by itself, by the same numbers", () => {
    const rows = parted.whole.rollup ?? [];
    expect(rows.map(({ kind, id }) => ({ kind, id }))).toEqual(parted.parts);
    for (const row of rows) {
      const own = parted.part(row);
      expect(row.systems.toSorted()).toEqual(own.scope.systems.map(({ id }) => id).sort());
      expect(row.controls).toEqual(own.controls.map(({ id, result, tally }) => ({ id, result, tally })));
      expect(row.criteria).toEqual(
        own.criteria
          .filter(({ concluded }) => concluded)
          .map(({ framework, id, result }) => ({ framework, id, result })),
      );
    }
    expect(byTeam.find(({ scope }) => scope.systems.length > 1)?.rollup?.length).toBeGreaterThan(1);
    expect(bySystem.every(({ rollup }) => rollup === undefined)).toBe(true);
  });

  it("holds nothing of another system, and only records that it refers to", () => {
    for (const part of [...bySystem, ...byTeam]) {
      expect(assessmentResultSchema.safeParse(part).error).toBeUndefined();
      const own = new Set(part.scope.systems.map(({ id }) => id));
      const named = [
        ...part.coverage.flatMap(({ system }) => system ?? []),
        ...part.reconciliation.rows.map(({ system }) => system),
        ...part.continuity.map(({ system }) => system),
        ...part.access.map(({ system }) => system),
        ...part.alerts.map(({ system }) => system),
        ...part.metrics.map(({ system }) => system),
        ...part.controls.flatMap(({ bySystem: rows }) => rows.map(({ system }) => system)),
      ];
      expect(named.filter((system) => !own.has(system))).toEqual([]);
      const ids = new Set(parted.whole.records.map(({ id }) => id));
      expect(part.records.every(({ id }) => ids.has(id))).toBe(true);
      expect(part.records.length).toBeLessThan(parted.whole.records.length);
    }
  });

  it("is the same when one part is asked for by itself, and refuses a part that there is not", async () => {
    const [team] = parted.parts;
    if (!team) throw new Error("there is no team");
    expect(await assess(ctx, { period, part: team })).toEqual({ ...parted.part(team), parts: undefined });
    await expect(assess(ctx, { period, part: { kind: "team", id: "nobody" } })).rejects.toThrow(/has no team nobody/);
  });

  it("is linked from the whole, says on its cover what it is, and links back", () => {
    const whole = renderDocument(parted.whole);
    for (const { kind, id } of parted.parts) {
      const { name } = parted.whole.parts?.find((one) => one.kind === kind && one.id === id) ?? {};
      expect(whole).toContain(`href="../${name}/pack.html"`);
      const html = renderDocument(parted.part({ kind, id }));
      const cover = html.slice(html.indexOf('id="pack-start"'), html.indexOf("Does it tie out?"));
      expect(cover).toContain(`${kind} ${id}`);
      expect(cover).toContain('<a href="../riverbank-2026-10/pack.html" rel="noreferrer">riverbank-2026-10</a>');
      for (const other of parted.whole.parts ?? [])
        if (other.name !== name) expect(html).toContain(`href="../${other.name}/pack.html"`);
    }
    expect(whole.includes("This is a part")).toBe(false);
  });

  it("prints numbers that add up and lead to their lists, in the whole and in each part", () => {
    for (const result of [parted.whole, ...byTeam]) {
      const html = renderDocument(result);
      expect(firstPageLeads(html)).toBeGreaterThan(8);
      expect(tablesAddUp(html)).toBeGreaterThan(10);
      flowAddsUp(html);
    }
  });

  it("makes no noise of a single system", async () => {
    const file = join(folder, "one.config.yaml");
    const text = readFileSync(join(folder, "flowproof.config.yaml"), "utf8");
    const from = text.indexOf("systems:\n");
    const second = text.indexOf("\n  - id:", text.indexOf("\n  - id:", from) + 1);
    const end = text.slice(second + 1).search(/^\S/m) + second + 1;
    writeFileSync(file, text.slice(0, second + 1) + text.slice(end));
    const { clock, signal, progress, env } = ctx;
    const one = openContext({ configFile: file, clock, signal, progress, env });
    expect(one.config.systems).toHaveLength(1);
    const { whole, parts } = await assessWithParts(one, { period });
    expect([parts, whole.rollup, partPacks("name", one.config)]).toEqual([[], undefined, []]);
    expect(renderDocument(whole).includes('id="rollup"')).toBe(false);
  });
});

describe("the folders of parts", () => {
  it("are told apart, whatever teams are called", () => {
    const systems = ["A B", "a-b", "ä/b"].map((team, index) => ({ id: `s${index}`, team }));
    const config = { organisation: { name: "Riverbank", slug: "riverbank" }, systems } as never;
    const names = partPacks("riverbank-2026-10", config).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[a-z0-9-]+$/.test(name))).toBe(true);
    expect(names[0]).toBe("riverbank-2026-10");
    expect(names).toContain("riverbank-2026-10-system-s0");
  });
});
