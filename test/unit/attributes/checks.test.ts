import { describe, expect, it } from "vitest";
import { requiredChecksPassed as E } from "../../../src/attributes/required-checks-passed.ts";
import { securityChecksPassed } from "../../../src/attributes/security-checks-passed.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { ChangeDossier } from "../../../src/model/dossier.ts";
import { actor, changeDossier, check, commit, head, older, rule, rulesAt, t, verdict } from "./dossiers.ts";

const pinned = { requiredChecks: [{ name: "test", app: "github-actions" }] };
const byName = { requiredChecks: [{ name: "test" }] };
const checks = (...all: ChangeDossier["checks"]) => changeDossier({ checks: all });
const unknownRules = { known: false, reason: "403" } as const;
/** A run that took one minute. */
const ran = (at: number, more: Parameters<typeof check>[2] = {}) =>
  check("test", at, { startedAt: t(at - 1), ...more });

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
      checks(ran(10, { conclusion: "failure" }), ran(15, { conclusion: "failure" }), ran(20)),
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
    ...["WORKFLOWS", "REQUIRED_STATUS_CHECKS", "CODE_SCANNING", "A_KIND_OF_TOMORROW"].map(
      (kind): [string, ChangeDossier, Outcome, RegExp, object] => [
        `42: a rule of kind ${kind} that cannot be read may demand a check`,
        changeDossier({ rulesAtMerge: rulesAt(rule({ checks: [], unread: [kind] })), checks: [] }),
        "notVerifiable",
        new RegExp(`demands is not known \\(${kind}\\)`),
        {},
      ],
    ),
    [
      "42: nor does a check that can be read and passed make up for it",
      changeDossier({ rulesAtMerge: rulesAt(rule({ unread: ["WORKFLOWS"] })) }),
      "notVerifiable",
      /WORKFLOWS/,
      {},
    ],
    [
      "one that failed decides all the same",
      changeDossier({ rulesAtMerge: rulesAt(rule({ unread: ["WORKFLOWS"] })), checks: [] }),
      "fail",
      /is missing/,
      {},
    ],
    [
      "42: a rule with an enforcement nobody knows",
      changeDossier({ rulesAtMerge: rulesAt(rule({ checks: [] }), rule({ enforcement: "unknown" })), checks: [] }),
      "notVerifiable",
      /in a word nobody knows/,
      {},
    ],
    [
      "rules that demand nothing of the kind",
      changeDossier({ rulesAtMerge: rulesAt(rule({ checks: [], unread: ["MERGE_QUEUE", "COMMIT_MESSAGE_PATTERN"] })) }),
      "notApplicable",
      /No check was required/,
      {},
    ],
  ])("%s", (_name, dossier, outcome, says, policy = pinned) => {
    const answer = verdict(E, dossier, policy);
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
    expect(answer.evidence.length).toBeGreaterThan(0);
  });

  it("need none of automation that policy excuses", () => {
    const dossier = changeDossier({
      change: { author: actor("dependabot") },
      commits: [commit(head, "dependabot", { madeBy: "platform" })],
      checks: [],
    });
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

describe("checks in suites and attempts", () => {
  const failed = { conclusion: "failure" } as const;

  it.each<[string, ChangeDossier, Outcome, RegExp]>([
    [
      "20: a failing suite beside a passing one of the same app",
      checks(check("test", 20, { suite: "1" }), check("test", 15, { suite: "2", ...failed })),
      "fail",
      /ended as failure .*attempts: failure .*, success/,
    ],
    [
      "two passing suites",
      checks(check("test", 20, { suite: "1" }), check("test", 15, { suite: "2" })),
      "pass",
      /succeeded/,
    ],
    [
      "a suite that began only after the merge",
      checks(check("test", 20, { suite: "1" }), check("test", 90, { suite: "2", startedAt: t(80), ...failed })),
      "pass",
      /succeeded/,
    ],
    [
      "a suite that was still running at the merge",
      checks(check("test", 20, { suite: "1" }), check("test", 90, { suite: "2" })),
      "fail",
      /only at .*, after the merge/,
    ],
    [
      "21: earlier attempts failed, the last one passed",
      checks(
        ran(10, { suite: "1", attempt: 1, ...failed }),
        ran(15, { suite: "1", attempt: 2, ...failed }),
        ran(20, { suite: "1" }),
      ),
      "pass",
      /attempts: failure at .*09:10.*, failure at .*09:15.*, success at .*09:20/,
    ],
    [
      "21: an earlier attempt passed, the last one failed",
      checks(check("test", 10, { suite: "1", attempt: 1 }), check("test", 20, { suite: "1", ...failed })),
      "fail",
      /ended as failure/,
    ],
    [
      "21: a failed suite that was run again only after the merge",
      checks(ran(20, { suite: "1" }), ran(25, { suite: "2", attempt: 1, ...failed }), ran(90, { suite: "2" })),
      "fail",
      /ended as failure .*09:25.*, before the merge/,
    ],
    [
      "21: a suite that passed and was run again only after the merge",
      checks(ran(20, { suite: "1", attempt: 1 }), ran(90, { suite: "1", ...failed })),
      "pass",
      /succeeded .*09:20/,
    ],
    [
      "21: a later attempt that was still running at the merge",
      checks(ran(20, { suite: "1", attempt: 1 }), check("test", 70, { suite: "1", startedAt: t(50) })),
      "fail",
      /completed .* only at .*, after the merge/,
    ],
    [
      "two runs of one suite that overlap are no attempts of each other",
      checks(check("test", 20, { suite: "1", ...failed }), check("test", 25, { suite: "1" })),
      "fail",
      /ended as failure/,
    ],
    [
      "nor where the failed one ran again only after the merge",
      checks(
        check("test", 20, { suite: "1", attempt: 1, ...failed }),
        check("test", 25, { suite: "1", attempt: 1 }),
        check("test", 25, { suite: "1" }),
        ran(90, { suite: "1" }),
      ),
      "fail",
      /ended as failure/,
    ],
    [
      "a status that follows a pending one of the same account",
      checks(
        check("test", null, { app: null, startedAt: t(5), conclusion: "running" }),
        check("test", 9, { app: null, startedAt: t(9) }),
        ran(20),
      ),
      "pass",
      /succeeded/,
    ],
    [
      "21: an earlier attempt never counts by itself",
      checks(check("test", 10, { suite: "1", attempt: 1 })),
      "notVerifiable",
      /only earlier attempts on record/,
    ],
  ])("%s", (_name, dossier, outcome, says) => {
    const answer = verdict(E, dossier, pinned);
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
  });

  it("that the source counts together took no place of each other, one after the other or not", () => {
    const both = [ran(20, { suite: "1", ...failed }), ran(30, { suite: "1" })];
    const counted = (total: number) => {
      const dossier = changeDossier({ checks: both });
      const totals = { ...dossier.change.totals, checks: total };
      return verdict(E, { ...dossier, change: { ...dossier.change, totals } }, pinned).outcome;
    };
    expect([counted(2), counted(1)]).toEqual(["fail", "pass"]);
  });

  it("23: of a change that edits the workflow that checks it are flagged", () => {
    const workflow = ".github/workflows/test.yml";
    const own = [check("test", 20, { workflow }), check("lint", 20, { workflow: ".github/workflows/lint.yml" })];
    const answer = (paths: string[]) => verdict(E, changeDossier({ checks: own, paths }), pinned);
    const flag = `The change itself edits ${workflow}, by which it was checked.`;
    expect(answer([workflow, "src/pay.ts"])).toMatchObject({ outcome: "pass", message: expect.stringContaining(flag) });
    expect(answer(["src/pay.ts", ".github/workflows/lint.yml"]).message).not.toContain("itself edits");
  });
});
