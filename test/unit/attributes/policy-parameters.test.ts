import { describe, expect, it } from "vitest";
import { approvedBySomeoneIndependent as C } from "../../../src/attributes/approved-by-someone-independent.ts";
import { approvedOnFinalRevision as D } from "../../../src/attributes/approved-on-final-revision.ts";
import { emergencyReviewedInTime as J } from "../../../src/attributes/emergency-reviewed-in-time.ts";
import { fallBackPossible as K } from "../../../src/attributes/fall-back-possible.ts";
import { requiredChecksPassed as E } from "../../../src/attributes/required-checks-passed.ts";
import { securityChecksPassed as I } from "../../../src/attributes/security-checks-passed.ts";
import { reasonOf } from "../../../src/evaluation/answered.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { ChangeDossier, MergeWithin } from "../../../src/model/dossier.ts";
import type { Commit } from "../../../src/model/entity.ts";
import {
  changeDossier,
  check,
  commit,
  deployment,
  deploymentDossier,
  head,
  older,
  review,
  rule,
  rulesAt,
  t,
  verdict,
} from "./dossiers.ts";
import { labelled, suite } from "./platform-records.ts";

describe("an approval, where policy keeps it over merges of the base", () => {
  const keeps = { approval: { mergeFromBaseKeeps: true } };
  const between = "dddddddd44444444444444444444444444444444";
  const tip = "eeeeeeee55555555555555555555555555555555";
  const byPlatform = { madeBy: "platform", headline: "Merge branch 'main' into faster" } as const;
  const merge = (first: string, more: Partial<MergeWithin> = {}): MergeWithin => ({
    parents: [first, tip],
    fromBase: true,
    record: 7,
    ...more,
  });
  /** Approved on its first commit; what follows is given. */
  const followedBy = (commits: [string, Partial<Commit>][], merges: Record<string, MergeWithin>): ChangeDossier =>
    changeDossier({
      commits: [commit(older), ...commits.map(([oid, more]) => commit(oid, "ada", more))],
      reviews: [review("ben", 10, { oid: older })],
      merges: new Map(Object.entries(merges)),
    });

  it.each<[string, ChangeDossier, Outcome]>([
    ["stays after one that the platform made", followedBy([[head, byPlatform]], { [head]: merge(older) }), "pass"],
    [
      "stays after two, one upon the other",
      followedBy(
        [
          [between, byPlatform],
          [head, byPlatform],
        ],
        { [between]: merge(older), [head]: merge(between) },
      ),
      "pass",
    ],
    [
      "goes with a merge that somebody else made",
      followedBy([[head, { ...byPlatform, madeBy: "other" }]], { [head]: merge(older) }),
      "fail",
    ],
    [
      "goes with a merge of another branch",
      followedBy([[head, byPlatform]], { [head]: merge(older, { fromBase: false }) }),
      "fail",
    ],
    [
      "goes with a merge of two others at once",
      followedBy([[head, byPlatform]], { [head]: merge(older, { parents: [older, tip, between] }) }),
      "fail",
    ],
    [
      "goes with a commit pushed before the merge",
      followedBy(
        [
          [between, {}],
          [head, byPlatform],
        ],
        { [head]: merge(between) },
      ),
      "fail",
    ],
    [
      "goes where the reviewed commit is what was merged in",
      followedBy([[head, byPlatform]], { [head]: { ...merge(tip), parents: [tip, older] } }),
      "fail",
    ],
    ["is open where the merge's parents were not read", followedBy([[head, byPlatform]], {}), "notVerifiable"],
    [
      "is open where what was merged in is not in the evidence",
      followedBy([[head, byPlatform]], { [head]: merge(older, { fromBase: undefined }) }),
      "notVerifiable",
    ],
    [
      "is open where it is not known who made the merge",
      followedBy([[head, { ...byPlatform, madeBy: "unknown" }]], { [head]: merge(older) }),
      "notVerifiable",
    ],
  ])("%s", (_name, dossier, outcome) => {
    expect(verdict(D, dossier, keeps).outcome).toBe(outcome);
    expect(verdict(D, dossier).outcome).toBe("fail");
    expect(verdict(C, dossier, keeps).outcome).toBe("pass");
  });

  it("is said to be kept, over which commit, and rests on the merge's record", () => {
    const { message, evidence } = verdict(D, followedBy([[head, byPlatform]], { [head]: merge(older) }), keeps);
    expect(message).toMatch(/approved bbbbbbbb .*kept over aaaaaaaa, by which the platform merged the base branch/);
    expect(evidence).toContain(7);
  });
});

