import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attributes } from "../../../../src/attributes/index.ts";
import type { ConfigurationDossier } from "../../../../src/model/dossier.ts";
import type { Entity, Rule } from "../../../../src/model/entity.ts";
import type { StreamKind } from "../../../../src/model/stream.ts";
import { loadDossiers } from "../../../../src/store/dossiers/index.ts";
import { head, older, rule, t, verdict } from "../../attributes/dossiers.ts";
import { accessAt, move } from "../../attributes/platform-records.ts";
import { batch, freshFolder, open, stream } from "../evidence-fixture.ts";
import { bare, base, graphCommit, repository, requestFor, wholeUntil } from "./october-fixture.ts";

let path: string;
let remove: () => void;
beforeEach(() => {
  ({ path, remove } = freshFolder());
});
afterEach(() => remove());

const look = t(400);
const rulesOf = (branch: string, ...rules: Rule[]): Entity => ({
  type: "protection",
  ...base(`/protection/${look}/${branch}`),
  branch,
  observedAt: look,
  rules,
});

const unread = {
  status: "unobserved",
  from: "2026-10-01T00:00:00Z",
  to: "2026-11-01T00:00:00Z",
  reason: "no right to read it",
} as const;

/** The settings of main and prod, where changes land on main and are promoted to prod; a kind without entities could not be read. */
async function settings(...given: readonly (readonly [StreamKind, ...Entity[]])[]) {
  const normalize = (record: { body: unknown }) => (record.body as { entities: Entity[] }).entities;
  const store = await open(path, { normalize: normalize as never });
  try {
    const run = await store.beginRun("collect");
    for (const [index, [kind, ...entities]] of given.entries()) {
      const record = { kind: "object", externalId: String(index), body: { entities } };
      const coverage = entities.length === 0 ? unread : wholeUntil(t(100_000));
      const part = { stream: { ...stream(kind, "1"), id: `${repository}/${kind}` }, coverage };
      await store.append(run, batch(entities.length === 0 ? [] : [record], part));
    }
    await store.endRun(run, "done");
    const { configuration } = await loadDossiers(store, requestFor({ promotedThrough: ["prod"] }));
    return configuration;
  } finally {
    await store.close();
  }
}

const tested = (dossier: ConfigurationDossier | undefined) =>
  Object.fromEntries(
    attributes
      .filter(({ subject }) => subject === "configuration")
      .map((attribute) => [attribute.id, dossier && verdict(attribute, dossier).outcome]),
  );

const guard = rule({ updatedAt: "2026-08-01T00:00:00Z" });
const elsewhere = { ...guard, appliesToReleasedBranch: false };

it("tests the rules of a branch that changes are promoted through like those of the one where they land", async () => {
  const [main, prod, ...more] = await settings(["protection", rulesOf("main", guard), rulesOf("prod", guard)]);
  expect(more).toEqual([]);
  expect([main?.branch, main?.promotedFrom]).toEqual(["main", undefined]);
  expect([prod?.branch, prod?.promotedFrom, prod?.key]).toEqual(["prod", "main", `${repository}:prod`]);
  const known = prod?.intervals.flatMap(({ from, rules }) => (rules.known ? [[from, rules.rules[0]?.name]] : []));
  expect(known).toEqual([["2026-10-01T00:00:00Z", guard.name]]);
  for (const one of [main, prod]) expect(tested(one)["rules-bind-administrators"]).toBe("pass");
});

it("credits main's rules to prod at no time", async () => {
  const [main, prod] = await settings(["protection", rulesOf("main", guard), rulesOf("prod", elsewhere)]);
  expect(main?.intervals[0]?.rules.known).toBe(true);
  // One look that saw no rule says nothing of the time before it.
  expect(prod?.intervals.flatMap(({ rules }) => (rules.known ? rules.rules : []))).toEqual([]);
  expect(tested(prod)["branch-protected"]).not.toBe("pass");
});

it("knows what was in force before a look by the versions of that branch, not by another's", async () => {
  const changed = { ...guard, updatedAt: "2026-10-02T00:00:00Z" };
  const version = (number: string, at: string, branch?: string): Entity => ({
    type: "ruleVersion",
    ...base(`/ruleVersions/1/${number}/${branch ?? ""}`),
    ruleSet: "1",
    version: number,
    at,
    by: null,
    rule: { ...guard, updatedAt: at },
    ...(branch === undefined ? {} : { branch }),
  });
  const both = (branch?: string) => [
    version("1", "2026-08-01T00:00:00Z", branch),
    version("2", "2026-10-02T00:00:00Z", branch),
  ];
  const looks = [rulesOf("main", changed), rulesOf("prod", changed)] as const;
  const from = (dossier: ConfigurationDossier | undefined) => dossier?.intervals.find(({ rules }) => rules.known)?.from;
  const [main, prod] = await settings(["protection", ...looks], ["ruleVersions", ...both(), ...both("prod")]);
  expect([from(main), from(prod)]).toEqual(["2026-10-01T00:00:00Z", "2026-10-01T00:00:00Z"]);
  remove();
  ({ path, remove } = freshFolder());
  const [known, unknown] = await settings(["protection", ...looks], ["ruleVersions", ...both()]);
  expect([from(known), from(unknown)]).toEqual(["2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z"]);
});

