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
      `${minimal}metrics:\n  incidents: incidents.csv\n  targets:\n    leadTime: { atMost: 2d }\n    recoveryTime: { atLeast: 1m, atMost: 4h }\n    changeFailRate: { atMost: 0.15 }\nnarrative: { off: true, board: { everyDays: 7, cutOffDays: 0 } }\n`,
    );
    expect(metrics.targets).toEqual({
      leadTime: { atMost: 172_800 },
      recoveryTime: { atLeast: 60, atMost: 14_400 },
      changeFailRate: { atMost: 0.15 },
    });
    expect(metrics.incidents).toMatch(/\/incidents\.csv$/);
    expect(narrative).toMatchObject({ off: true, board: { everyDays: 7, cutOffDays: 0 } });
  });

  it("belong to the configuration's digest, which a file without them keeps", () => {
    const { digest } = load(minimal);
    const usual = "metrics: {}\nnarrative: { off: false, board: { everyDays: 14 } }\n";
    expect(load(`${minimal}${usual}`).digest).toBe(digest);
    for (const text of [
      "metrics: { targets: { leadTime: { atMost: 2d } } }",
      "metrics: { incidents: incidents.csv }",
      "narrative: { off: true }",
      "narrative: { board: { everyDays: 7 } }",
    ])
      expect(load(`${minimal}${text}\n`).digest, text).not.toBe(digest);
  });

  it("take the narrative's paragraphs from a file, and warn where that cannot be", () => {
    const text = `${minimal}narrative: { text: own.md }\n`;
    const read = load(text, {}, { "own.md": 0o644 });
    expect(read).toMatchObject({ narrative: { text: ["secret-of-the-file"] }, warnings: [] });
    const { narrative, warnings } = load(text);
    expect(narrative).toMatchObject({ unreadable: "own.md, the narrative's own text, cannot be read (ENOENT)" });
    expect(warnings.join()).toMatch(/own\.md, .* cannot be read/);
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
