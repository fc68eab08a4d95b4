import { describe, expect, it } from "vitest";
import type { AssessmentResult } from "../../../src/model/assessment.ts";
import { furtherKinds } from "../../../src/model/stream.ts";
import { documentView } from "../../../src/report/document.ts";
import { renderDocument } from "../../../src/report/index.ts";
import { assessmentFixture } from "../../fixtures/assessment.ts";

const htmlOf = (result: AssessmentResult): string => renderDocument(result);
const section = (html: string, id: string): string =>
  html.split("<section ").find((one) => one.slice(0, one.indexOf(">")).includes(`id="${id}"`)) ?? "";

describe("the rules over the period", () => {
  const weak = (): AssessmentResult => {
    const result = assessmentFixture();
    const row = result.continuity.find(({ system }) => system === "payments");
    const [change] = result.population.filter(({ subject, system }) => subject === "change" && system === "payments");
    if (!row || !change) throw new Error("the fixture lost its rules");
    const { from, to } = result.period;
    row.intervals = [
      { from, to: "2026-10-10T00:00:00Z", state: "active", rules: "all", record: null },
      {
        from: "2026-10-10T00:00:00Z",
        to,
        state: "weak",
        rules: "less",
        lacking: ["commits could be pushed without a change"],
        reached: [change.key],
        record: null,
      },
    ];
    const rules = { at: "2026-10-10T00:00:00Z", kind: "rules" as const, by: "ada (1)", record: 1001 };
    row.events = [{ ...rules, text: "no longer demanded: a change" }];
    return result;
  };

  it("show each weak interval, hatched and in words, with every change that reached the branch meanwhile", () => {
    const branch = documentView(weak()).continuity.branches.find(({ title }) => title.startsWith("payments"));
    expect(branch?.alternative).toBe(
      "Rules of main, in order: active for 9 d 2 h, weak for 21 d 23 h; its settings or history changed 1 time.",
    );
    expect(branch?.hatch).toHaveLength(1);
    expect(branch?.marks).toHaveLength(1);
    expect(branch?.intervals.map(({ place, lacking }) => [place, lacking])).toEqual([
      ["at the start", null],
      ["at the end", "Commits could be pushed without a change."],
    ]);
    expect(branch?.reached).toMatchObject([
      { when: "weak from 2026-10-10 02:00 to 2026-11-01 00:00", items: [{ text: expect.stringMatching(/^#\d+$/) }] },
    ]);
    const html = section(htmlOf(weak()), "continuity");
    expect(html).toContain('role="img" aria-label="Rules of main, in order: active for 9 d 2 h');
    expect(html).toContain("No longer demanded: a change");
  });

  it("do not say that nothing was rewritten where the branch's moves could not be read", () => {
    const result = assessmentFixture({ clean: true });
    expect(documentView(result).continuity.history).toMatch(/nothing of either was changed in the period\.$/);
    result.coverage = result.coverage.filter(({ kind }) => kind !== "branchActivity");
    expect(documentView(result).continuity.history).toBe(
      "The branch's moves were not read whole (not collected): a rewrite of its history may be missing.",
    );
  });

  it("say where who changed them could not be read", () => {
    const result = weak();
    for (const row of result.coverage.filter(({ kind, system }) => kind === "ruleVersions" && system === "search")) {
      row.status = "unobserved";
      row.intervals = row.intervals.map((one) => ({ ...one, status: "unobserved", reason: "403" }));
    }
    const search = documentView(result).continuity.branches.find(({ title }) => title.startsWith("search"));
    expect(documentView(weak()).continuity.history).toBeNull();
    expect(search?.history).toBe(
      "The versions of the rule sets were not read whole (403): who changed a rule, and when, rests on the looks alone.",
    );
  });
});

it("says per system in words whether the absence of further bypasses can be concluded", () => {
  const result = assessmentFixture();
  const { from, to } = result.period;
  const gap = (until: string) => [{ from, to: until, reason: "403" }];
  const row = { system: "payments", repository: "riverbank/payments" };
  result.bypasses.observed = [
    { ...row, entries: 0, gaps: [] },
    { ...row, entries: 2, gaps: gap("2026-10-04T00:00:00Z") },
    { ...row, entries: 0, gaps: gap(to) },
  ];
  expect(documentView(result).bypasses.observed.map(({ concluded }) => concluded)).toEqual([
    "Yes, for the whole period: there was none.",
    "In part: outside the time not observed there was none but the 2 on record.",
    "No, for no part of the period.",
  ]);
});

describe("classes of changes", () => {
  it("are counted from the one list of items, each with links", () => {
    const result = assessmentFixture();
    const { rows, summary } = documentView(result).classes;
    const changes = result.population.filter(({ subject }) => subject === "change");
    const of = (one: "automated" | "emergency") => changes.filter(({ classes }) => classes?.includes(one));
    expect(summary).toContain(`${of("automated").length + of("emergency").length} of 60 changes`);
    const automated = rows.find(({ title }) => title === "opened by automation");
    expect(automated?.count).toBe(String(of("automated").length));
    expect(automated?.items.flatMap(({ changes: linked }) => linked)).toHaveLength(of("automated").length);
    expect(rows.find(({ title }) => title.startsWith("emergencies"))).toMatchObject({ count: "5", failed: "1" });
  });

  it("may miss some where what tells them was not read whole", () => {
    expect(documentView(assessmentFixture()).classes.gaps).toContain("Not read whole everywhere: checks.");
    expect(documentView(assessmentFixture({ clean: true })).classes.gaps).toBeNull();
  });
});

describe("who may merge, bypass and deploy", () => {
  const { systems } = documentView(assessmentFixture()).access;
  const rowsOf = (system: string) => systems.find(({ title }) => title.startsWith(system))?.rows ?? [];

  it("says of a continuous system whose environment demands an approver that policy asks for none", () => {
    const gated = documentView(assessmentFixture()).access;
    expect(gated.beyondPolicy).toBeNull();
    expect(JSON.stringify(gated)).not.toContain("more than policy asks for");
    const result = assessmentFixture();
    for (const system of result.scope.systems) system.profile = "continuous";
    const { access } = documentView(result);
    expect(access.beyondPolicy).toMatch(
      /^In 1 of 5.systems that policy declares continuous \(ledger\) an environment demands/,
    );
    expect(access.beyondPolicy).toContain("nothing of it is an exception");
    const ledger = access.systems.find(({ title }) => title.startsWith("ledger"));
    expect(ledger?.rows.find(({ what }) => what === "Deploy to production")?.who).toMatch(
      /approved by .*; more than policy asks for, and not tested\.$/,
    );
    expect(section(htmlOf(result), "access")).toContain("demands an approver all the same");
  });

  it("is told with the date on which it was read", () => {
    expect(rowsOf("payments").map(({ what }) => what)).toEqual([
      "Merge",
      "Administer",
      "Bypass the branch's rules",
      "Deploy to production",
    ]);
    expect(rowsOf("payments").every(({ read }) => read === "2026-11-04 06:00")).toBe(true);
    expect(rowsOf("payments")[0]?.who).toContain("teams checkout (push); pipelines may not approve changes.");
    expect(rowsOf("payments")[2]?.who).toMatch(/^Organisation administrators\. Its members are not read\./);
    expect(rowsOf("ledger")[2]?.who).toBe("Nobody.");
    expect(rowsOf("ledger")[3]?.who).toContain("approved by ada-okafor (410231), never by who started it");
  });

  it("names beside a role who of whichever members did bypass the rules in the period", () => {
    const result = assessmentFixture();
    const row = result.access.find(({ bypass }) => bypass?.names.length === 1);
    const [entry] = result.bypasses.entries;
    if (!row || !entry) throw new Error("the fixture lost its bypasses");
    Object.assign(entry, { system: row.system, repository: row.repository, actor: "mira-t (7)" });
    const shown = documentView(result).access.systems.find(({ title }) => title.startsWith(row.system));
    expect(shown?.rows[2]?.who).toMatch(/members are not read\. Bypassed them in the period: .*mira-t \(7\)/);
  });

  it("is said not to be readable, with what would make it so", () => {
    expect(rowsOf("search").map(({ who }) => who)).toEqual([
      "not readable: 403: it takes administration:read",
      "not readable: 403: it takes administration:read",
      "not readable: 403: not readable with this token",
      "not readable: 403: it takes actions:read",
    ]);
  });

  it("lists a tag that moved where it was deployed", () => {
    const result = assessmentFixture();
    const deployment = result.population.find(({ subject }) => subject === "deployment");
    if (!deployment) throw new Error("the fixture lost its deployments");
    const at = result.period.from;
    result.movedTags = [
      {
        system: deployment.system,
        deployment: deployment.key,
        tag: "v1.2",
        sightings: ["aaaaaaaa11", "bbbbbbbb22"].map((commit) => ({ commit, at, record: 1001 })),
      },
    ];
    const html = section(htmlOf(result), "access");
    expect(html).toContain("Deployed tags that moved");
    expect(html).toContain("<code>aaaaaaaa</code> at 2026-10-01 00:00; <code>bbbbbbbb</code>");
    expect(html).toContain(deployment.label);
  });
});

it("counts security alerts as context, and says of which system they were not read", () => {
  const { alerts } = documentView(assessmentFixture()).metrics;
  expect(alerts.find(({ scope }) => scope.startsWith("ledger"))).toMatchObject({ cells: ["2", "1", "1", "1"] });
  expect(alerts.find(({ scope }) => scope.startsWith("search"))).toMatchObject({
    read: false,
    gap: "403: it takes security_events:read",
  });
});

describe("what the source will forget", () => {
  it("is told per kind: how long it is kept, up to when it was collected, from when on it is forgotten", () => {
    const result = assessmentFixture();
    const until = "2026-11-03T00:00:00Z";
    const after: Partial<Record<string, string>> = { checks: "2027-12-08T00:00:00Z", access: until };
    for (const row of result.coverage) Object.assign(row, { until, keptUntil: after[row.kind] ?? null });
    const rows = documentView(result).completeness.kept;
    expect(rows[0]).toEqual({
      names: "rights",
      kept: "only as it stands when asked",
      until: "2026-11-03 01:00",
      forgotten: "what changed between two looks",
    });
    expect(rows[1]).toMatchObject({ names: "checks", kept: "400 days" });
    expect(rows[1]?.forgotten).toBe("what came after, from 2027-12-08 01:00 on");
    expect(rows.at(-1)).toMatchObject({ kept: "for good", forgotten: "–" });
    for (const row of result.coverage) Object.assign(row, { until: null });
    expect(documentView(result).completeness.kept).toMatchObject([{ kept: "nothing of it was observed" }]);
  });
});

it("says on page one in a single row what nine further kinds of every repository could not show", () => {
  const result = assessmentFixture();
  for (const row of result.coverage) {
    if (!furtherKinds.some((kind) => kind === row.kind)) continue;
    row.status = "unobserved";
    row.intervals = row.intervals.map((one) => ({ ...one, status: "unobserved", reason: `403: ${row.kind}` }));
  }
  const { unseen } = documentView(result).cover;
  expect(unseen).toHaveLength(3);
  expect(unseen.at(-1)).toEqual({
    what: "all systems: nine kinds of further evidence",
    share: null,
    when: "whole period",
    why: "nine reasons, each listed with its gap",
    anchor: "gaps",
    controls: [],
    alone: [],
  });
  expect(documentView(result).completeness.gaps.length).toBeGreaterThan(9);
});
