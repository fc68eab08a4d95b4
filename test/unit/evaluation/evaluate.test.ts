import { describe, expect, it } from "vitest";
import type { EvaluationInput } from "../../../src/evaluation/index.ts";
import { evaluate, recordIds } from "../../../src/evaluation/index.ts";
import { assessmentResultSchema } from "../../../src/model/assessment.ts";
import {
  commitDossier,
  configurationDossier,
  deploymentDossier,
  merged,
  older,
  rulesAt,
  t,
} from "../attributes/dossiers.ts";
import { move } from "../attributes/platform-records.ts";
import { catalog, input, numbered, october } from "./input.ts";

const result = (more: Partial<EvaluationInput> = {}) => evaluate(input(more));
const empty = { commits: [], changes: [], deployments: [], configuration: [] };
const control = (id: string, more: Partial<EvaluationInput> = {}) => result(more).controls.find((one) => one.id === id);
const only = (...changes: EvaluationInput["dossiers"]["changes"]): Partial<EvaluationInput> => ({
  dossiers: { ...empty, changes },
});
const many = (count: number, failing: number) =>
  only(...Array.from({ length: count }, (_, index) => numbered(index + 100, index < failing ? { reviews: [] } : {})));

describe("an assessment", () => {
  it("fits its schema once its records are added, and names each of them", () => {
    const assessment = result();
    const ids = recordIds(assessment);
    const records = ids.map((id) => ({ id, leaf: "00", stream: "s", kind: "k", externalId: "x", fetchedAt: t(0) }));
    expect(assessmentResultSchema.parse({ ...assessment, records }).population).toHaveLength(12);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
    for (const item of assessment.population)
      for (const { evidence } of item.observations) for (const id of evidence) expect(ids).toContain(id);
  });

  it("names the record that a sentence says nobody could read, so that its leaf can be looked up", () => {
    const intervals = [
      { from: t(0), to: t(10), status: "partial" as const, reason: "record r4711 (change 12) is odd" },
    ];
    const coverage = { stream: "s", source: "github", repository: "r", kind: "changes" as const, system: "payments" };
    const row = { ...coverage, status: "partial" as const, intervals, stored: 1, sourceTotal: 1 };
    expect(recordIds(result({ coverage: [row] }))).toContain(4711);
  });

  it("lists items by subject, system, time and key, and ties each to what it belongs to", () => {
    const { population } = result();
    expect(population.map(({ subject, label }) => `${subject} ${label}`)).toEqual([
      "commit 12121212",
      "commit 13131313",
      "commit 14141414",
      "commit 15151515",
      "commit bbbbbbbb",
      "change #12",
      "change #13",
      "change #14",
      "change #15",
      "deployment deployment 90",
      "deployment deployment 91",
      "configuration payments: main",
    ]);
    expect(population.find(({ label }) => label === "#13")?.link).toBe("github/1/deployments/91");
    expect(population.find(({ label }) => label === "13131313")?.link).toBe("github/1#13");
  });

  it("lets a deployment that came before its change answer for that itself", () => {
    const own = numbered(13, { reviews: [] });
    const early = deploymentDossier([own], { succeededAt: t(20) });
    const { exceptions } = result({ dossiers: { ...empty, changes: [own], deployments: [early] } });
    expect(exceptions.find(({ subject }) => subject === "deployment")?.follows).toEqual([]);
  });

  it("lists what the branch lost in a later period at the time of the loss, and else when it came", () => {
    const at = (to: string) => {
      const reached = { from: to, to, exact: true };
      const rewritten = { head: older, seenAt: t(-9000), now: merged, goneAt: t(300) };
      const lost = commitDossier(undefined, { oid: older, reached, rewritten });
      return result({ dossiers: { ...empty, commits: [lost] } }).population[0]?.at;
    };
    expect(at("2026-09-20T00:00:00Z")).toBe(t(300));
    expect(at(t(10))).toBe(t(10));
  });

  it("tells the latest of a change's pushes, and how many came before them", () => {
    const pushes = Array.from({ length: 10 }, (_, at) => move("ada", at, { after: older }));
    const change = numbered(13, { reviews: [], pushes });
    const [exception] = result(only(change)).exceptions;
    const told = exception?.story.filter(({ text }) => text.includes("push")) ?? [];
    expect(told.map(({ text }) => text).slice(0, 2)).toEqual([
      "2 earlier pushes.",
      "ada (100) pushed bbbbbbbb to faster.",
    ]);
    expect(told).toHaveLength(9);
  });

  it("tells each exception once, by time, and what follows from what", () => {
    const { exceptions } = result();
    expect(exceptions.map(({ id, label, attributes }) => [id, label, ...attributes])).toEqual([
      [
        "EX-2026-10-ADWQS2",
        "#13",
        "approved-by-someone-independent",
        "approved-on-final-revision",
        "merged-without-bypass",
      ],
      ["EX-2026-10-VRJWGJ", "#14", "approved-on-final-revision"],
      ["EX-2026-10-2RQWZN", "bbbbbbbb", "arrived-by-change"],
      ["EX-2026-10-WY4ZCH", "deployment 91", "deployed-as-approved"],
    ]);
    expect(exceptions[3]?.follows).toEqual(["EX-2026-10-ADWQS2", "EX-2026-10-VRJWGJ"]);
    const story = exceptions[0]?.story.map(({ text }) => text) ?? [];
    expect(story.map((text) => text.split(" ").slice(0, 3).join(" "))).toEqual([
      "dev (103) opened",
      "ada (100) opened",
      "Commit aaaaaaaa by",
      "Check test by",
      "ada (100) approved",
      "ada (100) merged",
      "Deployment 91 brought",
    ]);
    expect(exceptions[0]?.controls).toEqual(["CHG-03", "CHG-05"]);
  });

  it("concludes the criteria by their key controls and says what nobody addresses", () => {
    const { criteria } = result();
    const cc81 = criteria.find(({ id }) => id === "CC8.1");
    expect(cc81).toMatchObject({ concluded: true, result: "aboveThreshold", pointsName: "points of focus" });
    expect(cc81?.points.filter((point) => point.result === "notAddressed").map(({ id }) => id)).toEqual([
      "2",
      "3",
      "6",
      "10",
      "11",
      "12",
      "14",
      "15",
      "16",
      "17",
      "18",
    ]);
    expect(cc81?.points.find(({ id }) => id === "8")?.controls).toEqual(["CHG-03"]);
    expect(
      criteria
        .find(({ id }) => id === "A.8.32")
        ?.points.filter((point) => point.result === "notAddressed")
        .map(({ id }) => id),
    ).toEqual(["c", "h", "i"]);
    expect(criteria.find(({ id }) => id === "A.8.33")).toMatchObject({ controls: [], result: "notConcluded" });
    const nothing = result({ dossiers: empty }).criteria.find(({ id }) => id === "CC8.1");
    expect(nothing).toMatchObject({
      result: "notConcluded",
      statement: expect.stringContaining("cannot be concluded"),
    });
  });

  it("states a criterion by its gravest controls, each with what failed of what could be judged", () => {
    const stated = (failing: number) => result(many(20, failing)).criteria.find(({ id }) => id === "CC8.1")?.statement;
    expect(stated(4)).toMatch(
      /^\d of \d+ key controls ha(s|ve) exceptions above threshold: CHG-03 approval by somebody else 4 of 20/,
    );
    expect(stated(1)).toMatch(/exceptions noted: .*CHG-03 approval by somebody else 1 of 20/);
  });

  it("leaves out frameworks that are not reported", () => {
    const assessment = result({
      catalog: { ...catalog, frameworks: catalog.frameworks.filter(({ id }) => id === "soc2-2017") },
    });
    expect(new Set(assessment.criteria.map(({ framework }) => framework))).toEqual(new Set(["soc2-2017"]));
    expect(
      assessment.controls.flatMap(({ mappings }) => mappings).every(({ framework }) => framework === "soc2-2017"),
    ).toBe(true);
  });
});

