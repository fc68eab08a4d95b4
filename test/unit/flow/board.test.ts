import { describe, expect, it } from "vitest";
import { type MergedChange, simulateBoard } from "../../../src/flow/board.ts";

const day = (n: number, hour = 0): string =>
  `2026-10-${String(n).padStart(2, "0")}T${String(hour).padStart(2, "0")}:00:00Z`;
const meetings = [7, 21].map((n) => ({ cutOff: day(n - 3), at: day(n), release: day(n + 1) }));
const days = 86_400;

const merged = (began: string, at: string, deployedAt: string | undefined, more: Partial<MergedChange> = {}) => ({
  system: "payments",
  beganAt: began,
  mergedAt: at,
  deployedAt,
  emergency: false,
  ...more,
});

describe("a simulated board", () => {
  it("makes each change wait for the first meeting whose cut-off it makes", () => {
    const changes = [
      merged(day(1), day(2), day(2, 12)), // before the first cut-off: meeting on the 7th
      merged(day(3), day(4), day(4, 6)), // at the cut-off: too late for it, meeting on the 21st
      merged(day(9), day(10), day(10, 12), { system: "ledger" }),
    ];
    expect(simulateBoard(changes, meetings, [1, 0, 1, 3])).toEqual({
      merged: 3,
      simulated: 3,
      emergencies: 0,
      undeployed: 0,
      asItWas: { median: 1.5 * days, p90: 1.5 * days },
      // 7, 19 and 13 days from first commit to release.
      withBoard: { median: 13 * days, p90: 19 * days },
      // 5, 17 and 11 days from merge to meeting.
      wait: { median: 11 * days, p90: 17 * days },
      largestBatch: { changes: 1, system: "payments", meeting: day(7) },
      changesPerDeployment: 1,
    });
  });

  it("leaves emergencies and what was not deployed out on both sides, and counts them", () => {
    const changes = [
      merged(day(1), day(2), day(3)),
      merged(day(1), day(2), day(2, 1), { emergency: true }),
      merged(day(1), day(2), undefined),
      merged(day(1), day(2), undefined, { emergency: true }),
    ];
    const found = simulateBoard(changes, meetings, []);
    expect(found).toMatchObject({ merged: 4, simulated: 1, emergencies: 2, undeployed: 1, changesPerDeployment: null });
    expect(found.simulated + found.emergencies + found.undeployed).toBe(found.merged);
    expect(found.asItWas?.median).toBe(2 * days);
  });

  it("deploys nothing earlier than it was, and puts into a release only what waited for it", () => {
    const late = merged(day(1), day(2), day(30));
    const [one, two] = [merged(day(1), day(2), day(3)), merged(day(1), day(3), day(3))];
    const found = simulateBoard([late, one, two], meetings, [2]);
    expect(found.withBoard).toEqual({ median: 7 * days, p90: 29 * days });
    expect(found.largestBatch).toEqual({ changes: 2, system: "payments", meeting: day(7) });
  });

  it("says nothing where nothing is to be simulated", () => {
    expect(simulateBoard([], meetings, [])).toEqual({
      merged: 0,
      simulated: 0,
      emergencies: 0,
      undeployed: 0,
      asItWas: null,
      withBoard: null,
      wait: null,
      largestBatch: null,
      changesPerDeployment: null,
    });
  });
});
