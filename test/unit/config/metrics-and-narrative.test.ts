import { describe, expect, it } from "vitest";
import { load, minimal, problemsOf } from "./config-file.ts";

describe("metrics and narrative in the configuration", () => {
  it("default to no list, no target and a fortnightly board", () => {
    expect(load(minimal)).toMatchObject({
      metrics: { targets: {} },
      narrative: { off: false, board: { everyDays: 14, cutOffDays: 3 } },
    });
    expect(load(minimal).metrics).not.toHaveProperty("incidents");
  });

  it("give times in seconds, rates as shares, and files beside the configuration", () => {
    const { metrics, narrative } = load(
      `${minimal}metrics:\n  incidents: incidents.csv\n  targets:\n    leadTime: { atMost: 2d }\n    recoveryTime: { atLeast: 1m, atMost: 4h }\n    changeFailRate: { atMost: 0.15 }\nnarrative: { off: true, board: { everyDays: 7, cutOffDays: 0 }, text: narrative.md }\n`,
    );
    expect(metrics.targets).toEqual({
      leadTime: { atMost: 172_800 },
      recoveryTime: { atLeast: 60, atMost: 14_400 },
      changeFailRate: { atMost: 0.15 },
    });
    expect(metrics.incidents).toMatch(/\/incidents\.csv$/);
    expect(narrative).toMatchObject({ off: true, board: { everyDays: 7, cutOffDays: 0 } });
    expect(narrative.text).toMatch(/\/narrative\.md$/);
  });

  it("judge nothing: only the list that is collected changes the configuration's digest", () => {
    const { digest } = load(minimal);
    const targets = "metrics: { targets: { leadTime: { atMost: 2d } } }\nnarrative: { off: true }\n";
    expect(load(`${minimal}${targets}`).digest).toBe(digest);
    expect(load(`${minimal}metrics: { incidents: incidents.csv }\n`).digest).not.toBe(digest);
  });

  it.each<[string, string, RegExp]>([
    ["a target without a value", "metrics: { targets: { leadTime: {} } }", /a target has `atLeast`, `atMost` or both/],
    [
      "ends the wrong way round",
      "metrics: { targets: { leadTime: { atLeast: 2d, atMost: 1d } } }",
      /nothing can meet it/,
    ],
    ["a rate in per cent", "metrics: { targets: { changeFailRate: { atMost: 15 } } }", /changeFailRate/],
    ["a time without a unit", "metrics: { targets: { leadTime: { atMost: 2 } } }", /leadTime/],
    ["an unknown target", "metrics: { targets: { leedTime: { atMost: 2d } } }", /leedTime/],
    ["a board that never opens", "narrative: { board: { everyDays: 7, cutOffDays: 7 } }", /leave nothing of 7 days/],
  ])("refuse %s", (_, text, problem) => {
    expect(problemsOf(`${minimal}${text}\n`).join("\n")).toMatch(problem);
  });
});
