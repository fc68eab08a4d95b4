import { expect, it } from "vitest";
import type { EntityOf, Rule, Seen } from "../../../src/model/entity.ts";
import { continuityOf } from "../../../src/pipeline/continuity.ts";
import { actor, configurationDossier, head, older, rule, rulesAt, t } from "../attributes/dossiers.ts";
import { move } from "../attributes/platform-records.ts";

const period = { from: t(0), to: t(2000) };
const version = (id: string, at: number, more: Partial<Rule> = {}): Seen<EntityOf<"ruleVersion">> => ({
  type: "ruleVersion",
  key: `github/1/ruleVersions/7/${id}`,
  repository: "github/1",
  ruleSet: "7",
  version: id,
  at: t(at),
  by: actor("cara"),
  rule: rule(more),
  record: 500 + Number(id),
});

it("tells rules that demand a change from rules that let commits in without one, and those from none", () => {
  const states = continuityOf(
    [configurationDossier(rulesAt(rule()), rulesAt(rule({ changeRequired: false })), rulesAt())],
    [],
    period,
  )[0]?.intervals.map(({ state, lacking }) => [state, lacking]);
  expect(states).toEqual([
    ["active", undefined],
    ["weak", ["commits could be pushed without a change"]],
    ["absent", ["no active rule guarded the branch"]],
  ]);
});

it("calls rules neither weak nor active where a rule that nobody can read may have demanded what is lacking", () => {
  const unread = rulesAt(rule({ changeRequired: false, unread: ["WORKFLOWS"] }));
  expect(continuityOf([configurationDossier(unread)], [], period)[0]?.intervals).toMatchObject([
    { state: "unobserved", rules: 'what the rule "main is guarded" demands is not known (WORKFLOWS)' },
  ]);
});

it("lists each version of the period by who made it, when, and what it changed in the one before", () => {
  const versions = [
    version("1", -50),
    version("2", 100, { approvals: 0, bypass: ["organisation administrators"] }),
    version("3", 200, { enforcement: "disabled", approvals: 0, bypass: [] }),
    version("4", 3000),
  ];
  const [row] = continuityOf([configurationDossier(rulesAt(rule()))], versions, period);
  expect(row?.events).toEqual([
    {
      at: t(100),
      kind: "rules",
      by: "cara (102)",
      text: "main is guarded: no longer demanded: 1 approval; may bypass it now: organisation administrators",
      record: 502,
    },
    {
      at: t(200),
      kind: "rules",
      by: "cara (102)",
      text: "main is guarded: active, now disabled; may bypass it no more: organisation administrators",
      record: 503,
    },
  ]);
});

it("lists under a branch that changes are promoted through its own versions only, and the log's word under where they land", () => {
  const prod = { ...configurationDossier(rulesAt(rule())), branch: "prod", promotedFrom: "main" };
  const ofProd = { ...version("3", 200, { approvals: 0 }), branch: "prod" };
  const log = {
    type: "auditEvent" as const,
    key: "github/1/auditEvents/1",
    repository: "github/1",
    id: "1",
    action: "protected_branch.create",
    at: t(500),
    by: "cara",
    record: 900,
  };
  const rows = continuityOf(
    [configurationDossier(rulesAt(rule())), prod],
    [version("1", -50), version("2", 100), { ...version("1", -50), branch: "prod" }, ofProd],
    period,
    [log],
  );
  expect(rows.map(({ branch, promotedFrom, events }) => [branch, promotedFrom, events?.map(({ at }) => at)])).toEqual([
    ["main", undefined, [t(100), t(500)]],
    ["prod", "main", [t(200)]],
  ]);
});

it("lists a rewrite of the branch among what changed, and another repository's versions nowhere", () => {
  const force = move("cara", 300, { branch: "main", activity: "forcePush", before: head, after: older });
  const other = { ...version("2", 100), repository: "github/2" };
  const [row] = continuityOf([{ ...configurationDossier(rulesAt(rule())), rewrites: [force] }], [other], period);
  expect(row?.events).toMatchObject([{ at: t(300), kind: "rewrite", by: "cara (102)", record: force.record }]);
  expect(row?.events?.[0]?.text).toContain(`from ${head.slice(0, 8)} to ${older.slice(0, 8)}`);
});

it("lists what the audit log says of the rules, but not what a version tells more of, nor bypasses, nor others' rules", () => {
  const logged = (action: string, at: number, more: Partial<EntityOf<"auditEvent">> = {}) => ({
    type: "auditEvent" as const,
    key: `github/1/auditEvents/${at}`,
    repository: "github/1",
    id: String(at),
    action,
    at: t(at),
    by: "cara",
    record: 700 + at,
    ...more,
  });
  const events = continuityOf([configurationDossier(rulesAt(rule()))], [version("1", -50), version("2", 100)], period, [
    logged("repository_ruleset.update", 100),
    logged("repository_ruleset.destroy", 300, { by: null, subject: "Released branches" }),
    logged("protected_branch.policy_override", 310),
    logged("protected_branch.destroy", 320, { subject: "main" }),
    logged("protected_branch.create", 330, { repository: "github/2" }),
    logged("environment.update", 340),
    logged("protected_branch.create", 3000),
  ])[0]?.events;
  expect(events?.map(({ at, by, text, record }) => [at, by, text, record])).toEqual([
    [t(100), "cara (102)", expect.stringContaining("changes nothing"), 502],
    [
      t(300),
      "an account the log does not name",
      "Released branches: repository ruleset, destroy, as the audit log has it",
      1000,
    ],
    [t(320), "cara", "main: protected branch, destroy, as the audit log has it", 1020],
  ]);
});
