import { describe, expect, it } from "vitest";
import { approvedBySomeoneIndependent as C } from "../../../src/attributes/approved-by-someone-independent.ts";
import { approvedOnFinalRevision as D } from "../../../src/attributes/approved-on-final-revision.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { ChangeDossier } from "../../../src/model/dossier.ts";
import { actor, changeDossier, commit, dismissal, git, head, older, review, t, verdict } from "./dossiers.ts";

type Case = [name: string, dossier: ChangeDossier, c: Outcome, d: Outcome, says: RegExp, policy?: object];

const later = review("ben", 30);
const early = review("ben", 20);
const lost = review("ben", 30, { oid: null });
const stranger = { name: "Pat", email: "pat@elsewhere.example", account: null };
const authors = (...logins: string[]): ChangeDossier["authors"] =>
  new Map([
    [
      head,
      {
        type: "commitAuthors",
        key: "k",
        repository: "github/1",
        oid: head,
        authors: logins.map((one) => git(one)),
        record: 7777,
      },
    ],
  ]);

const cases: Case[] = [
  [
    "an approval by a peer on the head",
    changeDossier(),
    "pass",
    "pass",
    /ben \(101\) approved aaaaaaaa at 2026-10-05T09:30:00Z/,
  ],
  [
    "no review at all",
    changeDossier({ reviews: [] }),
    "fail",
    "fail",
    /there is no review.*Merged at 2026-10-05T10:00:00Z by ada/,
  ],
  [
    "a comment is no approval",
    changeDossier({ reviews: [review("ben", 30, { state: "commented" })] }),
    "fail",
    "fail",
    /there is none, only comments/,
  ],
  [
    "1: the author approves from a second account",
    changeDossier({ reviews: [review("ada-admin", 30)] }),
    "fail",
    "fail",
    /ada-admin \(104\) approved but is the person who as ada \(100\) opened the change/,
  ],
  [
    "2: a bot approves",
    changeDossier({ reviews: [review("release-bot", 30)] }),
    "fail",
    "fail",
    /is automation, whose approval is no person's/,
  ],
  [
    "4: only a co-author approves",
    changeDossier({ commits: [commit(head, "ada", { coAuthored: true })], authors: authors("ada", "ben") }),
    "fail",
    "fail",
    /ben \(101\) approved but is an author of commit aaaaaaaa/,
  ],
  [
    "4: co-authors who could not be read",
    changeDossier({ commits: [commit(head, "ada", { coAuthored: true })] }),
    "notVerifiable",
    "notVerifiable",
    /names co-authors who could not be read/,
  ],
  [
    "4: a co-author beside an independent approver",
    changeDossier({ commits: [commit(head, "ada", { coAuthored: true })], authors: authors("ada", "cara") }),
    "pass",
    "pass",
    /ben/,
  ],
  [
    "5: approved, then pushed",
    changeDossier({ commits: [commit(older), commit(head)], reviews: [review("ben", 10, { oid: older })] }),
    "pass",
    "fail",
    /ben/,
  ],
  [
    "6: the same with a backdated commit",
    changeDossier({
      commits: [commit(older), commit(head, "ada", { committedAt: t(-99_999), authoredAt: t(-99_999) })],
      reviews: [review("ben", 10, { oid: older })],
    }),
    "pass",
    "fail",
    /ben/,
  ],
  [
    "7: the reviewed commit is gone after a force push",
    changeDossier({ reviews: [lost] }),
    "pass",
    "notVerifiable",
    /ben/,
  ],
  [
    "8: the last pusher approves",
    changeDossier({ commits: [commit(older), commit(head, "ben")] }),
    "fail",
    "fail",
    /ben \(101\) approved but wrote commit aaaaaaaa/,
  ],
  [
    "8: a committer approves",
    changeDossier({ commits: [commit(head, "ada", { committer: git("ben") })] }),
    "fail",
    "fail",
    /ben \(101\) approved but committed aaaaaaaa/,
  ],
  [
    "8: the platform as committer is nobody",
    changeDossier({
      commits: [
        commit(head, "ada", {
          committer: { name: "Forge", email: "noreply@forge.example", account: null },
          madeBy: "platform",
        }),
      ],
    }),
    "pass",
    "pass",
    /ben/,
  ],
  [
    "9: another head than the approved one after a merge of the base",
    changeDossier({
      commits: [
        commit(older),
        commit(head, "ada", { madeBy: "platform", headline: "Merge branch 'main' into faster" }),
      ],
      reviews: [review("ben", 10, { oid: older })],
    }),
    "pass",
    "fail",
    /ben/,
  ],
  [
    "9: the same where policy keeps the approval: a headline proves no merge",
    changeDossier({
      commits: [
        commit(older),
        commit(head, "ada", { madeBy: "platform", headline: "Merge branch 'main' into faster" }),
      ],
      reviews: [review("ben", 10, { oid: older })],
    }),
    "pass",
    "notVerifiable",
    /ben/,
    { approval: { mergeFromBaseKeeps: true } },
  ],
  [
    "10: dismissed before the merge",
    changeDossier({ reviews: [{ ...later, state: "dismissed" }], dismissals: [dismissal(later, 50)] }),
    "fail",
    "fail",
    /ben \(101\)'s review was dismissed/,
  ],
  [
    "10: dismissed after the merge",
    changeDossier({ reviews: [{ ...later, state: "dismissed" }], dismissals: [dismissal(later, 61)] }),
    "pass",
    "pass",
    /ben/,
  ],
  [
    "10: dismissed, nobody knows when",
    changeDossier({ reviews: [{ ...later, state: "dismissed" }] }),
    "notVerifiable",
    "notVerifiable",
    /not in the evidence/,
  ],
  [
    "10: then changes requested by the same reviewer",
    changeDossier({ reviews: [early, review("ben", 40, { state: "changesRequested" })] }),
    "fail",
    "fail",
    /ben \(101\) had requested changes/,
  ],
  [
    "10: changes requested, then approved",
    changeDossier({ reviews: [review("ben", 20, { state: "changesRequested" }), review("ben", 40)] }),
    "pass",
    "pass",
    /ben/,
  ],
  [
    "10: dismissed, then approved again",
    changeDossier({
      reviews: [{ ...early, state: "dismissed" }, review("ben", 40)],
      dismissals: [dismissal(early, 30)],
    }),
    "pass",
    "pass",
    /09:40/,
  ],
  [
    "10: changes requested only after the merge",
    changeDossier({ reviews: [early, review("ben", 61, { state: "changesRequested" })] }),
    "pass",
    "pass",
    /ben/,
  ],
  [
    "another reviewer's objection does not void an approval, and is told",
    changeDossier({ reviews: [early, review("cara", 40, { state: "changesRequested" })] }),
    "pass",
    "pass",
    /cara \(102\) had requested changes beside it/,
  ],
  [
    "an approval after the merge",
    changeDossier({ reviews: [review("ben", 61)] }),
    "fail",
    "fail",
    /ben \(101\) approved only at 2026-10-05T10:01:00Z/,
  ],
  [
    "two approvals needed, one given",
    changeDossier(),
    "fail",
    "fail",
    /2 independent approvals needed: only ben/,
    { approval: { count: 2 } },
  ],
  [
    "two approvals needed, two given",
    changeDossier({ reviews: [early, review("cara", 40)] }),
    "pass",
    "pass",
    /ben .* and cara/,
    { approval: { count: 2 } },
  ],
  [
    "an approval by a deleted account",
    changeDossier({ reviews: [review(null, 30)] }),
    "notVerifiable",
    "notVerifiable",
    /A deleted account approved, and who that is cannot be said/,
  ],
  [
    "a contributor known only by an address nobody declared",
    changeDossier({ commits: [commit(head, "ada", { author: stranger })] }),
    "notVerifiable",
    "notVerifiable",
    /Pat <pat@elsewhere.example>, who wrote commit aaaaaaaa/,
  ],
  [
    "the same with an approver more than it could be",
    changeDossier({
      commits: [commit(head, "ada", { author: stranger, committer: git("ada") })],
      reviews: [early, review("cara", 40)],
    }),
    "pass",
    "pass",
    /cara/,
  ],
  [
    "a declared address adds its person beside the account",
    changeDossier({
      commits: [commit(head, "dev", { author: { ...git("dev"), email: "ada.private@home.example" } })],
      change: { author: actor("dev") },
      reviews: [review("ada-admin", 30)],
    }),
    "fail",
    "fail",
    /ada-admin/,
  ],
  [
    "more commits than are known",
    changeDossier({
      change: {
        totals: { commits: 2, reviews: null, files: null, checks: null, workItems: null, labels: 0, events: 0 },
      },
    }),
    "notVerifiable",
    "notVerifiable",
    /1 of the change's 2 commits are known/,
  ],
  [
    "29: the author is deleted",
    changeDossier({ change: { author: null } }),
    "notVerifiable",
    "notVerifiable",
    /whose account is deleted/,
  ],
  [
    "29: the author is deleted and nobody approved",
    changeDossier({ change: { author: null }, reviews: [] }),
    "fail",
    "fail",
    /there is no review/,
  ],
];

