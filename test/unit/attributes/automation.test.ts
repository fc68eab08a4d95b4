import { describe, expect, it } from "vitest";
import { approvedBySomeoneIndependent as C } from "../../../src/attributes/approved-by-someone-independent.ts";
import { approvedOnFinalRevision as D } from "../../../src/attributes/approved-on-final-revision.ts";
import { requiredChecksPassed as E } from "../../../src/attributes/required-checks-passed.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { ChangeDossier } from "../../../src/model/dossier.ts";
import { actor, changeDossier, check, commit, git, head, mergeCommit, older, review, verdict } from "./dossiers.ts";
import { run } from "./platform-records.ts";

type Case = [name: string, dossier: ChangeDossier, c: Outcome, d: Outcome, says: RegExp, policy?: object];

const bot = { author: actor("dependabot"), merger: actor("ada") };
const botCommit = { author: git("dependabot"), madeBy: "platform" as const };
const exempt = { automation: [{ account: "github:dependabot", approval: "none", checks: "required" }] };

const cases: Case[] = [
  [
    "2: automation's change without a person's approval",
    changeDossier({ change: bot, commits: [commit(head, "dependabot", botCommit)], reviews: [] }),
    "fail",
    "fail",
    /there is no review/,
  ],
  [
    "automation that policy exempts",
    changeDossier({ change: bot, commits: [commit(head, "dependabot", botCommit)], reviews: [] }),
    "notApplicable",
    "notApplicable",
    /asks no person's approval/,
    exempt,
  ],
  [
    "automation that policy exempts, declared, and named otherwise in its commits",
    changeDossier({
      change: { author: actor("release-bot") },
      commits: [
        commit(head, "release-bot", {
          author: git("x", { ...actor("release-bot"), login: "release-bot[bot]", kind: "person" }),
          madeBy: "platform",
        }),
      ],
      reviews: [],
    }),
    "notApplicable",
    "notApplicable",
    /asks no person's approval/,
    { automation: [{ account: "github:release-bot", approval: "none", checks: "required" }] },
  ],
  [
    "6: exempt automation's change, of which nobody knows what its merge put on the branch",
    changeDossier({
      change: bot,
      commits: [commit(head, "dependabot", botCommit)],
      reviews: [],
      mergeCommit: undefined,
    }),
    "notVerifiable",
    "notVerifiable",
    /but what its merge put on the branch is not in the evidence/,
    exempt,
  ],
  [
    "24: an unsigned commit under a service account's name",
    changeDossier({
      change: bot,
      commits: [commit(older, "dependabot", botCommit), commit(head, "dependabot")],
      reviews: [],
    }),
    "fail",
    "fail",
    /exemption for github:dependabot is refused: commit aaaaaaaa/,
    exempt,
  ],
  [
    "24: a person's commit in an exempt automation's change",
    changeDossier({ change: bot, commits: [commit(head, "dev", { madeBy: "platform" })], reviews: [] }),
    "fail",
    "fail",
    /refused/,
    exempt,
  ],
  [
    "24: a person who took the automation's login",
    changeDossier({
      change: { author: actor("dependabot", "person") },
      commits: [commit(head, "dependabot", botCommit)],
      reviews: [],
    }),
    "fail",
    "fail",
    /there is no review/,
    exempt,
  ],
];

describe("a change that automation made", () => {
  it.each(cases)("%s", (_name, dossier, c, d, says, policy) => {
    const [independent, final] = [verdict(C, dossier, policy), verdict(D, dossier, policy)];
    expect([independent.outcome, final.outcome]).toEqual([c, d]);
    expect(independent.message).toMatch(says);
  });
});

