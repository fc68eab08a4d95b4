import { describe, expect, it } from "vitest";
import { approvedBySomeoneIndependent as C } from "../../../src/attributes/approved-by-someone-independent.ts";
import { approvedOnFinalRevision as D } from "../../../src/attributes/approved-on-final-revision.ts";
import { changeDescribed } from "../../../src/attributes/change-described.ts";
import { emergencyReviewedInTime as J } from "../../../src/attributes/emergency-reviewed-in-time.ts";
import { mergedWithoutBypass as F } from "../../../src/attributes/merged-without-bypass.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { ChangeDossier } from "../../../src/model/dossier.ts";
import { changeDossier, older, review, t, verdict } from "./dossiers.ts";
import { labelled } from "./platform-records.ts";

describe("a significant change", () => {
  const policy = (approvers: string[]) => ({ significant: { labels: ["architecture"], paths: ["db/**"], approvers } });
  const plain = changeDossier({ paths: ["src/a.ts"] });
  const marked = changeDossier({ events: [labelled("architecture", 5)] });

  it.each<[string, ChangeDossier, string[], Outcome]>([
    ["is seen by whom policy names", marked, ["github:ben"], "pass"],
    ["is not done with the approval of somebody else", marked, ["github:cara"], "fail"],
    ["is known by the paths it touches", changeDossier({ paths: ["db/schema.sql"] }), ["github:cara"], "fail"],
    ["is not every change", plain, ["github:cara"], "pass"],
    [
      "cannot be told where the paths are missing",
      changeDossier({ gaps: { files: "403" } }),
      ["github:cara"],
      "notVerifiable",
    ],
    ["is nothing special where nobody is named", marked, [], "pass"],
  ])("%s", (_name, dossier, approvers, outcome) => {
    const answer = verdict(C, dossier, policy(approvers));
    expect(answer.outcome).toBe(outcome);
    if (outcome === "fail") expect(answer.message).toMatch(/It is significant \(.*needs the approval of github:cara/);
  });
});

describe("the named approver of a significant change", () => {
  const policy = { significant: { labels: ["architecture"], approvers: ["github:cara"] } };
  const answers = (reviews: ChangeDossier["reviews"], ...labels: string[]) => {
    const events = ["architecture", ...labels].map((label) => labelled(label, 5));
    return [C, D, J].map((attribute) => verdict(attribute, changeDossier({ events, reviews }), policy).outcome);
  };

  it("must have approved the final revision, not only an older one", () => {
    const reviews = [review("cara", 20, { oid: older }), review("ben", 30)];
    expect(answers(reviews)).toEqual(["pass", "fail", "notApplicable"]);
    expect(answers([...reviews, review("cara", 40)])).toEqual(["pass", "pass", "notApplicable"]);
    const dossier = changeDossier({ events: [labelled("architecture", 5)], reviews });
    expect(verdict(D, dossier, policy).message).toMatch(
      /^It is significant .*cara \(102\) approved bbbbbbbb, not the final/,
    );
  });

  it("may review an emergency in its time like anybody else", () => {
    expect(answers([review("cara", 240)], "emergency")).toEqual(["pass", "pass", "pass"]);
    expect(answers([review("ben", 30), review("cara", 240)], "emergency")).toEqual(["pass", "pass", "pass"]);
    expect(answers([review("ben", 240)], "emergency")).toEqual(["fail", "fail", "fail"]);
    expect(answers([review("ben", 30), review("cara", 240)])).toEqual(["fail", "fail", "notApplicable"]);
  });
});

const emergency = (reviews: ChangeDossier["reviews"], until = 100_000) =>
  changeDossier({ events: [labelled("Emergency", 5)], reviews, evidenceUntil: t(until) });

describe("an emergency", () => {
  it.each<[string, ChangeDossier, [Outcome, Outcome, Outcome]]>([
    ["reviewed within its time", emergency([review("ben", 240)]), ["pass", "pass", "pass"]],
    ["reviewed before the merge like any other", emergency([review("ben", 30)]), ["pass", "pass", "pass"]],
    ["reviewed only later", emergency([review("ben", 60 + 51 * 60)]), ["fail", "fail", "fail"]],
    ["reviewed by its own author", emergency([review("ada-admin", 240)]), ["fail", "fail", "fail"]],
    [
      "reviewed in time, but not what was merged",
      emergency([review("ben", 240, { oid: older })]),
      ["fail", "fail", "fail"],
    ],
    ["not reviewed yet, its time not over", emergency([], 200), ["notVerifiable", "notVerifiable", "notVerifiable"]],
    ["not an emergency", changeDossier(), ["pass", "pass", "notApplicable"]],
  ])("%s", (_name, dossier, outcomes) => {
    expect([C, D, J].map((attribute) => verdict(attribute, dossier).outcome)).toEqual(outcomes);
  });

  it("that is still due says until when", () => {
    expect(verdict(J, emergency([], 200))).toMatchObject({
      due: t(60 + 24 * 60),
      message: expect.stringContaining(`due ${t(60 + 24 * 60)}`),
    });
    expect(verdict(J, emergency([], 200), { emergency: { label: "emergency", reviewWithin: "1h" } }).outcome).toBe(
      "fail",
    );
  });
});

describe("a label", () => {
  const totals = { commits: 1, reviews: null, files: null, checks: null, workItems: null, labels: 1, events: null };
  const unread = changeDossier({ change: { labels: ["emergency"], totals }, reviews: [] });
  const outcomes = (dossier: ChangeDossier) => [C, D, F, J].map((attribute) => verdict(attribute, dossier).outcome);

  it("set only after the merge makes no emergency, and the message says so", () => {
    const dossier = changeDossier({
      change: { labels: ["emergency"] },
      events: [labelled("emergency", 61)],
      reviews: [review("ben", 240)],
    });
    expect(outcomes(dossier)).toEqual(["fail", "fail", "fail", "notApplicable"]);
    const said = "The label emergency was set only at 2026-10-05T10:01:00Z, after the merge, by dev (103).";
    for (const attribute of [C, D, F, J]) expect(verdict(attribute, dossier).message).toContain(said);
  });

  it("taken away before the merge did not stand at it, and one taken away after it did", () => {
    const taken = (at: number) =>
      changeDossier({ events: [labelled("emergency", 5), labelled("emergency", at, "unlabelled")], reviews: [] });
    expect(verdict(J, taken(50)).outcome).toBe("notApplicable");
    expect(verdict(J, taken(90)).outcome).toBe("fail");
    expect(verdict(J, changeDossier({ events: [labelled("emergency", 90, "unlabelled")] })).outcome).toBe("pass");
  });

  it("of which nobody knows when it was set leaves the emergency open, neither pass nor false alarm", () => {
    const late = { ...unread, reviews: [review("ben", 240)] };
    expect(outcomes(late)).toEqual(["notVerifiable", "notVerifiable", "notVerifiable", "notVerifiable"]);
    expect(verdict(J, late).message).toMatch(/when the label was set is not in the evidence/);
    expect(outcomes({ ...unread, reviews: [review("ben", 30)] }).slice(0, 2)).toEqual(["pass", "pass"]);
    // Neither an emergency nor another change may go without any review.
    expect(outcomes(unread).slice(0, 2)).toEqual(["fail", "fail"]);
  });

  it("that made a change significant must have stood at the merge", () => {
    const policy = { significant: { labels: ["architecture"], approvers: ["github:cara"] } };
    const answer = (fields: Parameters<typeof changeDossier>[0]) => verdict(C, changeDossier(fields), policy).outcome;
    expect(answer({ events: [labelled("architecture", 5)] })).toBe("fail");
    expect(answer({ events: [labelled("architecture", 61)] })).toBe("pass");
    expect(answer({ change: { labels: ["architecture"], totals } })).toBe("notVerifiable");
    // Somebody may have taken it away since.
    expect(answer({ change: { labels: [], totals } })).toBe("notVerifiable");
  });
});

describe("an approval after the merge", () => {
  const policy = { approval: { retrospectiveWithin: "2d" } };
  const answer = (reviews: ChangeDossier["reviews"], until = 100_000, written: object = policy) =>
    verdict(C, changeDossier({ reviews, evidenceUntil: t(until) }), written);

  it("counts within the time policy gives, and is due until then", () => {
    expect(answer([review("ben", 60 + 47 * 60)])).toMatchObject({
      outcome: "pass",
      message: expect.stringContaining("within the time for an approval after the merge"),
    });
    expect(answer([review("ben", 60 + 49 * 60)]).outcome).toBe("fail");
    expect(answer([review("ben", 240, { oid: older })]).outcome).toBe("fail");
    expect(answer([], 200)).toMatchObject({ outcome: "notVerifiable", due: t(60 + 48 * 60) });
    expect(answer([review("ben", 240)], 100_000, {}).outcome).toBe("fail");
  });

  it("does not lengthen an emergency's time", () => {
    const late = changeDossier({ events: [labelled("emergency", 5)], reviews: [review("ben", 60 + 30 * 60)] });
    expect([C, J].map((attribute) => verdict(attribute, late, policy).outcome)).toEqual(["pass", "fail"]);
  });
});

describe("the impact note of a significant change", () => {
  const policy = { significant: { paths: ["db/**"], impactNote: { heading: "Impact" } } };
  const described = (description: string, paths = ["db/schema.sql"]) =>
    verdict(changeDescribed, changeDossier({ change: { description }, paths }), policy);

  it.each<[string, string, Outcome]>([
    ["written under its heading", "Adds a table.\n\n## Impact\nNone before the next release.", "pass"],
    ["missing", "Adds a table.", "fail"],
    ["left empty", "Adds a table.\n\n## Impact\n<!-- what breaks? -->\n\n## Tests\nAll pass.", "fail"],
    ["in a part of its own", "Adds a table.\n\n## Impact:\n### Data\nOne table more.\n", "pass"],
  ])("%s", (_name, description, outcome) => {
    expect(described(description).outcome).toBe(outcome);
  });

  it("is not asked of other changes", () => {
    expect(described("Adds a table.", ["src/a.ts"]).outcome).toBe("pass");
    const unknown = changeDossier({ paths: [], gaps: { files: "403" } });
    expect(verdict(changeDescribed, unknown, policy).outcome).toBe("notVerifiable");
  });
});