it("says that they were not observed where no look tells of them", async () => {
  const [main, prod] = await settings(["protection", rulesOf("main", guard)]);
  expect(main?.intervals.some(({ rules }) => rules.known)).toBe(true);
  expect(prod?.intervals.every(({ rules }) => !rules.known)).toBe(true);
  expect(tested(prod)).toMatchObject({
    "branch-protected": "notVerifiable",
    "rules-bind-administrators": "notVerifiable",
  });
});

it("fails for a rewrite of that branch, and not for one of another", async () => {
  const both = [rulesOf("main", guard), rulesOf("prod", guard)];
  const force = bare(move("cara", 300, { branch: "prod", activity: "forcePush", before: head, after: older }));
  const [main, prod] = await settings(["protection", ...both], ["branchActivity", force]);
  expect(prod?.rewrites).toHaveLength(1);
  expect(tested(prod)["branch-protected"]).toBe("fail");
  expect(main?.rewrites).toEqual([]);
});

describe("a commit that the looks at both branches found and the last one did not", () => {
  const seenAt = (branch: string, oid: string, at: number): Entity => ({
    type: "branchHead",
    ...base(`/heads/${branch}/${oid}/${at}`),
    branch,
    oid,
    observedAt: t(at),
  });
  const both = (...oids: readonly string[]) =>
    ["main", "prod"].flatMap((branch) => oids.map((oid, look) => seenAt(branch, oid, 100 * (look + 1))));
  const rules = ["protection", rulesOf("main", guard), rulesOf("prod", guard)] as const;
  const fork = [graphCommit("base"), graphCommit("a", ["base"]), graphCommit("c", ["base"])];

  it("fails either of them, where nobody could read the moves", async () => {
    const [main, prod] = await settings(rules, ["commits", ...fork, ...both("a", "c")], ["branchActivity"]);
    expect(main?.losses.map(({ oid, at }) => [oid, at])).toEqual([["a", t(200)]]);
    expect(prod?.losses.map(({ oid, at }) => [oid, at])).toEqual([["a", t(200)]]);
    expect([tested(main)["branch-protected"], tested(prod)["branch-protected"]]).toEqual(["fail", "fail"]);
  });

  it("is told by the recorded move of that branch, once", async () => {
    const force = bare(move("cara", 150, { branch: "prod", activity: "forcePush", before: "a", after: "c" }));
    const [main, prod] = await settings(rules, ["commits", ...fork, ...both("a", "c")], ["branchActivity", force]);
    expect([main?.losses.length, main?.rewrites.length]).toEqual([1, 0]);
    expect([prod?.losses.length, prod?.rewrites.length]).toEqual([0, 1]);
  });

  it("is not lost where the branch was moved forward to a merge of it", async () => {
    const merge = graphCommit("m", ["c", "a"]);
    const [main, prod] = await settings(rules, ["commits", ...fork, merge, ...both("a", "m")], ["branchActivity"]);
    expect([main?.losses, prod?.losses]).toEqual([[], []]);
    expect([tested(main)["branch-protected"], tested(prod)["branch-protected"]]).toEqual(["pass", "pass"]);
  });

  it("is lost where a look in between did not lead to it", async () => {
    const merge = graphCommit("m", ["c", "a"]);
    const [, prod] = await settings(rules, ["commits", ...fork, merge, ...both("a", "c", "m")], ["branchActivity"]);
    expect(prod?.losses.map(({ oid, at }) => [oid, at])).toEqual([["a", t(200)]]);
  });
});

it("passes no rules of a branch that the source does not know", async () => {
  const known: Entity = {
    type: "repository",
    ...base("/settings"),
    name: "riverbank/payments",
    url: "",
    defaultBranch: "main",
    archived: false,
    visibility: "private",
    createdAt: "2026-01-01T00:00:00Z",
    settings: {},
  };
  const [main, prod] = await settings(
    ["repository", known],
    ["protection", rulesOf("main", guard), rulesOf("prod", guard)],
  );
  expect([main?.gaps.commits, prod?.gaps.commits]).toEqual([
    undefined,
    "the branch prod was not found; the source's default branch is main: the name may be wrong",
  ]);
  expect(tested(main)).toMatchObject({ "branch-protected": "pass", "rules-bind-administrators": "pass" });
  expect(tested(prod)).toMatchObject({
    "branch-protected": "notVerifiable",
    "rules-bind-administrators": "notVerifiable",
  });
});

it("tests a repository's one setting for all branches once", async () => {
  const [main, prod] = await settings(
    ["protection", rulesOf("main", guard), rulesOf("prod", guard)],
    ["access", bare(accessAt(100, { ada: "admin" }, { pipelinesMayApprove: true }))],
  );
  expect(tested(main)["approvals-by-people-only"]).toBe("fail");
  expect(tested(prod)["approvals-by-people-only"]).toBe("notApplicable");
});