describe("3: a bot's change", () => {
  const made = (runs: ChangeDossier["runs"]) =>
    changeDossier({ change: bot, commits: [commit(head, "dependabot", botCommit)], runs });

  it.each<[string, ChangeDossier["runs"], Outcome]>([
    ["approved by who started its pipeline", [run("ben", "workflow_dispatch")], "fail"],
    ["approved by who had another system start it", [run("ben", "repository_dispatch")], "fail"],
    ["approved by who pushed its head", [run("ben", "push")], "fail"],
    [
      "approved by who only ran its checks again",
      [run("release-bot", "push", { attempt: 2, startedBy: actor("ben") })],
      "pass",
    ],
    ["started by somebody else", [run("cara", "workflow_dispatch")], "pass"],
    ["checked by itself", [run("dependabot", "pull_request")], "pass"],
    ["of an earlier head", [run("ben", "workflow_dispatch", { oid: older })], "pass"],
  ])("%s", (_name, runs, outcome) => {
    expect(verdict(C, made(runs)).outcome).toBe(outcome);
  });

  it("names who started what", () => {
    expect(verdict(C, made([run("ben", "workflow_dispatch")])).message).toContain(
      "ben (101) approved but started test on aaaaaaaa",
    );
  });

  it("is another matter than a person's, whose reviewer may start checks on it", () => {
    expect(verdict(C, changeDossier({ runs: [run("ben", "workflow_dispatch")] })).outcome).toBe("pass");
  });
});

describe("what policy allows automation", () => {
  const made = (fields: Parameters<typeof changeDossier>[0] = {}) =>
    changeDossier({
      change: { author: actor("release-bot") },
      commits: [commit(head, "release-bot", { madeBy: "platform" })],
      reviews: [],
      paths: ["package.json", "apps/web/CHANGELOG.md"],
      ...fields,
    });
  const policy = (more: object = {}) => ({
    automation: [{ account: "github:release-bot", preset: "release", ...more }],
  });
  const answer = (dossier: ChangeDossier, more: object = {}) => verdict(C, dossier, policy(more));

  it("is a class of its own for releases that only raise versions", () => {
    expect(answer(made())).toMatchObject({
      outcome: "notApplicable",
      message: expect.stringMatching(/^A release, made by release-bot \(106\) alone, in nothing but the paths/),
    });
  });

  it("holds for the paths of the entry only", () => {
    expect(answer(made({ paths: ["package.json", "src/pay.ts"] }))).toMatchObject({
      outcome: "fail",
      message: expect.stringContaining("is refused: it touches src/pay.ts, beyond the paths policy gives it"),
    });
    expect(answer(made({ paths: ["src/pay.ts"] }), { paths: ["src/**"] }).outcome).toBe("notApplicable");
    expect(answer(made({ paths: [] })).outcome).toBe("fail");
    expect(answer(made({ gaps: { files: "403" } })).outcome).toBe("fail");
  });

  it("holds for the account with the id that policy names, and no other", () => {
    expect(answer(made(), { id: 106 }).outcome).toBe("notApplicable");
    expect(answer(made(), { id: "999" }).outcome).toBe("fail");
  });

  it("is undone by a merge that was made by hand and holds more", () => {
    const altered = made({
      mergeCommit: mergeCommit({ madeBy: "other" }),
      headTree: "e".repeat(40),
      builtOnBase: true,
    });
    expect([C, D].map((attribute) => verdict(attribute, altered, policy()).outcome)).toEqual(["fail", "fail"]);
  });

  it("may name checks of its own in place of the policy's", () => {
    const written = { ...policy({ checks: [{ name: "versions" }] }), requiredChecks: [{ name: "test" }] };
    expect(verdict(E, made({ checks: [check("versions", 20)] }), written).outcome).toBe("pass");
    expect(verdict(E, made({ checks: [check("test", 20)] }), written)).toMatchObject({
      outcome: "fail",
      message: expect.stringContaining("versions is missing"),
    });
  });

  it("24: excuses no check of a change with a commit that is not its own", () => {
    const foreign = made({ commits: [commit(head, "dev")], checks: [], reviews: [review("ben", 30)] });
    const written = { ...policy({ checks: "off" }), requiredChecks: [{ name: "test" }] };
    expect(verdict(E, foreign, written).outcome).toBe("fail");
    expect(verdict(E, made({ checks: [] }), written).outcome).toBe("notApplicable");
  });
});