describe("checks of which any serves an objective", () => {
  const anyOf = [
    { name: "test", app: "github-actions" },
    { name: "unit", app: "buildkite" },
  ];
  const either = { requiredChecks: [{ objective: "unit tests", anyOf }] };
  const unit = (conclusion: "success" | "failure", at = 20) => check("unit", at, { app: "buildkite", conclusion });

  it.each<[string, ChangeDossier["checks"], Outcome, RegExp]>([
    ["one of them suffices", [check("test", 20)], "pass", /unit tests by test \(github-actions\) succeeded/],
    ["whichever", [unit("success")], "pass", /unit tests by unit \(buildkite\) succeeded/],
    [
      "a failed one is said beside the one that passed",
      [check("test", 20), unit("failure")],
      "pass",
      /succeeded .*; beside it unit \(buildkite\) ended as failure/,
    ],
    ["none of them ran", [], "fail", /for unit tests none of 2 alternatives .*test.*missing.*unit.*missing/],
    ["one failed, the other never ran", [unit("failure")], "fail", /unit \(buildkite\) ended as failure/],
    ["one passed only after the merge", [unit("success", 65)], "fail", /only at .*after the merge/],
    [
      "one of the name by another app",
      [check("unit", 20, { app: "quickcheck" })],
      "fail",
      /only quickcheck reported one of that name/,
    ],
  ])("%s", (_name, checks, outcome, text) => {
    const answer = verdict(E, changeDossier({ checks }), either);
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(text);
  });

  it("stand beside checks that have no alternative, and among security checks", () => {
    const both = { requiredChecks: [{ name: "lint" }, ...either.requiredChecks] };
    const dossier = changeDossier({ checks: [check("test", 20)] });
    expect(verdict(E, dossier, both)).toMatchObject({ outcome: "fail", message: expect.stringContaining("lint") });
    expect(verdict(I, dossier, { securityChecks: either.requiredChecks }).outcome).toBe("pass");
  });
});

