import { describe, expect, it } from "vitest";
import { approvedOnFinalRevision as D } from "../../../src/attributes/approved-on-final-revision.ts";
import { arrivedByChange } from "../../../src/attributes/arrived-by-change.ts";
import { deployedAsApproved as G } from "../../../src/attributes/deployed-as-approved.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { ChangeDossier } from "../../../src/model/dossier.ts";
import {
  changeDossier,
  commitDossier,
  deploymentDossier,
  head,
  mergeCommit,
  merged,
  older,
  verdict,
} from "./dossiers.ts";
import { move } from "./platform-records.ts";

const foreign = "e".repeat(40);
const byHand = (more: Parameters<typeof mergeCommit>[0] = {}) =>
  mergeCommit({ madeBy: "other", tree: foreign, ...more });
const onMain = (activity: "push" | "merge" | "mergeQueue") =>
  move("ada", 60, { branch: "main", after: merged, activity });
const single = { parents: ["0".repeat(40)] };

describe("17: what a merge put on the branch", () => {
  it.each<[string, Partial<ChangeDossier>, Outcome, RegExp]>([
    ["is the platform's own merge", {}, "pass", /ben/],
    [
      "is not the clean merge of a head built on the branch's tip",
      { mergeCommit: byHand(), builtOnBase: true },
      "fail",
      /merge commit cccccccc is not the clean merge: aaaaaaaa was built on the branch's tip/,
    ],
    [
      "was made by hand over a base that had moved on",
      { mergeCommit: byHand() },
      "notVerifiable",
      /made by hand, with another tree than the approved aaaaaaaa/,
    ],
    ["was made by hand with the head's own tree", { mergeCommit: byHand({ tree: head }) }, "pass", /ben/],
    [
      "was made by hand, and the head's tree is not known",
      { mergeCommit: byHand(), headTree: "" },
      "notVerifiable",
      /by hand/,
    ],
    ["is a rebase, which the platform does not sign", { mergeCommit: byHand(single) }, "pass", /ben/],
    [
      "is one commit that somebody pushed",
      { mergeCommit: byHand(single), merge: onMain("push") },
      "notVerifiable",
      /merge commit cccccccc, pushed by ada \(100\) at .* was made by hand/,
    ],
    [
      "is unsigned, but recorded as the platform's merge",
      { mergeCommit: byHand(), merge: onMain("merge") },
      "pass",
      /ben/,
    ],
    ["is unsigned, but recorded as the queue's", { mergeCommit: byHand(), merge: onMain("mergeQueue") }, "pass", /ben/],
    [
      "is signed by the platform, and yet was pushed by hand",
      { mergeCommit: byHand({ madeBy: "platform" }), mergedByHand: true },
      "notVerifiable",
      /by hand/,
    ],
    [
      "has a signature that nobody could read: as good as before, and said",
      { mergeCommit: byHand({ madeBy: "unknown" }) },
      "pass",
      /Whether the platform made the merge commit cccccccc is not in the evidence/,
    ],
    [
      "has a signature that nobody could read, and is shown not to be clean",
      { mergeCommit: byHand({ madeBy: "unknown" }), builtOnBase: true },
      "fail",
      /is not the clean merge/,
    ],
    ["is not in the evidence", { mergeCommit: undefined }, "notVerifiable", /What its merge put on the branch/],
  ])("%s", (_name, fields, outcome, says) => {
    const answer = verdict(D, changeDossier(fields));
    expect(answer.outcome).toBe(outcome);
    expect(answer.message).toMatch(says);
  });

  it("is not asked where policy lets an approval stand", () => {
    const dossier = changeDossier({ mergeCommit: byHand(), builtOnBase: true });
    expect(verdict(D, dossier, { approval: { finalRevision: "off" } }).outcome).toBe("notApplicable");
  });

  it("fails the deployment that brought it", () => {
    const altered = changeDossier({ mergeCommit: byHand(), builtOnBase: true });
    expect(verdict(G, deploymentDossier([altered]))).toMatchObject({
      outcome: "fail",
      message: expect.stringContaining("#12, which was not approved as policy asks (D)"),
    });
  });
});

describe("a commit of the branch", () => {
  it("that is a merge made by hand is explained, as a class of its own, with who pushed it", () => {
    const dossier = commitDossier(changeDossier(), { mergedByHand: true, activity: onMain("push") });
    expect(verdict(arrivedByChange, dossier)).toMatchObject({
      outcome: "pass",
      message: expect.stringMatching(
        /is the merge of change #12, made by hand and pushed by ada \(100\) at .*class of its own/,
      ),
    });
  });

  it("16: that was pushed names its pusher, whatever its title says", () => {
    const push = onMain("push");
    const dossier = commitDossier(undefined, { oid: older, activity: push });
    const answer = verdict(arrivedByChange, dossier);
    expect(answer).toMatchObject({
      outcome: "fail",
      message: expect.stringContaining(`by no merged change, pushed by ada (100) at ${push.at}`),
    });
    expect(answer.evidence).toContain(push.record);
  });

  it("15: that was pushed away names who did it", () => {
    const rewritten = { head: older, seenAt: "2026-10-06T00:00:00Z", now: merged, goneAt: "2026-10-06T00:00:00Z" };
    const force = move("cara", 900, { branch: "main", activity: "forcePush", before: older, after: merged });
    expect(
      verdict(arrivedByChange, commitDossier(undefined, { oid: older, rewritten, activity: force })),
    ).toMatchObject({
      outcome: "fail",
      message: expect.stringMatching(/was pushed away by cara \(102\) at .*: the branch now leads to cccccccc/),
    });
  });
});
