import { describe, expect, it } from "vitest";
import { approvalsByPeopleOnly as N } from "../../../src/attributes/approvals-by-people-only.ts";
import { branchProtected as L } from "../../../src/attributes/branch-protected.ts";
import { rulesBindAdministrators as O } from "../../../src/attributes/rules-bind-administrators.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { ConfigurationDossier, RulesAt } from "../../../src/model/dossier.ts";
import { configurationDossier, merged, older, rule, rulesAt, t, verdict } from "./dossiers.ts";
import { accessAt, move } from "./platform-records.ts";

const open = { changeRequired: false, forcePushBlocked: false };
const unseen: RulesAt = { known: false, reason: "nobody looked" };
const withAccess = (...access: ConfigurationDossier["access"]) => ({
  ...configurationDossier(rulesAt(rule())),
  access,
});
const may = (pipelinesMayApprove: boolean | null) => accessAt(0, {}, { pipelinesMayApprove });

describe("2: whether pipelines may approve", () => {
  it.each<[string, ConfigurationDossier, Outcome, RegExp]>([
    ["they may not", withAccess(may(false)), "pass", /could not approve changes of riverbank\/payments, as seen at/],
    ["they may, at one of two looks", withAccess(may(false), may(true)), "fail", /could approve changes .* as seen at/],
    ["not readable", withAccess(may(false), may(null)), "notVerifiable", /was not readable at/],
    ["never looked at", withAccess(), "notVerifiable", /was not readable/],
    [
      "looked at without the right to",
      { ...withAccess(), gaps: { access: "403: administration may not be read" } },
      "notVerifiable",
      /access rights \(403/,
    ],
  ])("%s", (_name, dossier, outcome, says) => {
    const answer = verdict(N, dossier);
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
  });

  it("is a state at the looks, not over the period", () => {
    expect(verdict(N, withAccess(may(false))).message).toContain("the state on that date, not over the period");
    expect(verdict(N, withAccess(may(false), accessAt(40, {}, { pipelinesMayApprove: false }))).message).toContain(
      `at each of 2 looks, the first at ${t(0)}, the last at ${t(40)}: the state on those dates`,
    );
  });
});

describe("14: whether the rules bind administrators", () => {
  const exempt = (who: string) => configurationDossier(rulesAt(rule({ bypass: [who] })));

  it.each<[string, ConfigurationDossier, Outcome, RegExp]>([
    ["nobody is exempt", configurationDossier(rulesAt(rule())), "pass", /exempted administrators/],
    ["administrators are", exempt("administrators"), "fail", /administrators could pass "main is guarded" by from/],
    ["an organisation's are", exempt("organisation administrators"), "fail", /organisation administrators/],
    ["those of a repository's role are", exempt("role admin"), "fail", /role admin/],
    ["an app is", exempt("app release-bot"), "pass", /exempted administrators .* not tested here: app release-bot/],
    [
      "for a part of the period",
      configurationDossier(rulesAt(rule()), rulesAt(rule({ bypass: ["administrators"] }))),
      "fail",
      /from/,
    ],
    ["it was not observed throughout", configurationDossier(rulesAt(rule()), unseen), "notVerifiable", /not observed/],
    ["no rule was active", configurationDossier(rulesAt()), "notVerifiable", /not observed/],
    [
      "who may could not be read",
      configurationDossier(rulesAt(rule({ bypassReadable: false }))),
      "notVerifiable",
      /could not be read/,
    ],
  ])("%s", (_name, dossier, outcome, says) => {
    const answer = verdict(O, dossier);
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
  });

  it("is the organisation's own decision, and is told all the same", () => {
    expect(verdict(O, exempt("administrators"), { administratorBypass: "allowed" })).toMatchObject({
      outcome: "notApplicable",
      message: expect.stringContaining("administrators could pass"),
    });
  });
});

describe("42: rules that nobody can read", () => {
  it.each<[string, RulesAt, Outcome, RegExp]>([
    [
      "may have demanded the change that is lacking",
      rulesAt(rule({ ...open, forcePushBlocked: true, unread: ["WORKFLOWS"] })),
      "notVerifiable",
      /demands is not known \(WORKFLOWS\)/,
    ],
    ["may have been all there was", rulesAt(rule({ enforcement: "unknown" })), "notVerifiable", /word nobody knows/],
    ["take nothing from those that suffice", rulesAt(rule({ unread: ["WORKFLOWS"] })), "pass", /was guarded/],
    [
      "demand no change where their kind is known for that",
      rulesAt(rule({ ...open, unread: ["REQUIRED_SIGNATURES"] })),
      "fail",
      /pushed without a change/,
    ],
  ])("%s", (_name, rules, outcome, says) => {
    const answer = verdict(L, configurationDossier(rules));
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
  });
});

describe("15: a branch whose history was rewritten", () => {
  const protectedBy = (...rewrites: ConfigurationDossier["rewrites"]) => ({
    ...configurationDossier(rulesAt(rule())),
    rewrites,
  });

  it("was not protected, and both commits are named with who did it", () => {
    const force = move("cara", 900, { branch: "main", activity: "forcePush", before: older, after: merged });
    const answer = verdict(L, protectedBy(force));
    expect(answer).toMatchObject({
      outcome: "fail",
      message: expect.stringMatching(/cara \(102\) rewrote its history by force at .*, from bbbbbbbb to cccccccc/),
    });
    expect(answer.evidence).toContain(force.record);
  });

  it("by deletion is told as such", () => {
    const deleted = move(null, 900, { branch: "main", activity: "deleted", before: older, after: null });
    expect(verdict(L, protectedBy(deleted)).message).toMatch(
      /A deleted account deleted it|a deleted account deleted it at .* led to bbbbbbbb/,
    );
  });

  it("is shown by a look that no longer found what an earlier one had, where the source kept no move", () => {
    const loss = { at: t(900), oid: older, seenAt: t(-600), record: 4712 };
    const answer = verdict(L, { ...protectedBy(), losses: [loss] });
    expect(answer).toMatchObject({
      outcome: "fail",
      message: expect.stringContaining(`by ${loss.at} it had lost bbbbbbbb, to which it led at ${loss.seenAt}`),
    });
    expect(answer.evidence).toContain(loss.record);
  });

  it("may have been, where its moves are known in part", () => {
    expect(verdict(L, { ...protectedBy(), gaps: { branchActivity: "page 3 unread" } }).outcome).toBe("notVerifiable");
    expect(verdict(L, protectedBy()).outcome).toBe("pass");
  });
});

it("a branch that was not found is neither unprotected nor anybody's to pass by", () => {
  const gaps = { commits: "the branch mian was not found" };
  for (const attribute of [L, O])
    expect(verdict(attribute, { ...configurationDossier(rulesAt()), gaps })).toMatchObject({
      outcome: "notVerifiable",
      message: expect.stringContaining("the branch mian was not found"),
    });
});
