import { describe, expect, it } from "vitest";
import { type EvaluationInput, evaluate, type SeenBypass, type SeenOverride } from "../../../src/evaluation/index.ts";
import {
  changeDossier,
  commitDossier,
  configurationDossier,
  head,
  merged,
  older,
  review,
  rule,
  rulesAt,
  t,
} from "../attributes/dossiers.ts";
import { labelled, move, override, suite } from "../attributes/platform-records.ts";
import { input, numbered } from "./input.ts";

const empty = { commits: [], changes: [], deployments: [], configuration: [] };
const bypassed = suite("bypassed", { unmet: ["pull_request"] });
const seen = (one: SeenBypass["suite"]): SeenBypass => ({
  system: "payments",
  repository: "riverbank/payments",
  suite: one,
});
const guarded: EvaluationInput["continuity"] = [
  {
    system: "payments",
    repository: "riverbank/payments",
    branch: "main",
    intervals: [{ from: t(-9000), to: t(9000), state: "active", rules: "", changeRequired: true, record: null }],
  },
];

const assess = (dossiers: Partial<EvaluationInput["dossiers"]>, more: Partial<EvaluationInput> = {}) =>
  evaluate(input({ dossiers: { ...empty, ...dossiers }, continuity: guarded, ...more }));
const ledger = (...given: Parameters<typeof assess>) => assess(...given).bypasses.entries;
const unapproved = { reviews: [] };