describe("the approval of a change", () => {
  it.each(cases)("%s", (_name, dossier, c, d, says, policy) => {
    const [independent, final] = [verdict(C, dossier, policy), verdict(D, dossier, policy)];
    expect([independent.outcome, final.outcome]).toEqual([c, d]);
    expect(independent.message).toMatch(says);
    for (const { outcome, evidence } of [independent, final])
      if (outcome !== "notApplicable") expect(evidence.length).toBeGreaterThan(0);
  });

  it("names the stale approval and the commit that was merged", () => {
    const dossier = changeDossier({
      commits: [commit(older), commit(head)],
      reviews: [review("ben", 10, { oid: older })],
    });
    expect(verdict(D, dossier).message).toContain("ben (101) approved bbbbbbbb, not the final aaaaaaaa");
    expect(verdict(D, dossier, { approval: { finalRevision: "off" } }).outcome).toBe("notApplicable");
  });

  it("is not tested where reviews are missing: neither pass nor false alarm", () => {
    for (const reviews of [[], [later]]) {
      const answer = verdict(C, changeDossier({ reviews, gaps: { reviews: "403 by the source" } }));
      expect(answer).toMatchObject({
        outcome: "notVerifiable",
        message: expect.stringContaining("the reviews (403 by the source)"),
      });
    }
  });
});
