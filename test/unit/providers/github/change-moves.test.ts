import { describe, expect, it } from "vitest";
import type { SourceRecord } from "../../../../src/model/stream.ts";
import { moves } from "../../../../src/providers/github/change-moves.ts";
import type { KeptRecord } from "../../../../src/providers/provider.ts";

const fetchedAt = "2026-11-03T00:00:00Z";
let asked = "2026-11-20T00:00:00Z";
const actor = (login: string, databaseId = 7) => ({ __typename: "User", login, databaseId });
const at = (record: SourceRecord, time = fetchedAt): KeptRecord => ({ ...record, fetchedAt: time });
const record = (kind: string, externalId: string, body: object): SourceRecord => ({ kind, externalId, body });

const change = (other: object = {}): SourceRecord =>
  record("change", "12", {
    number: 12,
    title: "Round up",
    author: actor("ada"),
    mergedBy: actor("bea", 8),
    mergeCommit: { oid: "a".repeat(40) },
    ...other,
  });
const review = (other: object = {}): SourceRecord =>
  record("review", "5", {
    change: 12,
    review: { id: "PRR_5", author: actor("bea", 8), state: "APPROVED", submittedAt: "2026-10-01T10:00:00Z", ...other },
  });
const check = (id: number, other: object = {}): SourceRecord =>
  record("check", String(id), {
    oid: "b".repeat(40),
    check: {
      __typename: "CheckRun",
      id: `CR_${id}`,
      name: "test",
      status: "COMPLETED",
      conclusion: "SUCCESS",
      completedAt: "2026-10-01T09:00:00Z",
      ...other,
    },
  });

/** What is said of one object, with everything else given now. */
function said(kept: KeptRecord | undefined, now: SourceRecord | undefined, others: readonly SourceRecord[] = []) {
  const all = [...(now ? [now] : []), ...others];
  return moves(
    { ...(kept ? { kept } : {}), ...(now ? { now } : {}) },
    { kept: [kept ?? at(change())], now: all, at: asked },
  );
}

describe("what of a merged change may move", () => {
  it("an account's login may, its number may not, and it may be deleted", () => {
    expect(said(at(change()), change({ mergedBy: actor("bea-b", 8) }))).toEqual([
      { legitimate: true, text: "mergedBy: the account bea is called bea-b now" },
    ]);
    expect(said(at(change()), change({ mergedBy: null }))).toEqual([
      { legitimate: true, text: "mergedBy: the account bea was deleted" },
    ]);
    expect(said(at(change()), change({ mergedBy: actor("bea", 9) }))).toEqual([
      { legitimate: false, text: "change #12: mergedBy was bea (8), is bea (9)" },
    ]);
  });

  it("a field that another version did not ask for says nothing", () => {
    expect(said(at(change({ extra: 1 })), change())).toEqual([]);
    expect(said(at(change()), change({ extra: 1 }))).toEqual([]);
  });

  it("what a field was does not vanish in silence", () => {
    expect(said(at(change()), change({ mergeCommit: null }))).toEqual([
      expect.objectContaining({ legitimate: false, text: expect.stringMatching(/mergeCommit was .*, is null/) }),
    ]);
  });

  it("an approval may be dismissed by somebody after it was recorded, and not without a trace", () => {
    const dismissal = (createdAt: string) =>
      record("dismissal", "D_1", { change: 12, dismissal: { id: "D_1", createdAt, review: { id: "PRR_5" } } });
    const dismissed = review({ state: "DISMISSED" });
    expect(said(at(review()), dismissed, [dismissal("2026-11-09T00:00:00Z")])).toEqual([
      { legitimate: true, text: "review of bea dismissed at 2026-11-09T00:00:00Z, after it was recorded" },
    ]);
    expect(said(at(review()), dismissed, [dismissal("2026-10-02T00:00:00Z")])[0]?.legitimate).toBe(false);
    expect(said(at(review()), dismissed)[0]?.legitimate).toBe(false);
  });

  it("a check may end, run again or expire, but not turn its result around", () => {
    const running = check(1, { status: "IN_PROGRESS", conclusion: null, completedAt: null });
    expect(said(at(running), check(1))).toContainEqual({ legitimate: true, text: 'check "test" ended since' });
    expect(said(at(check(1, { conclusion: "FAILURE" })), check(1))[0]?.legitimate).toBe(false);
    const again = check(2, { completedAt: "2026-11-09T00:00:00Z" });
    expect(said(at(check(1)), undefined, [again])).toEqual([
      { legitimate: true, text: 'check "test" ran again since' },
    ]);
    expect(said(at(check(1)), undefined)[0]?.legitimate).toBe(false);
    asked = "2028-01-01T00:00:00Z";
    expect(said(at(check(1)), undefined)).toEqual([{ legitimate: true, text: 'check "test" expired at the source' }]);
    asked = "2026-11-20T00:00:00Z";
  });

  it("work items may come and go, files and commits may not", () => {
    const item = record("workItem", "12/I_1", { change: 12, workItem: { id: "I_1" } });
    expect(said(at(item), undefined)[0]?.legitimate).toBe(true);
    expect(said(undefined, item)[0]?.legitimate).toBe(true);
    const commit = record("changeCommit", `12/${"c".repeat(40)}`, { change: 12, commit: { oid: "c".repeat(40) } });
    expect(said(at(commit), undefined)[0]?.legitimate).toBe(false);
    expect(said(undefined, commit)).toEqual([
      { legitimate: false, text: "commit cccccccc is given by the source, and was not recorded" },
    ]);
  });

  it("what is asked only where somebody needed it is no difference", () => {
    const authors = record("commitAuthors", "c", { oid: "c" });
    expect(said(at(authors), undefined)).toEqual([]);
    expect(said(undefined, authors)).toEqual([]);
  });
});
