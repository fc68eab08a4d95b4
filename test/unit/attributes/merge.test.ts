import { describe, expect, it } from "vitest";
import { approvedBySomeoneIndependent as C } from "../../../src/attributes/approved-by-someone-independent.ts";
import { changeDescribed } from "../../../src/attributes/change-described.ts";
import { mergedWithoutBypass as F } from "../../../src/attributes/merged-without-bypass.ts";
import { requestLinked } from "../../../src/attributes/request-linked.ts";
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
import { accessAt, labelled, suite } from "./platform-records.ts";

const unknownRules = { known: false, reason: "403" } as const;

describe("2: an app's approval", () => {
  it("counts with the platform though no list of accounts holds the app, and with nobody else", () => {
    const access = [accessAt(-500, { ben: "write" }), accessAt(500, { ben: "write" })];
    expect(verdict(F, changeDossier({ reviews: [review("dependabot", 30)], access })).outcome).toBe("pass");
    expect(verdict(F, changeDossier({ reviews: [review("cara", 30)], access })).outcome).toBe("fail");
    expect(verdict(C, changeDossier({ reviews: [review("dependabot", 30)], access })).outcome).toBe("fail");
  });
});

describe("12: the source's own evaluation of its rules", () => {
  it("that says bypassed decides, with who did it and what was not met", () => {
    const seen = suite("bypassed", { by: actor("cara"), unmet: ["required_status_checks"] });
    for (const dossier of [
      changeDossier({ ruleSuite: seen }),
      changeDossier({ ruleSuite: seen, rulesAtMerge: unknownRules }),
      changeDossier({ ruleSuite: seen, otherBase: "next" }),
    ]) {
      const answer = verdict(F, dossier);
      expect(answer).toMatchObject({
        outcome: "fail",
        message: expect.stringMatching(/cara \(102\) bypassed the branch's rules at .*not met: required_status_checks/),
      });
      expect(answer.evidence).toContain(seen.record);
    }
  });

  it("is told of an emergency, which is judged by its review", () => {
    const emergency = changeDossier({ ruleSuite: suite("bypassed"), events: [labelled("emergency", 5)] });
    expect(verdict(F, emergency)).toMatchObject({
      outcome: "notApplicable",
      message: expect.stringContaining("bypassed the branch's rules"),
    });
  });

  it("that says passed agrees with the record, and is never better than it", () => {
    const passed = suite("passed");
    expect(verdict(F, changeDossier({ ruleSuite: passed }))).toMatchObject({
      outcome: "pass",
      message: expect.stringContaining("own evaluation of its rules"),
    });
    expect(verdict(F, changeDossier({ ruleSuite: passed, reviews: [] })).outcome).toBe("fail");
    expect(verdict(F, changeDossier({ ruleSuite: passed, rulesAtMerge: unknownRules })).outcome).toBe("notVerifiable");
  });

  it("knows what the record does not hold, of the rule sets that it evaluates", () => {
    const owned = (id: string) =>
      changeDossier({ ruleSuite: suite("passed"), rulesAtMerge: rulesAt(rule({ id, codeOwnerApproval: true })) });
    expect(verdict(F, owned("ruleset:1")).outcome).toBe("pass");
    expect(verdict(F, owned("branch:1")).outcome).toBe("notVerifiable");
  });

  it("knows of rules that nobody else can read whether they were met", () => {
    const unread = (id: string) =>
      changeDossier({ ruleSuite: suite("passed"), rulesAtMerge: rulesAt(rule({ id, unread: ["WORKFLOWS"] })) });
    expect(verdict(F, unread("ruleset:1"))).toMatchObject({
      outcome: "pass",
      message: expect.stringContaining("not compared: WORKFLOWS"),
    });
    expect(verdict(F, unread("branch:1")).outcome).toBe("notVerifiable");
  });

  it("in a word nobody knows, or known only in part, leaves it open", () => {
    expect(verdict(F, changeDossier({ ruleSuite: suite("unknown") })).outcome).toBe("notVerifiable");
    expect(verdict(F, changeDossier({ gaps: { ruleSuites: "page 2 unread" } })).outcome).toBe("notVerifiable");
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
      guarded({}, { reviews: [], events: [labelled("emergency", 5)] }),
      "notApplicable",
      /emergency path/,
    ],
    [
      "rules of a kind we cannot read are named",
      guarded({ unread: ["REQUIRED_DEPLOYMENTS"] }),
      "pass",
      /not compared: REQUIRED_DEPLOYMENTS/,
    ],
    [
      "42: unless they may demand an approval, a change or a check",
      guarded({ unread: ["WORKFLOWS"] }),
      "notVerifiable",
      /what the rule "main is guarded" demands is not known \(WORKFLOWS\)/,
    ],
    [
      "42: reviews that are demanded in terms nobody can read",
      guarded({ changeRequired: false, approvals: 0, unread: ["PULL_REQUEST"] }, { reviews: [] }),
      "notVerifiable",
      /PULL_REQUEST/,
    ],
    [
      "what can be read and was not met fails all the same",
      guarded({ unread: ["WORKFLOWS"] }, { reviews: [] }),
      "fail",
      /demands 1 approval, and 0 stood/,
    ],
    [
      "42: a rule with an enforcement nobody knows, beside one that was met",
      changeDossier({ rulesAtMerge: rulesAt(rule(), rule({ enforcement: "unknown", approvals: 2 })) }),
      "notVerifiable",
      /in a word nobody knows/,
    ],
    [
      "42: or alone",
      guarded({ enforcement: "unknown" }, { ruleSuite: suite("passed") }),
      "notVerifiable",
      /in a word nobody knows/,
    ],
    [
      "20: an app of which only the number is known may be the one that reported",
      guarded({ checks: [{ name: "test", app: "app 77" }] }),
      "notVerifiable",
      /which app that is, the evidence does not name; only github-actions reported/,
    ],
    [
      "20: a status is no app's, whatever the app is called",
      guarded(
        { checks: [{ name: "test", app: "app 77" }] },
        { checks: [check("test", 20, { app: null, setBy: actor("ada") })] },
      ),
      "fail",
      /a status that ada \(100\) set/,
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
        commits: [commit(head, "dependabot", { author: git("dependabot"), madeBy: "platform" })],
      }),
      "notApplicable",
    ],
    [
      "none, by named automation with a person's commit in it",
      changeDossier({
        workItems: [],
        change: { author: actor("dependabot") },
        commits: [
          commit(older, "dependabot", { author: git("dependabot"), madeBy: "platform" }),
          commit(head, "ada", { madeBy: "platform" }),
        ],
      }),
      "fail",
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