describe("a control's result", () => {
  it.each<[string, string, Partial<EvaluationInput>, string]>([
    ["no exceptions", "CHG-03", many(20, 0), "noExceptionsNoted"],
    ["few exceptions", "CHG-03", many(20, 1), "exceptionsNoted"],
    ["as many as our threshold", "CHG-03", many(20, 2), "aboveThreshold"],
    ["nothing to test", "CHG-03", { dossiers: empty }, "didNotOperate"],
    ["nothing it applies to", "CHG-08", many(3, 0), "didNotOperate"],
    [
      "an item that cannot be verified",
      "CHG-04",
      only(numbered(1), numbered(2, { gaps: { checks: "gone" } })),
      "evidenceIncomplete",
    ],
    [
      "exceptions, and one that cannot be verified",
      "CHG-03",
      only(
        ...Array.from({ length: 20 }, (_, n) =>
          numbered(n + 1, n === 0 ? { reviews: [] } : n === 1 ? { gaps: { reviews: "403" } } : {}),
        ),
      ),
      "evidenceIncomplete",
    ],
    [
      "above threshold, and one that cannot be verified",
      "CHG-03",
      only(numbered(1, { reviews: [] }), numbered(2, { gaps: { reviews: "403" } })),
      "aboveThreshold",
    ],
  ])("%s", (_name, id, more, expected) => {
    expect(control(id, more)?.result).toBe(expected);
  });

  it("is stated with its numbers, by management", () => {
    expect(control("CHG-03", many(20, 1))?.statement).toBe(
      "Exceptions noted (1 of 20 judged, 5 %): we tested all 20 changes of the period; 19 met the control, 1 did not.",
    );
    expect(control("CHG-03", many(20, 4))?.statement).toContain(
      "Our own threshold is reached at or above 10 % of what could be judged.",
    );
    expect(control("CHG-03", many(1200, 18))?.statement).toBe(
      "Exceptions noted (18 of 1,200 judged, 1.5 %): we tested all 1,200 changes of the period; 1,182 met the control, 18 did not.",
    );
    expect(control("CHG-08", many(1200, 18))?.statement).toContain("applied to none of the 1,200 changes");
    const unread = numbered(99, { gaps: { reviews: "403" } });
    const grave = control("CHG-03", only(...(many(20, 4).dossiers?.changes ?? []), unread));
    expect(grave?.statement).toMatch(/^Exceptions above threshold \(4 of 20 judged, 20 %\)/);
    expect(control("CHG-08", many(20, 1))?.statement).toContain("applied to none of the 20 changes");
  });

  it("is incomplete where the period's streams are, even when every known item passes", () => {
    const row = {
      stream: "github/1/changes",
      source: "github",
      repository: "riverbank/payments",
      kind: "changes" as const,
      system: "payments",
      status: "partial" as const,
      intervals: [{ from: t(0), to: t(10), status: "partial" as const, reason: "page 3 stayed unread" }],
      stored: 2,
      sourceTotal: 3,
    };
    const found = control("CHG-03", { ...many(3, 0), coverage: [row] });
    expect(found).toMatchObject({ result: "evidenceIncomplete", incomplete: [{ system: "payments", items: 0 }] });
    expect(found?.incomplete[0]?.reason).toContain("page 3 stayed unread");
    expect(control("CHG-03", { dossiers: empty, coverage: [row] })?.result).toBe("evidenceIncomplete");
    expect(control("CHG-07", { ...many(3, 0), coverage: [row] })?.result).toBe("didNotOperate");
  });

  it("is incomplete for changes where the branch they reach was not read, though what it is promoted to was", () => {
    const line = {
      stream: "github/1/commits",
      source: "github",
      repository: "riverbank/payments",
      kind: "commits" as const,
      system: "payments",
      status: "unobserved" as const,
      intervals: [{ from: t(0), to: t(10), status: "unobserved" as const, reason: "no branch mian" }],
      stored: 0,
      sourceTotal: null,
    };
    const whole = { ...line, status: "complete" as const, intervals: [] };
    const promoted = { ...line, stream: "github/1/commits/prod" };
    const found = control("CHG-10", { dossiers: empty, coverage: [line] });
    expect(found).toMatchObject({
      result: "evidenceIncomplete",
      bySystem: [{ system: "payments", result: "evidenceIncomplete" }],
    });
    expect(found?.incomplete[0]?.reason).toContain("commits of riverbank/payments unobserved");
    expect(control("CHG-10", { dossiers: empty, coverage: [whole, promoted] })?.result).toBe("didNotOperate");
    expect(control("CHG-07", { dossiers: empty, coverage: [line] })?.result).toBe("didNotOperate");
  });

  it("is one system's own beside the whole", () => {
    const other = { ...numbered(2, { gaps: { reviews: "403" } }), system: "search" };
    const found = control("CHG-03", only(numbered(1), other));
    expect(found?.bySystem.map(({ system, result: own }) => [system, own])).toEqual([
      ["payments", "noExceptionsNoted"],
      ["search", "evidenceIncomplete"],
    ]);
    expect(found?.incomplete).toEqual([{ system: "search", items: 1, reason: "reviews: 403" }]);
  });
});

