import { describe, expect, it } from "vitest";
import { changeDescribed } from "../../../src/attributes/change-described.ts";
import { requestLinked } from "../../../src/attributes/request-linked.ts";
import type { Outcome } from "../../../src/model/attribute.ts";
import type { ChangeDossier } from "../../../src/model/dossier.ts";
import type { Change } from "../../../src/model/entity.ts";
import { changeDossier, t, verdict, workItem } from "./dossiers.ts";
import { changeEvent } from "./platform-records.ts";

/** Merged at t(60). What one look read: how many links it counted, and what the source said of edits. */
const look = (readAt: number, links: number | null, more: Partial<Change> = {}): Partial<Change> => ({
  readAt: t(readAt),
  totals: { commits: 1, reviews: 1, files: 1, checks: 1, workItems: links, labels: 0, events: 0 },
  ...more,
});
/** A change as its last look read it, with the looks before. */
const read = (looks: readonly Partial<Change>[], more: Partial<ChangeDossier> = {}): ChangeDossier => {
  const all = looks.map((change) => changeDossier({ change }).change);
  return { ...changeDossier(more), change: all.at(-1) as ChangeDossier["change"], earlier: all.slice(0, -1) };
};
const never = { editedAt: null };
const later = { editedAt: t(90) };

describe("the description at the merge", () => {
  it.each<[string, ChangeDossier, Outcome, RegExp]>([
    ["never edited", read([look(100, 1, never)]), "pass", /beside its title\.$/],
    ["edited before the merge only", read([look(100, 1, { editedAt: t(50) })]), "pass", /beside its title\.$/],
    [
      "written after a look had found none",
      read([look(70, 0, { ...never, description: "" }), look(100, 1, later)]),
      "fail",
      /no description beyond an empty template\. It was edited after the merge\.$/,
    ],
    [
      "emptied after a look had read it",
      read([look(70, 1, never), look(100, 1, { ...later, description: "" })]),
      "pass",
      /It was edited after the merge\.$/,
    ],
    ["edited before the first look", read([look(100, 1, later)]), "notVerifiable", /before anybody had read it/],
    [
      "by a source that says nothing of edits",
      read([look(80, 1), look(100, 1, { description: "Quite different." })]),
      "pass",
      /as first read at 2026-10-05T10:20:00Z\. It was edited/,
    ],
  ])("%s", (_name, dossier, outcome, says) => {
    const answer = verdict(changeDescribed, dossier);
    expect(answer).toMatchObject({ outcome, message: expect.stringMatching(says) });
  });
});

describe("the link at the merge", () => {
  const byHand = (at: number) => changeEvent("linked", at, { to: workItem(-5).key });
  it.each<[string, ChangeDossier, Outcome, RegExp]>([
    ["counted by the first look", read([look(70, 1, never)]), "pass", /created before the merge;/],
    [
      "found by a later look only",
      read([look(70, 0, never), look(100, 1, later)]),
      "fail",
      /linked only after the look at 2026-10-05T10:10:00Z, which found no link/,
    ],
    ["that an edit since may have brought", read([look(100, 1, later)]), "notVerifiable", /edited at 2026-10-05T10:30/],
    ["by hand after the merge", read([look(100, 1, never)], { events: [byHand(80)] }), "fail", /linked only at/],
    ["by hand before the merge", read([look(100, 1, later)], { events: [byHand(40)] }), "pass", /before the merge;/],
    ["of a source that says nothing of edits", read([look(80, 1)]), "pass", /as first read at 2026-10-05T10:20:00Z/],
    [
      "beside one made later, of which a look counted one",
      read([look(80, 1, never)], { workItems: [workItem(-5), { ...workItem(70), key: "another" }] }),
      "notVerifiable",
      /nothing that was read tells/,
    ],
    [
      "beside one made after that look",
      read([look(80, 1, never), look(100, 2, later)], { workItems: [workItem(-5), { ...workItem(85), key: "other" }] }),
      "pass",
      /created before the merge/,
    ],
  ])("%s", (_name, dossier, outcome, says) => {
    const answer = verdict(requestLinked, dossier, { requestLink: "required" });
    expect(answer).toMatchObject({ outcome, message: expect.stringMatching(says) });
  });
});
