import { describe, expect, it } from "vitest";
import { type EvaluationInput, evaluateWithParts } from "../../../src/evaluation/index.ts";
import { override, suite } from "../attributes/platform-records.ts";
import { input } from "./input.ts";

const empty = { commits: [], changes: [], deployments: [], configuration: [] };
const repository = "riverbank/payments";
const systems = ["payments", "search"];
const ofBoth = <T extends object>(one: T) => systems.map((system) => ({ system, repository, ...one }));

function assessed(more: Partial<EvaluationInput>) {
  const given = input();
  const { from, to } = given.period;
  const [system] = given.scope.systems;
  if (!system) throw new Error("the input has a system");
  const read = { from, to, status: "complete" as const, reason: null };
  const coverage: EvaluationInput["coverage"] = systems.map((id) => ({
    stream: "github/1/ruleSuites",
    source: "github",
    repository,
    kind: "ruleSuites",
    system: id,
    status: "complete",
    intervals: [read],
    stored: 0,
    sourceTotal: null,
  }));
  return evaluateWithParts({
    ...given,
    scope: { ...given.scope, systems: systems.map((id) => ({ ...system, id })) },
    dossiers: empty,
    continuity: ofBoth({ branch: "main", intervals: [] }),
    coverage,
    ...more,
  });
}

describe("two systems of one repository", () => {
  const bypassed = ofBoth({ suite: suite("bypassed", { after: "f".repeat(40) }) });
  const overrides = ofBoth({ override: override("mallory", 75) });

  it("are each told of a bypass that no item explains, which the organisation counts once", () => {
    const { whole, part } = assessed({ bypassed });
    expect(whole.bypasses.entries).toMatchObject([{ system: "payments", systems }]);
    expect(whole.bypasses.observed.map(({ system, entries }) => [system, entries])).toEqual([
      ["payments", 1],
      ["search", 1],
    ]);
    for (const id of systems) {
      const { entries, observed } = part({ kind: "system", id }).bypasses;
      expect(entries).toMatchObject([{ id: "BY-2026-10-001", system: id }]);
      expect(entries[0]).not.toHaveProperty("systems");
      expect(observed).toMatchObject([{ system: id, entries: 1 }]);
    }
  });

  it("are each told of an override that no bypass explains, which the organisation lists once", () => {
    const { whole, part } = assessed({ overrides });
    expect(whole.bypasses.overrides).toMatchObject([{ system: "payments", systems }]);
    for (const id of systems) {
      const told = part({ kind: "system", id }).bypasses.overrides;
      expect(told).toMatchObject([{ system: id, actor: "mallory" }]);
      expect(told?.[0]).not.toHaveProperty("systems");
    }
  });

  it("name no second system where only one was given it", () => {
    const { whole, part } = assessed({ bypassed: bypassed.slice(1), overrides: overrides.slice(1) });
    const { entries, overrides: left } = whole.bypasses;
    for (const told of [entries[0], left?.[0]]) {
      expect(told).toMatchObject({ system: "search" });
      expect(told).not.toHaveProperty("systems");
    }
    expect(part({ kind: "system", id: "payments" }).bypasses).toMatchObject({ entries: [], overrides: [] });
  });
});