describe("what cannot be placed", () => {
  it("is listed, and judged by nobody", () => {
    const commit = commitDossier(undefined, {
      oid: older,
      reached: { from: "2026-09-28T00:00:00Z", to: t(5), exact: false },
    });
    const { population, exceptions } = result({ dossiers: { ...empty, commits: [commit] } });
    expect(population[0]).toMatchObject({ unplaced: true, observations: [{ outcome: "notVerifiable" }] });
    expect(population[0]?.observations[0]?.message).toMatch(
      /^bbbbbbbb reached the branch between 2026-09-28T00:00:00Z and 2026-10-05T09:05:00Z, /,
    );
    expect(exceptions).toEqual([]);
  });

  it("is a setting nobody ever saw: without a record, and no finding", () => {
    const unseen = configurationDossier({ known: false, reason: "403" });
    const [item] = result({ dossiers: { ...empty, configuration: [unseen] } }).population;
    expect(item?.record).toBeNull();
    expect(new Set(item?.observations.map(({ outcome }) => outcome))).toEqual(new Set(["notVerifiable"]));
    expect(
      control("CHG-02", { dossiers: { ...empty, configuration: [configurationDossier(rulesAt())] } })?.result,
    ).toBe("aboveThreshold");
  });
});

describe("the organisation's own controls", () => {
  it("stand beside ours and decide key and threshold", () => {
    const own = { id: "CM-02", title: "Reviews", owner: "Ops", key: false, threshold: 0.5, covers: ["CHG-03"] };
    const controls = catalog.controls.map((one) => (one.id === "CHG-03" ? { ...one, own, threshold: 0.5 } : one));
    expect(control("CHG-03", { ...many(20, 4), catalog: { ...catalog, controls } })).toMatchObject({
      own: { id: "CM-02", title: "Reviews" },
      result: "exceptionsNoted",
    });
  });
});

it("a stale approval and a self-approval are both found in October, and nothing else among its changes", () => {
  const { population } = result({ dossiers: { ...october(), deployments: [] } });
  const failing = population.filter(
    ({ subject, observations }) => subject === "change" && observations.some(({ outcome }) => outcome === "fail"),
  );
  expect(failing.map(({ label }) => label)).toEqual(["#13", "#14"]);
});