describe("the ledger of bypasses", () => {
  it("names who merged past the rules, what was not met by the source's word, and that nobody gave a reason or reviewed it", () => {
    const change = changeDossier({ ...unapproved, ruleSuite: bypassed });
    const [entry, ...more] = ledger({ changes: [change] }, { bypassed: [seen(bypassed)] });
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      id: "BY-2026-10-001",
      kind: "merge",
      shownBy: ["evaluation"],
      items: [change.key],
      label: "#12",
      actor: "ada (100)",
      unmet: ["pull_request"],
      reason: null,
      review: { state: "none" },
      control: "CHG-05",
      outcome: "fail",
    });
    expect(entry?.evidence).toContain(bypassed.record);
  });

  it("lists a merge that only a bypass made possible where the source keeps no evaluation, and says what was missing", () => {
    const [entry] = ledger({ changes: [changeDossier(unapproved)] });
    expect(entry).toMatchObject({ shownBy: ["comparison"], unmet: null, control: "CHG-05" });
    expect(entry?.text).toContain("demands 1 approval");
  });

  it("adds up with the control: as many merges under it as it counts failed and waived", () => {
    const changes = [numbered(12), numbered(13, unapproved), numbered(14, { ...unapproved, ruleSuite: bypassed })];
    const { controls, bypasses } = assess({ changes }, { bypassed: [seen(bypassed)] });
    const tally = controls.find(({ id }) => id === "CHG-05")?.tally;
    expect(tally).toMatchObject({ pass: 1, fail: 2 });
    expect(bypasses.entries.filter(({ control }) => control === "CHG-05")).toHaveLength(2);
  });

  it("keeps an emergency that the source evaluated as a bypass, under the control that judges it, with its mark and its review", () => {
    const later = review("ben", 90);
    const change = changeDossier({
      change: { labels: ["emergency"], totals: { ...changeDossier().change.totals, labels: 1, events: 1 } },
      events: [labelled("emergency", 10)],
      reviews: [later],
      ruleSuite: bypassed,
    });
    const [entry] = ledger({ changes: [change] }, { bypassed: [seen(bypassed)] });
    expect(entry).toMatchObject({ control: "CHG-08", review: { state: "independent", at: t(90) } });
    expect(entry?.review.record).toBe(later.record);
    expect(entry?.reason?.text).toContain("dev (103) had set the label emergency");
  });

  it.each([
    ["Bypass: the acquirer is down", "the acquirer is down"],
    ["Settles twice.\n\n## Reason for bypass\n\nThe acquirer is down.", "The acquirer is down."],
    ["**Emergency:** card payments fail", "card payments fail"],
  ])("quotes the reason a description marks: %j", (description, said) => {
    const [entry] = ledger({ changes: [changeDossier({ ...unapproved, change: { description } })] });
    expect(entry?.reason?.text).toBe(`The description says: “${said}”.`);
  });

  it("takes no word in passing for a reason", () => {
    const [entry] = ledger({
      changes: [changeDossier({ ...unapproved, change: { description: "Bypass valves are drawn in blue.\nHotfix" } })],
    });
    expect(entry?.reason).toBeNull();
  });

  it.each([
    ["its author", review("ada", 90), "none"],
    ["automation", review("release-bot", 90), "none"],
    ["somebody before the merge", review("ben", 30, { state: "commented" }), "none"],
    ["somebody independent", review("cara", 90), "independent"],
  ])("counts as a later review none by %s but an independent person's", (_who, given, state) => {
    expect(ledger({ changes: [changeDossier({ reviews: [given] })] })[0]?.review.state).toBe(state);
  });

  it("does not say that nobody reviewed where reviews were not read whole", () => {
    const [entry] = ledger(
      {
        changes: [changeDossier({ ...unapproved, ruleSuite: bypassed, gaps: { reviews: "403" } })],
      },
      { bypassed: [seen(bypassed)] },
    );
    expect(entry?.review).toMatchObject({ state: "notObserved", text: "not known: 403" });
  });

  it("joins a push without a change to the source's evaluation, once, with who pushed; its commits together", () => {
    const pushed = move("cara", 61, { branch: "main", after: older });
    const commits = [
      commitDossier(undefined, { oid: older, activity: pushed }),
      commitDossier(undefined, { oid: head, activity: pushed }),
    ];
    const own = suite("bypassed", { after: older, by: null, unmet: ["pull_request"] });
    const entries = ledger({ commits }, { bypassed: [seen(own)] });
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      kind: "push",
      shownBy: ["evaluation", "move", "comparison"],
      actor: "cara (102)",
      items: commits.map(({ key }) => key).toSorted(),
      control: "CHG-01",
      unmet: ["pull_request"],
    });
    expect(ledger({ commits })[0]?.actor).toBe("cara (102)");
  });

  it("calls a push no bypass where the rules may have let it in", () => {
    const commits = [commitDossier(undefined, { oid: older })];
    expect(ledger({ commits }, { continuity: [] })).toEqual([]);
  });

  it("calls a first commit none whose time begins before the rules were laid out", () => {
    const commits = [commitDossier(undefined, { oid: older, reached: { from: t(-9500), to: t(61), exact: false } })];
    expect(ledger({ commits })).toEqual([]);
  });

  it("compares no commit with the rules of which it is not known whether a change brought it", () => {
    const commits = [commitDossier(undefined, { oid: older, gaps: { changes: "page 7 unread" } })];
    expect(ledger({ commits })).toEqual([]);
    const own = suite("bypassed", { after: older });
    expect(ledger({ commits }, { bypassed: [seen(own)] })).toMatchObject([
      { shownBy: ["evaluation"], outcome: "notVerifiable", text: expect.not.stringContaining("no change brought it") },
    ]);
  });

  it("lists a rewrite of the branch with what it threw away", () => {
    const force = move("cara", 70, { branch: "main", activity: "forcePush", before: head, after: merged });
    const lost = commitDossier(changeDossier(), {
      rewritten: { head, seenAt: t(65), now: merged, goneAt: t(70) },
      activity: force,
    });
    const settings = { ...configurationDossier(rulesAt(rule())), rewrites: [force] };
    expect(ledger({ commits: [lost], configuration: [settings] })).toMatchObject([
      {
        kind: "rewrite",
        actor: "cara (102)",
        items: [settings.key, lost.key],
        control: "CHG-02",
        text: `The history of main was rewritten by force, from ${head.slice(0, 8)} to ${merged.slice(0, 8)}; 1 commit of the period went with it.`,
      },
    ]);
  });

  it("leaves no evaluation out that no item is known by, and lists it once for a repository of two systems", () => {
    const stray = suite("bypassed", { after: "f".repeat(40) });
    const both = [seen(stray), { ...seen(stray), system: "search" }];
    expect(ledger({}, { bypassed: both })).toMatchObject([{ items: [], control: null, label: "ffffffff" }]);
  });

  it("lists the bypass of a promoted branch by itself, and lays it on no push or merge of the branch changes land on", () => {
    const promoted = suite("bypassed", {
      after: older,
      at: t(90),
      branch: "release",
      unmet: ["required_signatures"],
    });
    const pushed = move("cara", 61, { branch: "main", after: older });
    for (const moved of [{ activity: pushed }, {}]) {
      const commits = [commitDossier(undefined, { oid: older, ...moved })];
      expect(ledger({ commits }, { bypassed: [seen(promoted)] })).toMatchObject([
        { branch: "main", shownBy: expect.not.arrayContaining(["evaluation"]), unmet: null },
        { branch: "release", actor: "ada (100)", items: [], unmet: ["required_signatures"] },
      ]);
    }
  });

  it("says that there was none only where the source's evaluations were read over the whole period", () => {
    const { from, to } = input().period;
    const row = (status: "complete" | "unobserved") => ({
      stream: "github/1/ruleSuites",
      source: "github",
      repository: "riverbank/payments",
      kind: "ruleSuites" as const,
      system: "payments",
      status,
      intervals: [{ from, to, status, reason: status === "complete" ? null : "403" }],
      stored: 0,
      sourceTotal: null,
    });
    const observed = (coverage: EvaluationInput["coverage"]) => assess({}, { coverage }).bypasses.observed;
    expect(observed([row("complete")])).toMatchObject([{ system: "payments", entries: 0, gaps: [] }]);
    expect(observed([row("unobserved")])[0]?.gaps).toEqual([{ from, to, reason: "403" }]);
    expect(observed([])[0]?.gaps).toEqual([{ from, to, reason: "not collected" }]);
    expect(observed([{ ...row("complete"), intervals: [] }])[0]?.gaps).toEqual([{ from, to, reason: "not collected" }]);
  });
});

