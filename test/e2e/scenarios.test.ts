import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogueOf } from "../../src/model/assessment/logic.ts";
import { collect } from "../../src/pipeline/collect.ts";
import { openContext } from "../../src/pipeline/context.ts";
import { lastLogicTest, logicTestFile } from "../../src/pipeline/logic-test.ts";
import { openSandbox } from "../../src/pipeline/sandbox.ts";
import { runScenarios, type ScenariosSummary, scenariosNamed } from "../../src/pipeline/scenarios.ts";
import { logicTestOf } from "../../src/pipeline/write-logic-test.ts";
import { SCENARIOS } from "../../src/sandbox/index.ts";
import { packageRoot } from "../../src/util/root.ts";

const run = async (scenarios?: typeof SCENARIOS): Promise<ScenariosSummary> => {
  const directory = mkdtempSync(join(tmpdir(), "flowproof-scenarios-"));
  try {
    const signal = new AbortController().signal;
    return await runScenarios({
      directory,
      env: {},
      signal,
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

  it("is what packs say of it: controls/logic-test.json, written by `npm run scenarios -- --write`", () => {
    const written = readFileSync(logicTestFile(), "utf8");
    expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(logicTestOf(summary))));
    expect(lastLogicTest()?.state).toBe("current");
    expect(summary.catalogue).toEqual(catalogueOf(lastLogicTest()?.scenarios ?? []));
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

describe("npm run scenarios", () => {
  const ended = (...args: string[]) => {
    const script = join(packageRoot(), "src", "cli", "scenarios.ts");
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
    return { status, stdout, stderr };
  };

  it("prints each scenario with what was expected and found, and what they cover", () => {
    const { status, stdout } = ended("--only", "push-after-approval", "--only", "rollback");
    expect(stdout).toMatch(/^number = entry of the catalogue, - = a situation by name\n/);
    expect(stdout).toContain("     5  ok       push-after-approval\n");
    expect(stdout).toContain(
      "expected  change: approved-on-final-revision fail; deployment: deployed-as-approved fail: Nobody approved the commit",
    );
    expect(stdout).toMatch(/found {5}change: approved-on-final-revision fail; .*: 1 independent approval needed: .*\n/);
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThan(400);
    expect(stdout).toMatch(/2 scenarios: 2 as expected, 0 differ; 0 outcomes beyond them; \d+ requests\n/);
    expect(stdout).toContain("on entries of the catalogue 1, by name alone 1\nentries played, 1: 5\n");
    expect(status).toBe(0);
  });

  it("gives a machine one line of JSON a scenario", () => {
    const { status, stdout } = ended("--json", "--only", "second-account");
    const lines = stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ event: "scenario", name: "second-account", covers: [1], differences: [] }),
      expect.objectContaining({ event: "scenarios", scenarios: 1, differing: 0, played: [1] }),
    ]);
    expect(status).toBe(0);
  });

  it("writes nothing down for packs that is not all of them", () => {
    const before = readFileSync(logicTestFile(), "utf8");
    const { status, stderr } = ended("--write", "--only", "rollback");
    expect(stderr).toContain("--only leaves some out");
    expect(status).toBe(2);
    expect(readFileSync(logicTestFile(), "utf8")).toBe(before);
  });

  it("refuses a scenario that there is not, and names the one that was probably meant", () => {
    const { status, stderr } = ended("--only", "second-acount");
    expect(stderr).toContain("no scenario is called `second-acount`; did you mean `second-account`?");
    expect(status).toBe(2);
  });
});

describe("flowproof sandbox --scenarios", () => {
  const folder = mkdtempSync(join(tmpdir(), "flowproof-scenarios-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("serves them with a configuration that collects them all", async () => {
    const sandbox = await openSandbox({ scenarios: true });
    try {
      expect(sandbox).toMatchObject({ scenarios: SCENARIOS.length, tokenVariable: "FLOWPROOF_SANDBOX_TOKEN" });
      const configFile = join(folder, "flowproof.config.yaml");
      sandbox.writeConfig(configFile);
      const context = openContext({
        configFile,
        env: { FLOWPROOF_SANDBOX_TOKEN: "any-token" },
        clock: () => new Date("2026-11-02T06:00:00Z"),
        signal: new AbortController().signal,
        progress: () => undefined,
      });
      const { nothing, newRecords } = await collect(context);
      expect(nothing).toEqual([]);
      expect(newRecords).toBeGreaterThan(1000);
    } finally {
      await sandbox.close();
    }
  });

  it("serves nothing else beside them", async () => {
    await expect(openSandbox({ scenarios: true, changes: 60 })).rejects.toThrow("always the same organisation");
  });
});
