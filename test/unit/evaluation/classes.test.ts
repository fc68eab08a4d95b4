import { expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/index.ts";
import type { ItemClass } from "../../../src/model/assessment.ts";
import { policySchema } from "../../../src/model/policy.ts";
import { actor, changeDossier, check, commit, head } from "../attributes/dossiers.ts";
import { labelled, run } from "../attributes/platform-records.ts";
import { input } from "./input.ts";

const policies = [
  {
    policy: policySchema.parse({
      from: "2026-01-01",
      significant: { paths: ["schema/**"], approvers: [] },
      automation: [{ account: "github:dependabot", preset: "release" }],
    }),
    firstSeen: "2026-01-01T00:00:00Z",
  },
];

function classesOf(fields: Parameters<typeof changeDossier>[0]): readonly ItemClass[] | undefined {
  const dossiers = { commits: [], changes: [changeDossier(fields)], deployments: [], configuration: [] };
  return evaluate(input({ dossiers, policies })).population[0]?.classes;
}

const bot = {
  change: { author: actor("dependabot", "automation") },
  commits: [commit(head, "dependabot", { madeBy: "platform" })],
};
const failed = check("test", 10, { conclusion: "failure", attempt: 1 });

it("an ordinary change is of no class", () => {
  expect(classesOf({})).toBeUndefined();
});

it.each<[string, ItemClass[], Parameters<typeof changeDossier>[0]]>([
  [
    "bore the emergency's mark when it merged",
    ["emergency"],
    {
      change: { labels: ["emergency"], totals: { ...changeDossier().change.totals, events: 1 } },
      events: [labelled("emergency", 10)],
    },
  ],
  ["touches a significant path", ["significant"], { paths: ["schema/001.sql"] }],
  ["was opened by automation that raises versions", ["automated", "release"], { ...bot, paths: ["package.json"] }],
  ["was opened by automation and reaches beyond versions", ["automated"], { ...bot, paths: ["src/settle.ts"] }],
  ["was merged by hand", ["mergedByHand"], { mergedByHand: true }],
  [
    "edits the workflow that checked it",
    ["editsItsChecks"],
    { paths: [".github/workflows/test.yml"], runs: [run("ada", "pull_request")] },
  ],
  ["failed a check before it passed on the same commit", ["retried"], { checks: [failed, check("test", 20)] }],
])("a change that %s is shown apart", (_what, expected, fields) => {
  expect(classesOf(fields)).toEqual(expected);
});

it("a check that only failed, failed on another commit, or failed after it had passed, was not retried", () => {
  expect(classesOf({ checks: [failed] })).toBeUndefined();
  expect(classesOf({ checks: [{ ...failed, oid: head.replaceAll("a", "d") }, check("test", 20)] })).toBeUndefined();
  expect(classesOf({ checks: [check("test", 5), failed] })).toBeUndefined();
  expect(classesOf({ checks: [check("lint", 10, { conclusion: "failure" }), check("test", 20)] })).toBeUndefined();
});
