import { beforeAll, describe, expect, it } from "vitest";
import { assess } from "../../../src/pipeline/assess.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { forgettingFindings } from "../../../src/pipeline/forgetting.ts";
import { status } from "../../../src/pipeline/status.ts";
import type { PipelineContext } from "../../../src/pipeline/types.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { startRiverbank } from "./riverbank.ts";

describe("when the source will forget what is not yet collected", () => {
  let ctx: PipelineContext;
  beforeAll(async () => {
    const riverbank = await startRiverbank();
    ctx = riverbank.context();
    await collect(ctx);
    return riverbank.close;
  });

  it("is told alike by status, doctor and the pack", async () => {
    const { streams } = await status(ctx);
    const suites = streams.find(({ kind, scope }) => kind === "ruleSuites" && scope === "riverbank/payments");
    expect(suites?.keepsUntil?.slice(0, 10)).toBe("2026-12-03");
    const said = (await forgettingFindings(ctx)).find(({ subject }) => subject === "source github: ruleSuites kept");
    expect(said).toMatchObject({
      ok: "ok",
      message: expect.stringContaining("kept 30 days; collected until 2026-11-03"),
    });
    expect(said?.message).toContain("forgotten from 2026-12-03");
    const { coverage } = await assess(ctx, { period: parsePeriod("2026-10", "UTC", ctx.clock()) });
    const row = coverage.find(({ kind, system }) => kind === "ruleSuites" && system === "payments");
    expect(row).toMatchObject({ until: suites?.until, keptUntil: suites?.keepsUntil });
    expect(coverage.find(({ kind }) => kind === "changes")).toMatchObject({ keptUntil: null });
  });

  it("is a warning once it has begun to forget", async () => {
    const late = { ...ctx, clock: () => new Date("2026-12-20T00:00:00Z") };
    const findings = await forgettingFindings(late);
    expect(findings.filter(({ ok }) => ok === "warn").map(({ subject }) => subject)).toEqual([
      "source github: ruleSuites kept",
    ]);
    expect(findings.at(-1)?.message).toContain("only the present state is read");
  });
});
