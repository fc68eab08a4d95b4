import { expect, it, onTestFinished } from "vitest";
import { assess } from "../../../src/pipeline/assess.ts";
import { collect } from "../../../src/pipeline/collect.ts";
import { parsePeriod } from "../../../src/util/period.ts";
import { ambience, startRiverbank } from "./riverbank.ts";

it("of six months, each opens with what the one before it closed with, and each adds up", async () => {
  const riverbank = await startRiverbank();
  onTestFinished(riverbank.close);
  const ctx = riverbank.context();
  await collect(ctx);
  const closing = new Map<string, number>();
  let merged = 0;
  for (const month of ["05", "06", "07", "08", "09", "10"]) {
    const period = parsePeriod(`2026-${month}`, ctx.config.timezone, ambience().clock());
    const { reconciliation } = await assess(ctx, { period });
    for (const { system, changes, flow } of reconciliation.rows) {
      if (flow === null) throw new Error(`${system} has no flow in ${month}`);
      const of = `${system} in ${month}`;
      expect(flow.opening + flow.merged - flow.deployed - flow.withdrawn, of).toBe(flow.closing);
      expect(flow.opening, of).toBe(closing.get(system) ?? flow.opening);
      expect(flow.merged, of).toBe(changes.merged);
      expect(changes.onLine + changes.notOnLine, of).toBe(changes.merged);
      closing.set(system, flow.closing);
      merged += flow.merged;
    }
  }
  expect(closing.size).toBeGreaterThan(3);
  expect(merged).toBeGreaterThan(40);
});
