import { describe, expect, test } from "vitest";
import type { Protection, Rule, Seen } from "../../../../src/model/entity.ts";
import { looksAt, rulesAt, rulesTimeline } from "../../../../src/store/dossiers/protection-timeline.ts";

const rule = (over: Partial<Rule> = {}): Rule => ({
  id: "1",
  name: "main",
  enforcement: "active",
  appliesToReleasedBranch: true,
  changeRequired: true,
  approvals: 1,
  dismissStaleApprovals: true,
  lastPushApproval: false,
  codeOwnerApproval: false,
  checks: [],
  forcePushBlocked: true,
  deletionBlocked: true,
  bypass: [],
  bypassReadable: true,
  unread: [],
  updatedAt: "2026-09-01T00:00:00Z",
  ...over,
});
const snapshot = (observedAt: string, ...rules: Rule[]): Seen<Protection> => ({
  type: "protection",
  key: `github/1/protection/${observedAt}`,
  repository: "github/1",
  branch: "main",
  observedAt,
  rules,
  record: 5,
});
const october = ["2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"] as const;
const states = (looks: ReturnType<typeof looksAt>) =>
  rulesTimeline(looks, ...october).map(({ from, to, rules }) => [
    from.slice(5, 10),
    to.slice(5, 10),
    rules.known ? rules.rules.length : "?",
  ]);

