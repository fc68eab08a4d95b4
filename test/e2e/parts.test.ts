import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newSigningKey } from "../../src/ledger/signing-key.ts";
import type { AssessmentResult } from "../../src/model/assessment.ts";
import { verifyManifest } from "../../src/pack/index.ts";
import { collect } from "../../src/pipeline/collect.ts";
import { openContext } from "../../src/pipeline/context.ts";
import { deriveDraft } from "../../src/pipeline/derive-draft.ts";
import { issue } from "../../src/pipeline/issue.ts";
import { report } from "../../src/pipeline/report.ts";
import { drawFromStore } from "../../src/pipeline/sample.ts";
import { fixPopulation } from "../../src/pipeline/sample-population.ts";
import { openSandbox } from "../../src/pipeline/sandbox.ts";
import type { PipelineContext, ReportSummary } from "../../src/pipeline/types.ts";
import { parsePeriod } from "../../src/util/period.ts";

const folder = mkdtempSync(join(tmpdir(), "flowproof-parts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string, file: string): string => readFileSync(join(folder, name, file), "utf8");
const parse = (name: string): AssessmentResult => JSON.parse(read(name, "assessment.json"));

describe("flowproof report --parts", () => {
  let ctx: PipelineContext;
  let summary: ReportSummary;

  beforeAll(async () => {
    let now = new Date();
    const clock = (): Date => now;
    const sandbox = await openSandbox({ changes: 60, seed: 1, clock });
    now = new Date(Date.parse(sandbox.truth?.until ?? "") + 2 * 86_400_000);
    const configFile = join(folder, "flowproof.config.yaml");
    sandbox.writeConfig(configFile, { store: "flowproof.db", reports: "." });
    // Two of its systems suffice, of one team.
    const text = readFileSync(configFile, "utf8");
    const third = text.split("\n  - id:").slice(0, 4).join("\n  - id:").length;
    const end = text.slice(third + 1).search(/^\S/m) + third + 1;
    const signing = "\nsigning:\n  key: { file: ledger.pem }\n";
    writeFileSync(configFile, text.slice(0, third + 1) + text.slice(end) + signing);
    writeFileSync(join(folder, "ledger.pem"), newSigningKey(), { mode: 0o600 });
    const env = { [sandbox.tokenVariable]: "any" };
    const { signal } = new AbortController();
    ctx = openContext({ configFile, clock, signal, progress: () => {}, wait: async () => {}, env });
    await collect(ctx);
    await sandbox.close();
    summary = await report(ctx, { period: parsePeriod("2026-10", "UTC", clock()), withParts: true });
  });

  it("writes one pack a part beside the organisation's, each whole and none of them half", async () => {
    const systems = ctx.config.systems.map(({ id }) => id);
    const teams = [...new Set(ctx.config.systems.map(({ team }) => team))];
    const parts = [
      ...(teams.length > 1 ? teams.map((team) => `riverbank-2026-10-team-${team}`) : []),
      ...systems.map((system) => `riverbank-2026-10-system-${system}`),
    ].sort();
    const packs = readdirSync(folder).filter((name) => name.startsWith("riverbank-"));
    expect(packs.sort()).toEqual(["riverbank-2026-10", ...parts].sort());
    expect(summary.parts?.map(({ directory }) => directory).sort()).toEqual(parts.map((name) => join(folder, name)));
    for (const name of packs) expect(await verifyManifest(join(folder, name))).toEqual([]);
    for (const name of parts) {
      expect(parse(name).part).toBeDefined();
      expect(read(name, "pack.html")).toContain('href="../riverbank-2026-10/pack.html"');
      expect(read(name, "pack.html")).toContain("A part is never issued: it stays a draft");
      expect(read("riverbank-2026-10", "pack.html")).toContain(`href="../${name}/pack.html"`);
    }
  });

  it("issues the whole, links and all, and no part by itself", async () => {
    const source = (name: string) => {
      const assessment = read(name, "assessment.json");
      return { directory: join(folder, name), state: "draft" as const, assessment, period: parse(name).period };
    };
    const whole = await deriveDraft(ctx, source("riverbank-2026-10"));
    expect(whole.parts).toEqual(parse("riverbank-2026-10").parts);
    const [part] = summary.parts ?? [];
    await expect(deriveDraft(ctx, source(`riverbank-2026-10-${part?.kind}-${part?.id}`))).rejects.toThrow(
      /a part; parts are not issued/,
    );
  });

  it("is sampled, once it is issued, as the issued pack has it", async () => {
    const start = ctx.clock().getTime();
    let second = 0;
    const later = { ...ctx, clock: () => new Date(start + 1_000 * ++second) };
    const period = parsePeriod("2026-10", "UTC", later.clock());
    const { pack } = await issue(later, { period, by: "Ada Example", role: "CTO", edition: "full" });
    const changes = { period, population: "changes" } as const;
    const { fixed } = await fixPopulation(later, changes);
    expect(fixed.period.asOf).toBe(pack.period.asOf);
    const drawn = { seed: "8231", size: 2, reason: "Two.", by: null };
    const { sample } = await drawFromStore(later, changes, drawn);
    expect(sample.pack).toEqual({ name: "riverbank-2026-10", state: "issued", manifest: pack.manifest });
  });
});
