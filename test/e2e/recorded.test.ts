import { existsSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../src/model/assessment.ts";
import { assess } from "../../src/pipeline/assess.ts";
import { collect } from "../../src/pipeline/collect.ts";
import { openContext } from "../../src/pipeline/context.ts";
import { withStore } from "../../src/pipeline/open.ts";
import { openSandbox } from "../../src/pipeline/sandbox.ts";
import type { PipelineContext } from "../../src/pipeline/types.ts";
import { parsePeriod } from "../../src/util/period.ts";
import { packageRoot } from "../../src/util/root.ts";
import { freshFolder } from "./flowproof-process.ts";

const recording = join(packageRoot(), "..", "shared", "data", "mls-protocol");
const absent = !existsSync(recording);
if (absent) console.warn(`skipped: no recorded repository at ${recording}`);

describe.skipIf(absent)("a recorded repository, 2017 to 2023", () => {
  let ctx: PipelineContext;
  let result: AssessmentResult;

  beforeAll(async () => {
    const folder = freshFolder();
    const clock = (): Date => new Date("2024-04-03T08:00:00Z");
    const sandbox = await openSandbox({ recorded: recording, clock });
    const configFile = join(folder, "flowproof.config.yaml");
    sandbox.writeConfig(configFile);
    const signal = new AbortController().signal;
    ctx = openContext({ configFile, clock, signal, progress: () => {}, env: { GITHUB_TOKEN: "any" } });
    await collect(ctx);
    expect((await collect(ctx)).newRecords).toBe(0);
    await sandbox.close();
    result = await assess(ctx, { period: parsePeriod("2017-01-01..2023-12-31", "UTC", clock()) });
  });

  it("stores the 505 merged changes and their 1,249 reviews", async () => {
    await withStore(ctx, { write: false }, async (store) => {
      const merged = await store.entities("change");
      expect(merged).toHaveLength(505);
      expect(await store.entities("review", { parents: merged.map((change) => change.key) })).toHaveLength(1249);
    });
  });

  it("accounts for all of them: 499 merged to the released branch, 6 named as merged elsewhere", () => {
    const { rows, elsewhere = [], unmatched } = result.reconciliation;
    expect(rows.map(({ changes }) => changes)).toEqual([{ merged: 499, onLine: 499, notOnLine: 0, elsewhere: 6 }]);
    expect(result.population.filter(({ subject }) => subject === "change")).toHaveLength(499);
    expect(elsewhere.map(({ label }) => label)).toEqual(["#307", "#425", "#879", "#882", "#883", "#884"]);
    for (const { branch } of elsewhere) expect(branch).not.toBe("main");
    expect(unmatched.filter(({ kind }) => kind === "change")).toEqual([]);
  });

  it("explains each of the 529 commits of the line by a change, or lists it", () => {
    expect(result.reconciliation.rows[0]?.commits).toEqual({
      onLine: 529,
      explained: 499,
      unexplained: 30,
      byHand: 1,
    });
    expect(result.reconciliation.unmatched.filter(({ kind }) => kind === "commit")).toHaveLength(30);
    const commits = result.population.filter(({ subject }) => subject === "commit");
    expect(commits).toHaveLength(529);
    const passed = commits.filter(({ observations }) => observations[0]?.outcome === "pass");
    expect(passed).toHaveLength(499);
    expect(passed.every(({ link }) => link !== null)).toBe(true);
  });

  it("claims nothing of checks, work items, rules and deployments, which were not recorded", () => {
    const unseen = [
      "required-checks-passed",
      "security-checks-passed",
      "request-linked",
      "merged-without-bypass",
      "branch-protected",
    ];
    const claims = result.population.flatMap(({ label, observations }) =>
      observations
        .filter(({ attribute, outcome }) => unseen.includes(attribute) && outcome !== "notVerifiable")
        .map(({ attribute, outcome }) => `${label} ${attribute} ${outcome}`),
    );
    expect(claims).toEqual([]);
    expect(
      result.population.some(({ observations }) => observations.some(({ attribute }) => attribute === unseen[0])),
    ).toBe(true);
    expect(result.population.filter(({ subject }) => subject === "deployment")).toEqual([]);
    for (const id of ["CHG-04", "CHG-06", "CHG-07"])
      expect(result.controls.find((control) => control.id === id)?.result).toBe("evidenceIncomplete");
    for (const kind of ["checks", "deployments"] as const)
      expect(result.coverage.find((row) => row.kind === kind)?.status).toBe("unobserved");
  });
});