describe("the code owners' approval, where policy asks it", () => {
  const asked = { approval: { codeOwners: "required" } };
  const demanding = rulesAt(rule({ id: "ruleset:5", codeOwnerApproval: true }));
  const judged = (fields: Parameters<typeof changeDossier>[0]) => verdict(C, changeDossier(fields), asked);

  it("was given where the source found its rule met", () => {
    const answer = judged({ rulesAtMerge: demanding, ruleSuite: suite("passed") });
    expect(answer.outcome).toBe("pass");
    expect(answer.message).toMatch(/rule "main is guarded" demanded the code owners' approval/);
  });

  it.each([
    ["no rule demanded it", { ruleSuite: suite("passed") }, /no rule of the branch demanded it/],
    [
      "an older kind of rule did, which the source does not evaluate",
      { rulesAtMerge: rulesAt(rule({ codeOwnerApproval: true })), ruleSuite: suite("passed") },
      /older kind/,
    ],
    ["the source's evaluation is not there", { rulesAtMerge: demanding }, /not in the evidence/],
    [
      "the rules were bypassed",
      { rulesAtMerge: demanding, ruleSuite: suite("bypassed") },
      /the rules were bypassed at/,
    ],
    [
      "the evaluations could not be read whole",
      { rulesAtMerge: demanding, ruleSuite: suite("passed"), gaps: { ruleSuites: "403" } },
      /cannot be said: 403/,
    ],
    [
      "the rules are not known",
      { rulesAtMerge: { known: false, reason: "403" } as const, ruleSuite: suite("passed") },
      /which rules guarded the branch is not known/,
    ],
  ])("cannot be told where %s", (_name, fields, text) => {
    const answer = judged(fields);
    expect(answer.outcome).toBe("notVerifiable");
    expect(answer.message).toMatch(text);
  });

  it("makes up for no missing approval, and is not asked by default", () => {
    expect(judged({ reviews: [], rulesAtMerge: demanding, ruleSuite: suite("passed") }).outcome).toBe("fail");
    expect(verdict(C, changeDossier()).outcome).toBe("pass");
  });
});

describe("an emergency's reason, where policy asks it", () => {
  const asked = { emergency: { label: "emergency", reason: { heading: "Reason" } } };
  const emergency = (description: string, reviews = [review("ben", 90)]) =>
    changeDossier({ change: { description }, events: [labelled("emergency", 5)], reviews });

  it("is found under its heading", () => {
    const answer = verdict(J, emergency("Stops the loss.\n\n## Reason\n\nUploads fail."), asked);
    expect(answer).toMatchObject({ outcome: "pass", message: expect.stringContaining('says why under "Reason"') });
  });

  it.each([
    ["the heading is missing", "Stops the loss."],
    ["nothing stands under it", "## Reason\n\n<!-- why can it not wait? -->\n\n## What\n\nStops the loss."],
  ])("is missing where %s", (_name, description) => {
    const answer = verdict(J, emergency(description), asked);
    expect(answer).toMatchObject({ outcome: "fail", message: expect.stringContaining('no reason under "Reason"') });
    expect(verdict(J, emergency(description)).outcome).toBe("pass");
  });

  it("counts as it was written by the merge, never as it was written since", () => {
    const reason = "## Reason\n\nUploads fail.";
    const edited = changeDossier({
      change: { description: reason, editedAt: t(120) },
      events: [labelled("emergency", 5)],
      reviews: [review("ben", 90)],
    });
    expect(verdict(J, edited, asked).outcome).toBe("notVerifiable");
    const before = { ...edited.change, description: "Stops the loss.", editedAt: null };
    expect(verdict(J, { ...edited, earlier: [before] }, asked).outcome).toBe("fail");
  });

  it("does not excuse a review that came too late", () => {
    const late = emergency("## Reason\n\nUploads fail.", [review("ben", 60 * 30)]);
    expect(verdict(J, late, asked)).toMatchObject({ outcome: "fail", message: expect.stringContaining("says why") });
  });

  it("is not asked of other changes", () => {
    expect(verdict(J, changeDossier(), asked).outcome).toBe("notApplicable");
  });

  it("is quoted where a bypass is listed", () => {
    const param = { label: "emergency", reviewWithin: 86_400_000, reason: { heading: "Reason" } };
    expect(reasonOf(emergency("## Reason\n\nUploads fail."), param)?.text).toContain("“Uploads fail.”");
  });
});

describe("the version to fall back on, where policy says how old it may be", () => {
  const fallingBack = (minutes: number) =>
    deploymentDossier(undefined, { fallBack: deployment("80", older, { createdAt: t(70 - minutes) }) });
  const days = (count: number) => count * 24 * 60;

  it.each<[string, number, Outcome]>([
    ["is there", days(3), "pass"],
    ["is there to the last minute", days(10), "pass"],
    ["is too old", days(10) + 1, "fail"],
  ])("%s", (_name, minutes, outcome) => {
    expect(verdict(K, fallingBack(minutes), { fallBack: { within: "10d" } }).outcome).toBe(outcome);
    expect(verdict(K, fallingBack(minutes)).outcome).toBe("pass");
  });

  it("is named with its age", () => {
    expect(verdict(K, fallingBack(days(12)), { fallBack: { within: "10d" } }).message).toMatch(
      /bbbbbbbb, had been deployed at .*, 12 days earlier: policy counts on 10 days\.$/,
    );
  });
});
