import { describe, expect, it } from "vitest";
import { type EvaluationInput, evaluate } from "../../../src/evaluation/index.ts";
import { changeDossier, commitDossier, head, merged, older, review, t } from "../attributes/dossiers.ts";
import { input } from "./input.ts";

const empty = { commits: [], changes: [], deployments: [], configuration: [] };
const pushed = commitDossier(undefined, { oid: older, reached: { from: t(61), to: t(65), exact: false } });
const interval = (from: string, to: string, changeRequired: boolean) => ({
  from,
  to,
  state: "active" as const,
  rules: "",
  changeRequired,
  record: null,
});
const rules = (...intervals: EvaluationInput["continuity"][number]["intervals"]): EvaluationInput["continuity"] => [
  { system: "payments", repository: "riverbank/payments", branch: "main", intervals },
];
const assess = (dossiers: Partial<EvaluationInput["dossiers"]>, continuity: EvaluationInput["continuity"] = []) =>
  evaluate(input({ dossiers: { ...empty, ...dossiers }, continuity }));
const bypass = ({ controls }: ReturnType<typeof assess>) => controls.find(({ id }) => id === "CHG-05");

describe("the control over bypasses", () => {
  it("names the pushes that no merge shows, and the control that counts them, without counting them itself", () => {
    const assessment = assess({ commits: [pushed] }, rules(interval(t(0), t(90), true)));
    expect(bypass(assessment)).toMatchObject({
      tally: { items: 0, fail: 0 },
      exceptions: [],
      beside: [{ control: "CHG-01", items: 1 }],
    });
    expect(bypass(assessment)?.beside?.[0]?.text).toBe(
      "1 commit reached the branch by no change. There is no merge to compare with the rules. The branch's rules demanded a change all the time in which it can have been pushed: only by bypassing them could somebody do so.",
    );
    expect(assessment.controls.find(({ id }) => id === "CHG-01")).toMatchObject({ tally: { items: 1, fail: 1 } });
    expect(assessment.controls.filter(({ beside }) => beside !== undefined).map(({ id }) => id)).toEqual(["CHG-05"]);
  });

  it.each([
    ["no rule was seen", rules()],
    ["the rules were laid out only from within its time", rules(interval(t(63), t(90), true))],
    ["the rules were laid out only up to within its time", rules(interval(t(0), t(63), true))],
    ["the rules lapsed meanwhile", rules(interval(t(0), t(63), true), interval(t(63), t(90), false))],
    [
      "another branch's rules alone demanded one",
      rules(interval(t(0), t(90), true)).map((row) => ({ ...row, system: "search" })),
    ],
  ])("says of no bypass where %s", (_where, continuity) => {
    const [beside] = bypass(assess({ commits: [pushed] }, continuity))?.beside ?? [];
    expect(beside?.items).toBe(1);
    expect(beside?.text).not.toContain("bypassing");
  });

  it("tells what was pushed away apart from what was pushed onto it", () => {
    const away = commitDossier(changeDossier(), { rewritten: { head, seenAt: t(70), now: merged, goneAt: t(80) } });
    expect(bypass(assess({ commits: [pushed, away] }))?.beside?.[0]).toMatchObject({
      items: 2,
      text: expect.stringMatching(/^1 commit reached the branch by no change; 1 commit was pushed away from it\./),
    });
  });

  it("says nothing where every commit came by a change", () => {
    expect(bypass(assess({ commits: [commitDossier(changeDossier())] }))?.beside).toBeUndefined();
  });
});

describe("a finding that rests on the identity map", () => {
  const evidence = (fields: Parameters<typeof changeDossier>[0], configuration: number | null = 77_777) => {
    const base = input();
    const { population } = evaluate({
      ...base,
      provenance: { ...base.provenance, configuration },
      dossiers: { ...empty, changes: [changeDossier(fields)] },
    });
    return population[0]?.observations.find(({ attribute }) => attribute === "approved-by-someone-independent");
  };

  it("cites the record that holds the map: a second account's approval", () => {
    const found = evidence({ reviews: [review("ada-admin", 30)] });
    expect(found?.outcome).toBe("fail");
    expect(found?.evidence).toContain(77_777);
  });

  it("does not where accounts stand for themselves, nor where no record holds it", () => {
    expect(evidence({ reviews: [review("ada", 30)] })?.evidence).not.toContain(77_777);
    expect(evidence({})?.evidence).not.toContain(77_777);
    expect(evidence({ reviews: [review("ada-admin", 30)] }, null)?.evidence.length).toBeGreaterThan(0);
  });
});