describe("the audit log beside the ledger of bypasses", () => {
  const { from, to } = input().period;
  const log = (status: "complete" | "unobserved"): EvaluationInput["coverage"] => [
    {
      stream: "github/-/auditLog/riverbank",
      source: "github",
      repository: "riverbank",
      kind: "auditLog",
      system: null,
      status,
      intervals: [{ from, to, status, reason: status === "complete" ? null : "403" }],
      stored: 0,
      sourceTotal: null,
    },
  ];
  const inPayments = (one: SeenOverride["override"]): SeenOverride => ({
    system: "payments",
    repository: "riverbank/payments",
    override: one,
  });
  const change = changeDossier({ ...unapproved, ruleSuite: bypassed });
  const held = (overrides: readonly SeenOverride[], coverage = log("complete")) =>
    assess({ changes: [change] }, { bypassed: [seen(bypassed)], overrides, coverage }).bypasses;
  const mergedAs = change.change.mergeOid ?? "";

  it("says that the log tells of a bypass too, by the commit it led to, whoever and whenever the log says", () => {
    const told = override("someone", -4000, { after: mergedAs });
    const { entries, overrides } = held([inPayments(told)]);
    expect(entries).toMatchObject([{ logged: "held", kind: "merge" }]);
    expect(entries[0]?.evidence).toContain(told.record);
    expect(overrides).toEqual([]);
  });

  it("knows it by who did it within seconds where the log names no commit, by id before login", () => {
    expect(held([inPayments(override("ada", 60))]).entries).toMatchObject([{ logged: "held" }]);
    expect(held([inPayments(override("ada-renamed", 60, { accountId: "100" }))]).entries).toMatchObject([
      { logged: "held" },
    ]);
  });

  it.each([
    ["another commit", override("ada", 60, { after: "e".repeat(40) })],
    ["another account", override("ada", 60, { accountId: "999" })],
    ["another time", override("ada", 75)],
    ["nobody it names", override(null, 60)],
  ])("takes none for it that names %s, and lists that one: the ledger is not complete", (_what, told) => {
    const { entries, overrides } = held([inPayments({ ...told, unmet: ["review_policy_not_satisfied"] })]);
    expect(entries).toMatchObject([{ logged: "absent" }]);
    expect(overrides).toMatchObject([
      { system: "payments", branch: "main", at: told.at, record: told.record, unmet: ["review_policy_not_satisfied"] },
    ]);
    expect(overrides).toHaveLength(1);
  });

  it("says nothing where the log was not read, or nobody asked for it", () => {
    expect(held([], log("unobserved")).entries).toMatchObject([{ logged: "notObserved" }]);
    expect(held([], []).entries).toMatchObject([{ logged: "notObserved" }]);
    expect(held([], log("unobserved")).observed).toMatchObject([{ logGaps: [{ from, to, reason: "403" }] }]);
    expect(held([], []).observed).toMatchObject([{ logGaps: null }]);
    expect(held([]).observed).toMatchObject([{ logGaps: [] }]);
  });

  it("takes no override of another branch for it, though both led to the same commit", () => {
    const own = override("ada", 60, { after: mergedAs });
    const promoted = override("mallory", 500, { after: mergedAs, subject: "release" });
    const { entries, overrides } = held([own, promoted].map(inPayments));
    expect(entries).toMatchObject([{ branch: "main", logged: "held" }]);
    expect(entries[0]?.evidence).not.toContain(promoted.record);
    expect(overrides).toMatchObject([{ branch: "release", record: promoted.record }]);
    expect(held([inPayments(promoted)]).entries).toMatchObject([{ logged: "absent" }]);
  });

  it("calls the log silent only where it was read over all the time in which its entry may stand", () => {
    const [row] = log("complete");
    if (!row) throw new Error("the log has a row");
    const said = (intervals: typeof row.intervals) => held([], [{ ...row, intervals }]).entries[0]?.logged;
    const part = (from: string, to: string, status: "complete" | "unobserved" = "complete") => ({
      from,
      to,
      status,
      reason: status === "complete" ? null : "403",
    });
    const merge = Date.parse(change.change.mergedAt);
    const past = (seconds: number) => new Date(merge + seconds * 1000).toISOString();
    expect(said([part(from, past(1)), part(past(1), to, "unobserved")])).toBe("notObserved");
    expect(said([part(from, past(-1), "unobserved"), part(past(-1), to)])).toBe("notObserved");
    expect(said([part(from, past(11)), part(past(11), to, "unobserved")])).toBe("absent");
    expect(said([part(from, past(-1)), part(past(-1), to)])).toBe("absent");
    expect(said([part(past(20), to)])).toBe("notObserved");
    expect(said([])).toBe("notObserved");
    expect(held([], [{ ...row, intervals: [] }]).observed).toMatchObject([
      { logGaps: [{ from, to, reason: "not collected" }] },
    ]);
  });

  it("moves no count: entries and controls are the same whatever the log holds", () => {
    const without = assess({ changes: [change] }, { bypassed: [seen(bypassed)] });
    const told = override("ada", 75);
    const beside = assess(
      { changes: [change] },
      { bypassed: [seen(bypassed)], overrides: [inPayments(told), { ...inPayments(told), system: "search" }] },
    );
    expect(beside.controls).toEqual(without.controls);
    expect(beside.bypasses.entries.map(({ id }) => id)).toEqual(without.bypasses.entries.map(({ id }) => id));
    // A repository of two systems is given it twice.
    expect(beside.bypasses.overrides).toHaveLength(1);
  });
});

it("names what reached the branch while its rules were weak, absent or not observed", () => {
  const during = (state: "weak" | "active") =>
    assess(
      {
        changes: [changeDossier()],
        commits: [commitDossier(changeDossier()), commitDossier(undefined, { oid: older })],
      },
      {
        continuity: guarded.map((row) => ({
          ...row,
          intervals: [
            { from: t(0), to: t(50), state: "absent", rules: "", record: null },
            { from: t(50), to: t(90), state, rules: "", record: null },
          ],
        })),
      },
    ).continuity[0]?.intervals.map(({ reached }) => reached);
  expect(during("weak")).toEqual([
    [],
    [expect.stringContaining(`@${older}`), expect.stringContaining("#12")].toSorted(),
  ]);
  expect(during("active")).toEqual([[], undefined]);
});
