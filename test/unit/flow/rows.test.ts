import { describe, expect, it } from "vitest";
import { linkIncidents } from "../../../src/flow/link-incidents.ts";
import { heldAgainst, rowsOf } from "../../../src/flow/rows.ts";
import { isMet, shareOf } from "../../../src/flow/targets.ts";
import { change, delivered, incident, span } from "./deliveries.ts";

const systems = [
  { id: "search", team: "web", observed: true },
  { id: "payments", team: "checkout", observed: true },
  { id: "ledger", team: "checkout", observed: true },
];
const deliveries = [
  delivered("1", 60, { changes: [change(1, 0), change(2, 30)] }),
  delivered("2", 120, { changes: [change(3, 0)] }),
  delivered("3", 180, { system: "ledger", changes: [change(1, 0)], fallsBack: true }),
  delivered("4", 240, { system: "search" }),
];
const incidents = linkIncidents(
  [incident("I-1", 125, 130), incident("I-2", 250, null, { system: "search" })],
  deliveries,
);
const flow = { deliveries, incidents };

describe("the rows of a span", () => {
  const rows = rowsOf(systems, flow, span, "Riverbank");
  const row = (name: string) => rows.find((one) => one.name === name)?.measures;

  it("are the organisation, then each team with its systems, by name", () => {
    expect(rows.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "organisation Riverbank",
      "team checkout",
      "system ledger",
      "system payments",
      "team web",
      "system search",
    ]);
  });

  it("add up: of systems to teams, of teams to the organisation", () => {
    const counts = (name: string) => {
      const { deployments = 0, changes = 0, fallBacks = 0, incidents: failed } = row(name) ?? {};
      return [deployments, changes, fallBacks, failed?.opened, failed?.failed, failed?.rework].map((n) => n ?? 0);
    };
    const sum = (...names: string[]) =>
      names.map(counts).reduce((a, b) => a.map((value, index) => value + (b[index] ?? 0)));
    expect(counts("Riverbank")).toEqual([4, 4, 1, 2, 2, 0]);
    expect(sum("checkout", "web")).toEqual(counts("Riverbank"));
    expect(sum("ledger", "payments")).toEqual(counts("checkout"));
    // A change of two systems that share a repository counts in each, as it is judged in each.
    expect(row("Riverbank")?.leadTimeMedian).toBe(3600);
  });

  it("say of a system that was not observed that nothing was measured, and count the others", () => {
    const blind = rowsOf(
      systems.map((one) => ({ ...one, observed: one.id !== "search" })),
      flow,
      span,
      "Riverbank",
    );
    const of = (name: string) => blind.find((one) => one.name === name)?.measures;
    expect(of("search")).toMatchObject({ deployments: null, perDay: null, leadTimeMedian: null, incidents: null });
    expect(of("web")?.deployments).toBeNull();
    expect(of("Riverbank")).toMatchObject({ deployments: 3, incidents: { opened: 1 } });
  });
});

describe("target ranges", () => {
  it("are met within both ends, and neither met nor missed by what was not measured", () => {
    expect(isMet({ atMost: 10 }, 10)).toBe(true);
    expect(isMet({ atMost: 10 }, 10.1)).toBe(false);
    expect(isMet({ atLeast: 1, atMost: 2 }, 0.5)).toBe(false);
    expect(isMet({ atLeast: 1 }, null)).toBeUndefined();
    expect(isMet(undefined, 1)).toBeUndefined();
    expect(shareOf(0, 0)).toBeNull();
    expect(shareOf(1, 4)).toBe(0.25);
  });

  it("are held against median, rate and frequency of each row", () => {
    const targets = { leadTime: { atMost: 3600 }, changeFailRate: { atMost: 0.4 }, recoveryTime: { atMost: 60 } };
    const held = heldAgainst(targets, rowsOf(systems, flow, span, "Riverbank"));
    const metOf = (name: string) => held.find((one) => one.name === name)?.met;
    expect(metOf("Riverbank")).toEqual({ leadTime: true, changeFailRate: false, recoveryTime: false });
    expect(metOf("ledger")).toEqual({ leadTime: false, changeFailRate: true });
    expect(metOf("search")).toEqual({ changeFailRate: false });
  });
});