describe("what a look at the rules vouches for", () => {
  test("a rule set unchanged since before the period is credited for all of it by one look after it", () => {
    expect(states(looksAt([], [snapshot("2026-11-02T00:00:00Z", rule())]))).toEqual([["10-01", "11-01", 1]]);
  });

  test("13: a rule changed within the period is credited from its change on, and unobserved before", () => {
    const looks = looksAt([], [snapshot("2026-11-02T00:00:00Z", rule({ updatedAt: "2026-10-12T09:30:00Z" }))]);
    expect(states(looks)).toEqual([
      ["10-01", "10-12", "?"],
      ["10-12", "11-01", 1],
    ]);
    expect(rulesAt(looks, "2026-10-12T09:29:59Z").known).toBe(false);
  });

  test("a rule whose last change the source does not say is credited for no stretch of time", () => {
    expect(
      states(
        looksAt(
          ["2026-10-03T00:00:00Z", "2026-11-02T00:00:00Z"],
          [snapshot("2026-10-02T00:00:00Z", rule({ updatedAt: null }))],
        ),
      ),
    ).toEqual([["10-01", "11-01", "?"]]);
    expect(rulesAt(looksAt([], [snapshot("2026-10-02T00:00:00Z", rule({ updatedAt: null }))]), october[0])).toEqual({
      known: false,
      reason: expect.stringContaining("the source does not say when the rules last changed"),
    });
  });

  test("14: evaluate mode and rules for other branches guard nothing; two looks that saw none leave the time between unguarded", () => {
    const looks = looksAt(
      ["2026-10-20T00:00:00Z"],
      [snapshot("2026-10-10T00:00:00Z", rule({ enforcement: "evaluate" }), rule({ appliesToReleasedBranch: false }))],
    );
    expect(states(looks)).toEqual([
      ["10-01", "10-10", "?"],
      ["10-10", "10-20", 0],
      ["10-20", "11-01", "?"],
    ]);
  });

  const [second, third] = ["2026-10-10T00:00:00Z", "2026-10-20T00:00:00Z"];
  test.each([
    ["the default branch was switched away and back", rule({ appliesToReleasedBranch: false })],
    ["it was seen disabled, then active with a change dated back", rule({ enforcement: "disabled" })],
    ["it was seen demanding less", rule({ approvals: 0, enforcement: "evaluate" })],
  ])("what a look saw is not overridden by a later one: %s", (_name, seen) => {
    const looks = looksAt([], [snapshot(october[0], rule()), snapshot(second, seen), snapshot(third, rule())]);
    expect(rulesAt(looks, "2026-10-05T00:00:00Z").known).toBe(false);
    expect(rulesAt(looks, second)).toMatchObject({ known: true, rules: [] });
    expect(rulesAt(looks, "2026-10-15T00:00:00Z").known).toBe(false);
    const later = [...looks, ...looksAt([], [snapshot("2026-11-02T00:00:00Z", rule())])];
    expect(rulesAt(later, "2026-10-19T00:00:00Z").known).toBe(false);
    expect(rulesAt(later, "2026-10-21T00:00:00Z")).toMatchObject({ known: true, since: third });
  });

  test("42: a rule with an enforcement nobody knows leaves open what was in force, alone or beside another", () => {
    const strict = rule({ id: "2", enforcement: "unknown" });
    for (const rules of [[strict], [rule(), strict]]) {
      const looks = looksAt([third], [snapshot(second, ...rules)]);
      for (const at of [october[0], second, "2026-10-15T00:00:00Z"])
        expect(rulesAt(looks, at), at).toEqual({
          known: false,
          reason: expect.stringContaining("a word nobody knows"),
        });
    }
    const elsewhere = looksAt([], [snapshot(third, rule(), { ...strict, appliesToReleasedBranch: false })]);
    expect(rulesAt(elsewhere, second)).toMatchObject({ known: true, rules: [{ id: "1" }] });
  });

  test("what was not observed is said by the look after it, or by there being none", () => {
    const changed = rule({ updatedAt: second });
    const looks = looksAt([], [snapshot(october[0], rule()), snapshot(third, changed)]);
    const gap = (at: string) => (at >= third ? "rulesets: 403" : undefined);
    const reason = (at: string, of = looks) => {
      const rules = rulesAt(of, at, [], gap);
      return rules.known ? "" : rules.reason;
    };
    expect(reason("2026-10-05T00:00:00Z")).toBe(
      `the rules seen at ${third} last changed at ${second}; what was in force before was not observed`,
    );
    expect(reason("2026-10-25T00:00:00Z")).toBe(
      `the rules were last read at ${third}, and what was in force after that was not observed (rulesets: 403)`,
    );
    expect(reason("2026-10-05T00:00:00Z", looksAt([], [snapshot(october[0], rule()), snapshot(second)]))).toContain(
      `no active rule was seen when looking at ${second}, and others at ${october[0]}`,
    );
    const backdated = looksAt([], [snapshot(second, rule({ approvals: 0 })), snapshot(third, rule())]);
    expect(reason("2026-10-15T00:00:00Z", backdated)).toContain("an earlier look saw others");
    const part = looksAt([], [snapshot(third, rule({ enforcement: "evaluate" }))]);
    expect(
      reason(
        second,
        part.map((look) => ({ ...look, partial: true })),
      ),
    ).toBe(
      `no active rule was seen when looking at ${third} (rulesets: 403), and no earlier look says what was in force before`,
    );
    expect(reason(second, [])).toBe("the branch's rules were not read");
  });

  test("a look that could not read all rules does not show one missing", () => {
    const looks = looksAt([], [snapshot(second), snapshot(third, rule())]).map((look) => ({
      ...look,
      partial: look.at === second,
    }));
    expect(rulesAt(looks, second)).toMatchObject({ known: true, rules: [{ id: "1" }] });
    const disabled = snapshot(second, rule({ enforcement: "disabled" }));
    const seen = looksAt([], [disabled, snapshot(third, rule())]).map((look) => ({ ...look, partial: true }));
    expect(rulesAt(seen, second).known).toBe(false);
  });
});

describe("an app of which a look knew the number only", () => {
  const pinned = (app: string, over: Partial<Rule> = {}) => rule({ checks: [{ name: "test", app }], ...over });
  const demanded = (looks: ReturnType<typeof looksAt>) => {
    const at = rulesAt(looks, "2026-10-15T00:00:00Z");
    return at.known ? at.rules.flatMap(({ checks }) => checks.map(({ app }) => app)) : at.reason;
  };
  const [first, second] = ["2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"];

  test("is named by another look at the same rule, which nobody changed between them", () => {
    const looks = looksAt([], [snapshot(first, pinned("app 77")), snapshot(second, pinned("github-actions"))]);
    expect(demanded(looks)).toEqual(["github-actions"]);
  });

  test("stays a number where the rule was changed since, or nothing ever named it", () => {
    const changed = pinned("github-actions", { updatedAt: "2026-11-02T12:00:00Z" });
    expect(demanded(looksAt([], [snapshot(first, pinned("app 77")), snapshot(second, changed)]))).toEqual(["app 77"]);
    expect(demanded(looksAt([], [snapshot(first, pinned("app 77"))]))).toEqual(["app 77"]);
  });
});
