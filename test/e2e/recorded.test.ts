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

  it("judges the approvals of its 499 changes, and of each failure says why", async () => {
    const independent = "approved-by-someone-independent";
    const final = "approved-on-final-revision";
    expect(totalsOf(result, independent)).toEqual({ pass: 260, fail: 175, notVerifiable: 64 });
    expect(totalsOf(result, final)).toEqual({ pass: 200, fail: 242, notVerifiable: 57 });
    const unreviewed = labelsSaying(result, independent, /there is no review\./);
    expect(unreviewed).toHaveLength(115);
    expect(labelsSaying(result, final, /there is no review\./)).toEqual(unreviewed);
    expect(labelsSaying(result, independent, /there is none, only comments/)).toHaveLength(28);
    const onOlderHead = labelsSaying(result, final, /approved \w{8}, not the final \w{8}/);
    expect(onOlderHead).toHaveLength(67);
    expect(onOlderHead.filter((label) => outcomesOf(result, label, final).has("fail"))).toHaveLength(67);
    expect(onOlderHead.filter((label) => outcomesOf(result, label, independent).has("pass"))).toHaveLength(47);
    await withStore(ctx, { write: false }, async (store) => {
      const judged = new Set(result.population.map(({ key }) => key));
      const merged = (await store.entities("change")).filter(({ key }) => judged.has(key));
      const reviews = await store.entities("review", { parents: merged.map(({ key }) => key) });
      const reviewed = new Set(reviews.map(({ change }) => change));
      const labels = merged.filter(({ key }) => !reviewed.has(key)).map(({ number }) => `#${number}`);
      expect(labels.toSorted()).toEqual(unreviewed.toSorted());
      const byAuthor = merged.filter(({ author, merger }) => author !== null && author.id === merger?.id);
      expect(byAuthor).toHaveLength(222);
    });
    const byHand = result.population.filter(({ classes = [] }) => classes.includes("mergedByHand"));
    expect(byHand).toHaveLength(1);
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

const outcomesOf = ({ population }: AssessmentResult, label: string, attribute: string): ReadonlySet<string> =>
  new Set(
    population
      .filter((item) => item.label === label)
      .flatMap(({ observations }) => observations.filter((one) => one.attribute === attribute))
      .map(({ outcome }) => outcome),
  );

function totalsOf({ population }: AssessmentResult, attribute: string): Record<string, number> {
  const outcomes = population.flatMap(({ observations }) =>
    observations.filter((one) => one.attribute === attribute).map(({ outcome }) => outcome),
  );
  return Object.fromEntries([...Map.groupBy(outcomes, (outcome) => outcome)].map(([one, all]) => [one, all.length]));
}

const labelsSaying = ({ population }: AssessmentResult, attribute: string, what: RegExp): readonly string[] =>
  population
    .filter(({ observations }) => observations.some((one) => one.attribute === attribute && what.test(one.message)))
    .map(({ label }) => label);
