import { describe, expect, it } from "vitest";
import { changeDescribed } from "../../../src/attributes/change-described.ts";
import { mergedWithoutBypass as F } from "../../../src/attributes/merged-without-bypass.ts";
import { requestLinked } from "../../../src/attributes/request-linked.ts";
import { requiredChecksPassed as E } from "../../../src/attributes/required-checks-passed.ts";
import { securityChecksPassed } from "../../../src/attributes/security-checks-passed.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { ChangeDossier } from "../../../src/model/dossier.ts";
import {
  actor,
  changeDossier,
  check,
  commit,
  git,
  head,
  older,
  review,
  rule,
  rulesAt,
  verdict,
  workItem,
} from "./dossiers.ts";

const pinned = { requiredChecks: [{ name: "test", app: "github-actions" }] };
const byName = { requiredChecks: [{ name: "test" }] };
const checks = (...all: ChangeDossier["checks"]) => changeDossier({ checks: all });
const unknownRules = { known: false, reason: "403" } as const;

describe("required checks", () => {
  it.each<[string, ChangeDossier, Outcome, RegExp, object?]>([
    [
      "success on the head before the merge",
      checks(check("test", 20)),
      "pass",
      /test \(github-actions\) succeeded on aaaaaaaa at 2026-10-05T09:20:00Z/,
    ],
    [
      "19: skipped",
      checks(check("test", 20, { conclusion: "skipped" })),
      "fail",
      /was not performed on aaaaaaaa: it ended as skipped/,
    ],
    ["19: neutral", checks(check("test", 20, { conclusion: "neutral" })), "fail", /was not performed/],
    [
      "20: another app under a pinned name",
      checks(check("test", 20, { app: "quickcheck" })),
      "fail",
      /only quickcheck reported one of that name/,
    ],
    [
      "20: a status set by an account under a pinned name",
      checks(check("test", 20, { app: null, setBy: actor("ada") })),
      "fail",
      /a status that ada \(100\) set/,
    ],
    [
      "20: the same where no app is pinned is a weakness",
      checks(check("test", 20, { app: null, setBy: actor("ada") })),
      "pass",
      /no app is pinned, so anyone who can write/,
      byName,
    ],
    [
      "20: a failing app beside a succeeding one of an unpinned name",
      checks(check("test", 20, { conclusion: "failure" }), check("test", 21, { app: "quickcheck" })),
      "fail",
      /ended as failure/,
      byName,
    ],
    [
      "21: fail, fail, pass",
      checks(
        check("test", 10, { conclusion: "failure" }),
        check("test", 15, { conclusion: "failure" }),
        check("test", 20),
      ),
      "pass",
      /attempts: failure at .*09:10.*, failure at .*09:15.*, success at .*09:20/,
    ],
    [
      "21: pass, then fail",
      checks(check("test", 10), check("test", 20, { conclusion: "failure" })),
      "fail",
      /ended as failure/,
    ],
    [
      "22: success on an older commit only",
      checks(check("test", 20, { oid: older })),
      "fail",
      /missing on aaaaaaaa: it never ran on it/,
    ],
    [
      "22: success only after the merge",
      checks(check("test", 71)),
      "fail",
      /only at 2026-10-05T10:11:00Z, after the merge at 2026-10-05T10:00:00Z/,
    ],
    ["still running at the merge", checks(check("test", null, { conclusion: "running" })), "fail", /had not completed/],
    ["a conclusion nobody knows", checks(check("test", 20, { conclusion: "unknown" })), "notVerifiable", /not known/],
    ["missing", checks(check("lint", 20)), "fail", /it never ran on it/],
    [
      "missing where checks were not read",
      changeDossier({ checks: [], gaps: { checks: "vanished at the source" } }),
      "notVerifiable",
      /vanished/,
    ],
    ["policy names none: the rules' demand", changeDossier(), "pass", /demanded by the branch's rules/, {}],
    [
      "neither policy nor rules name one",
      changeDossier({ rulesAtMerge: rulesAt(rule({ checks: [] })) }),
      "notApplicable",
      /No check was required/,
      {},
    ],
    [
      "14: an evaluating rule demands nothing",
      changeDossier({ rulesAtMerge: rulesAt(rule({ enforcement: "evaluate" })), checks: [] }),
      "notApplicable",
      /No check was required/,
      {},
    ],
    ["41: rules not readable", changeDossier({ rulesAtMerge: unknownRules }), "notVerifiable", /not known: 403/, {}],
  ])("%s", (_name, dossier, outcome, says, policy = pinned) => {
    const answer = verdict(E, dossier, policy);
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
    expect(answer.evidence.length).toBeGreaterThan(0);
  });

  it("need none of automation that policy excuses", () => {
    const dossier = changeDossier({ change: { author: actor("dependabot") }, checks: [] });
    const automation = [{ account: "github:dependabot[bot]", approval: "person", checks: "off" }];
    expect(verdict(E, dossier, { ...pinned, automation }).outcome).toBe("notApplicable");
  });

  it("for security are those policy names", () => {
    const securityChecks = [{ name: "scan", app: "github-actions" }];
    expect(verdict(securityChecksPassed, changeDossier()).outcome).toBe("notApplicable");
    expect(verdict(securityChecksPassed, changeDossier(), { securityChecks }).outcome).toBe("fail");
    expect(verdict(securityChecksPassed, checks(check("scan", 20)), { securityChecks }).outcome).toBe("pass");
  });
});

describe("merging without bypassing the rules", () => {
  const guarded = (more: Parameters<typeof rule>[0], fields: Parameters<typeof changeDossier>[0] = {}) =>
    changeDossier({ ...fields, rulesAtMerge: rulesAt(rule(more)) });
  const admins = { bypass: ["organisation administrators"] };
  it.each<[string, ChangeDossier, Outcome, RegExp]>([
    [
      "all demands met",
      changeDossier(),
      "pass",
      /merged by ada \(100\).*meets what the rules demanded \(a change; 1 approval; checks test\)/i,
    ],
    [
      "12: an approval is missing",
      guarded(admins, { reviews: [], change: { merger: actor("cara") } }),
      "fail",
      /Only by bypassing the rules could cara \(102\) merge it .*organisation administrators may bypass/,
    ],
    [
      "10: the approval was withdrawn",
      guarded({}, { reviews: [review("ben", 20), review("ben", 30, { state: "changesRequested" })] }),
      "fail",
      /0 stood at the merge/,
    ],
    [
      "12: a required check failed",
      guarded({}, { checks: [check("test", 20, { conclusion: "failure" })] }),
      "fail",
      /ended as failure/,
    ],
    [
      "19: a skipped check satisfies the platform",
      guarded({}, { checks: [check("test", 20, { conclusion: "skipped" })] }),
      "pass",
      /meets/,
    ],
    [
      "2: the platform counts a bot's approval, and 1: a second account's",
      guarded({}, { reviews: [review("release-bot", 20)] }),
      "pass",
      /meets/,
    ],
    [
      "5: an old approval where the rule dismisses such",
      guarded({ dismissStaleApprovals: true }, { reviews: [review("ben", 20, { oid: older })] }),
      "fail",
      /of the last commit, and 0 stood/,
    ],
    [
      "5: an old approval where the rule keeps it",
      guarded({}, { reviews: [review("ben", 20, { oid: older })] }),
      "pass",
      /meets/,
    ],
    [
      "8: approved by the last pusher where the rule forbids it",
      guarded({ lastPushApproval: true }, { commits: [commit(head, "ben")] }),
      "notVerifiable",
      /last pusher/,
    ],
    ["a code owner's approval cannot be told", guarded({ codeOwnerApproval: true }), "notVerifiable", /code owner/],
    [
      "14: a rule in evaluate mode guards nothing",
      guarded({ enforcement: "evaluate" }, { reviews: [] }),
      "notApplicable",
      /nothing to bypass/,
    ],
    ["41: rules not readable", changeDossier({ rulesAtMerge: unknownRules, reviews: [] }), "notVerifiable", /403/],
    [
      "an emergency is judged by its review",
      guarded({}, { reviews: [], change: { labels: ["emergency"] } }),
      "notApplicable",
      /emergency path/,
    ],
    [
      "rules of a kind we cannot read are named",
      guarded({ unread: ["required_deployments"] }),
      "pass",
      /not compared: required_deployments/,
    ],
    [
      "a rule of which nothing could be read",
      guarded({
        changeRequired: false,
        approvals: 0,
        checks: [],
        forcePushBlocked: false,
        deletionBlocked: false,
        unread: ["its rules could not be read"],
      }),
      "notVerifiable",
      /what the rule "main is guarded" demands is not known/,
    ],
  ])("%s", (_name, dossier, outcome, says) => {
    const answer = verdict(F, dossier);
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
  });
});

describe("what a change says of itself", () => {
  it.each<[string, string, Outcome]>([
    ["words", "Settles twice a day.", "pass"],
    ["nothing", "", "fail"],
    ["an empty template", "## What\r\n<!-- tell us -->\r\n\r\n- [ ] \n---\n", "fail"],
    ["invisible signs only", "\u200b \u2060\n", "fail"],
  ])("described by %s", (_name, description, outcome) => {
    expect(verdict(changeDescribed, changeDossier({ change: { description } })).outcome).toBe(outcome);
  });

  it("is long enough for policy", () => {
    expect(
      verdict(changeDescribed, changeDossier({ change: { description: "Fix" } }), { description: { minLength: 20 } }),
    ).toMatchObject({
      outcome: "fail",
      message: expect.stringContaining("3 characters, fewer than the 20"),
    });
  });

  it.each<[string, ChangeDossier, Outcome]>([
    ["a work item older than the merge", changeDossier(), "pass"],
    ["none", changeDossier({ workItems: [] }), "fail"],
    ["one created only after the merge", changeDossier({ workItems: [workItem(61)] }), "fail"],
    [
      "none, by named automation",
      changeDossier({
        workItems: [],
        change: { author: actor("dependabot") },
        commits: [commit(head, "dependabot", { author: git("dependabot") })],
      }),
      "notApplicable",
    ],
  ])("is linked to %s", (_name, dossier, outcome) => {
    const automation = [{ account: "github:dependabot", approval: "person", checks: "required" }];
    expect(verdict(requestLinked, dossier, { requestLink: "required", automation }).outcome).toBe(outcome);
    expect(verdict(requestLinked, dossier).outcome).toBe("notApplicable");
  });

  it("claims linkage only", () => {
    expect(verdict(requestLinked, changeDossier(), { requestLink: "required" }).message).toContain(
      "not who authorised it",
    );
  });
});

it("a change that was merged to another branch is not shown to have met the released branch's rules", () => {
  const answer = verdict(F, changeDossier({ otherBase: "side-branch" }));
  expect(answer).toMatchObject({ outcome: "notVerifiable", message: expect.stringMatching(/Merged to side-branch/) });
});
