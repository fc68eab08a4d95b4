import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runScenarios, type ScenariosSummary, scenariosNamed } from "../../src/pipeline/scenarios.ts";
import { SCENARIOS } from "../../src/sandbox/index.ts";

const run = async (scenarios?: typeof SCENARIOS): Promise<ScenariosSummary> => {
  const directory = mkdtempSync(join(tmpdir(), "flowproof-scenarios-"));
  try {
    const signal = new AbortController().signal;
    const wait = async () => undefined;
    return await runScenarios({
      directory,
      env: {},
      signal,
      wait,
      progress: () => undefined,
      ...(scenarios && { scenarios }),
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

describe("every scenario, over HTTP through the provider", () => {
  let summary: ScenariosSummary;
  beforeAll(async () => {
    summary = await run();
  }, 120_000);

  it.each(SCENARIOS.map(({ name, title, covers }) => [name, covers.join(", ") || "no threat", title] as const))(
    "%s (%s): %s",
    (name) => {
      const finding = summary.scenarios.find((each) => each.name === name);
      expect(finding?.differences).toEqual([]);
    },
  );

  it("nothing else is found", () => {
    expect(summary.beyond).toEqual([]);
  });
});

describe("a scenario whose expectation is not met", () => {
  const [clean] = scenariosNamed(["nothing-wrong"]);
  if (!clean) throw new Error("there is no clean scenario");

  it("differs, with the message that was found", async () => {
    const wrong = { ...clean, expect: { change: { "approved-by-someone-independent": "fail" as const } } };
    const { scenarios } = await run([wrong]);
    expect(scenarios[0]?.differences).toEqual([
      expect.stringMatching(/^change: approved-by-someone-independent should be fail: .*farid-k \(\d+\) approved/),
      expect.stringContaining("deployment: deployed-as-approved should be fail"),
    ]);
  });

  it("differs where a message lacks what it should hold, and where an item is missing", async () => {
    const says = [{ of: "change", attribute: "request-linked", text: "no such words" }];
    const told = [{ by: "scope" as const, text: "no such words either" }];
    const { scenarios } = await run([{ ...clean, says, told }]);
    expect(scenarios[0]?.differences).toEqual([
      expect.stringContaining('should say "no such words"'),
      'no word of "no such words either" among the scope',
    ]);
  });

  it("is told apart from an outcome that no scenario made", async () => {
    const play: typeof clean.play = (stage) => {
      clean.play(stage);
      stage.subjects.clear();
    };
    const unapproved = scenariosNamed(["bot-approval"]).map((each) => ({
      ...each,
      play: (stage: Parameters<typeof each.play>[0]) => {
        each.play(stage);
        stage.subjects.clear();
      },
    }));
    const { beyond } = await run([{ ...clean, play }, ...unapproved]);
    expect(beyond).toContainEqual(expect.stringContaining("approved-by-someone-independent fail"));
  });
});
