import { describe, expect, it } from "vitest";
import { approvedBySomeoneIndependent as C } from "../../../src/attributes/approved-by-someone-independent.ts";
import { approvedOnFinalRevision as D } from "../../../src/attributes/approved-on-final-revision.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { ChangeDossier } from "../../../src/model/dossier.ts";
import { actor, changeDossier, commit, head, older, review, t, verdict } from "./dossiers.ts";
import { accessAt, changeEvent, move, run } from "./platform-records.ts";

/** A change of two commits, and a push of the first. */
const two = { commits: [commit(older), commit(head)] };
const first = { before: null, after: older };

const both = (dossier: ChangeDossier) => [C, D].map((attribute) => verdict(attribute, dossier).outcome);

describe("8: who pushed the change's commits, as the source recorded it", () => {
  it.each<[string, Partial<ChangeDossier>, Outcome]>([
    ["the approver, under somebody else's name", { pushes: [move("ben", 20)] }, "fail"],
    ["the approver, by force", { pushes: [move("ben", 20, { activity: "forcePush" })] }, "fail"],
    ["the approver, by the run it started", { runs: [run("ben", "push")] }, "fail"],
    [
      "the approver, who only made another branch of what was there",
      { pushes: [move("ada", 20), move("ben", 25, { branch: "copy", activity: "created", before: null })] },
      "pass",
    ],
    [
      "the approver, to another branch, from which the author took it over",
      { pushes: [move("ben", 20, { branch: "copy" }), move("ada", 25)] },
      "fail",
    ],
    [
      "the approver, by the run it started on another branch before the author had it",
      { runs: [run("ben", "push", { branch: "copy", createdAt: t(10) })], pushes: [move("ada", 25)] },
      "fail",
    ],
    [
      "the approver, who had another branch tested after the author's was",
      { runs: [run("ada", "change", { createdAt: t(9) }), run("ben", "push", { branch: "copy", createdAt: t(10) })] },
      "pass",
    ],
    [
      "the approver, an earlier commit of the change",
      { ...two, pushes: [move("ben", 10, first), move("ada", 20)] },
      "fail",
    ],
    [
      "the approver, an earlier commit of the change, by the run it started",
      { ...two, runs: [run("ben", "push", { oid: older, createdAt: t(10) })], pushes: [move("ada", 20)] },
      "fail",
    ],
    [
      "the approver, who made a branch of an earlier commit that the author had pushed with the head",
      {
        ...two,
        pushes: [move("ada", 20, { before: null }), move("ben", 25, { branch: "copy", after: older, before: null })],
      },
      "pass",
    ],
    ["the approver, to the base before the merge", { pushes: [move("ben", 20, { branch: "main" })] }, "pass"],
    ["the approver, a commit that is not the change's", { pushes: [move("ben", 20, { after: older })] }, "pass"],
    ["the author", { pushes: [move("ada", 20)] }, "pass"],
    ["a third person", { pushes: [move("cara", 20)] }, "pass"],
    ["a deleted account", { pushes: [move(null, 20)] }, "notVerifiable"],
    ["the approver, the branch again after the merge", { pushes: [move("ben", 61)] }, "pass"],
    [
      "only the run after the merge, on the released branch",
      { runs: [run("ben", "push", { branch: "main", createdAt: t(61) })] },
      "pass",
    ],
  ])("%s", (_name, fields, outcome) => {
    expect(both(changeDossier(fields))).toEqual([outcome, outcome]);
  });

  it("is named with what it pushed and the record that says so", () => {
    const push = move("ben", 20);
    const answer = verdict(C, changeDossier({ pushes: [push] }));
    expect(answer.message).toContain("ben (101) approved but pushed aaaaaaaa");
    expect(answer.evidence).toContain(push.record);
  });

  it("known only in part leaves open who contributed", () => {
    const dossier = changeDossier({ gaps: { branchActivity: "page 3 unread" } });
    expect(verdict(C, dossier)).toMatchObject({
      outcome: "notVerifiable",
      message: expect.stringContaining("the branch's moves (page 3 unread)"),
    });
  });
});

describe("9: a base that changed after the approval", () => {
  const changed = (at: number) => changeEvent("baseChanged", at, { from: "next", to: "main" });

  it.each<[string, Partial<ChangeDossier>, Outcome]>([
    ["needs another approval", { events: [changed(40)] }, "fail"],
    ["and has it", { events: [changed(40)], reviews: [review("ben", 30), review("ben", 45)] }, "pass"],
    ["before the approval is no matter", { events: [changed(20)] }, "pass"],
    ["is no matter after the merge", { events: [changed(61)] }, "pass"],
  ])("%s", (_name, fields, outcome) => {
    expect(both(changeDossier(fields))).toEqual([outcome, outcome]);
  });

  it("is named with its time", () => {
    expect(verdict(C, changeDossier({ events: [changed(40)] })).message).toContain(
      `ben (101) approved before the base was changed to main at ${t(40)}`,
    );
  });
});

describe("11: an approver's right to write", () => {
  const writers = { ada: "admin", ben: "write" };
  const readers = { ada: "admin", ben: "read" };

  it.each<[string, ChangeDossier["access"], Outcome]>([
    ["as read before the review", [accessAt(-500, writers)], "pass"],
    ["as read only after it", [accessAt(500, writers)], "pass"],
    ["before and after it", [accessAt(-500, writers), accessAt(500, writers)], "pass"],
    ["gone at the only look, which came later: then unknown", [accessAt(500, { ada: "admin" })], "notVerifiable"],
    ["lost between two looks: then unknown", [accessAt(-500, writers), accessAt(500, readers)], "notVerifiable"],
    ["gained between two looks: then unknown", [accessAt(-500, readers), accessAt(500, writers)], "notVerifiable"],
    ["never there, for a stranger", [accessAt(-500, { ada: "admin" }), accessAt(500, { ada: "admin" })], "fail"],
    ["never there, with the right to read", [accessAt(-500, readers)], "fail"],
    ["under a role of the organisation's own: unknown", [accessAt(-500, { ben: "release-captain" })], "notVerifiable"],
    ["never read at all: judged as without", undefined, "pass"],
  ])("%s", (_name, access, outcome) => {
    expect(both(changeDossier(access ? { access } : {}))).toEqual([outcome, outcome]);
  });

  it("is printed with the time at which it was read", () => {
    const look = accessAt(-500, writers);
    const answer = verdict(C, changeDossier({ access: [look] }));
    expect(answer.message).toContain(`with the right to write, as read at ${look.observedAt}`);
    expect(answer.evidence).toContain(look.record);
  });
});

describe("29: an author whose account is deleted", () => {
  it("is known by the earlier record that names it", () => {
    const own = changeDossier({ change: { author: actor("ben") }, authorSeenIn: 4711 });
    expect(verdict(C, own)).toMatchObject({ outcome: "fail", evidence: expect.arrayContaining([4711]) });
    expect(verdict(C, changeDossier({ authorSeenIn: 4711 })).outcome).toBe("pass");
    expect(verdict(C, changeDossier({ change: { author: null } })).outcome).toBe("notVerifiable");
  });
});

it("cross-approval: of two authors neither is independent of what they wrote together", () => {
  const pushed = changeDossier({
    reviews: [review("ben", 30), review("ada", 31)],
    pushes: [move("ada", 10, { after: head }), move("ben", 20)],
  });
  expect(both(pushed)).toEqual(["fail", "fail"]);
});
