import { describe, expect, it } from "vitest";
import type { EntityOf, Protection, Rule, Seen } from "../../../../src/model/entity.ts";
import { rulesHistory } from "../../../../src/store/dossiers/protection-history.ts";
import { looksAt, rulesAt, rulesTimeline } from "../../../../src/store/dossiers/protection-timeline.ts";
import { rule } from "../../attributes/dossiers.ts";

const [from, to] = ["2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"] as const;
const [before, off, on, after] = [
  "2026-09-01T00:00:00Z",
  "2026-10-12T09:30:00Z",
  "2026-10-12T09:31:00Z",
  "2026-11-02T00:00:00Z",
] as const;
const guard = (over: Partial<Rule> = {}): Rule => rule({ id: "ruleset:1", updatedAt: on, ...over });
const look = (observedAt: string, ...rules: Rule[]): Seen<Protection> => ({
  type: "protection",
  key: `github/1/protection/${observedAt}`,
  repository: "github/1",
  branch: "main",
  observedAt,
  rules,
  record: 5,
});
const version = (number: number, at: string, over: Partial<Rule> = {}): Seen<EntityOf<"ruleVersion">> => ({
  type: "ruleVersion",
  key: `github/1/rulesets/1/${number}`,
  repository: "github/1",
  ruleSet: "1",
  version: String(number),
  at,
  by: null,
  rule: guard({ ...over, updatedAt: at }),
  record: 10 + number,
});
const minute = [version(1, before), version(2, off, { enforcement: "disabled" }), version(3, on)];
const states = (snapshots: readonly Seen<Protection>[], versions: readonly Seen<EntityOf<"ruleVersion">>[]) => {
  const looks = looksAt([], snapshots);
  return rulesTimeline(looks, from, to, rulesHistory(looks, versions)).map(({ from: start, rules }) => [
    start,
    rules.known ? rules.rules.length : "?",
  ]);
};

describe("13: what the versions of a rule set say of the time before a look", () => {
  it("finds the one minute in which protection was off, whatever every look saw", () => {
    const found = [
      [from, 1],
      [off, 0],
      [on, 1],
    ];
    expect(states([look(after, guard())], minute)).toEqual(found);
    expect(states([look("2026-10-02T00:00:00Z", guard({ updatedAt: before })), look(after, guard())], minute)).toEqual(
      expect.arrayContaining(found.slice(1)),
    );
    expect(states([look(after, guard())], [])).toEqual([
      [from, "?"],
      [on, 1],
    ]);
  });

  it("42: leaves open the time of a version with an enforcement nobody knows", () => {
    const tomorrow = [version(1, before), version(2, off, { enforcement: "unknown" }), version(3, on)];
    expect(states([look(after, guard())], tomorrow)).toEqual([
      [from, 1],
      [off, "?"],
      [on, 1],
    ]);
  });

  it("credits nothing between a version and a later change whose history could not be read", () => {
    const unread = [
      [from, "?"],
      [on, 1],
    ];
    expect(states([look(after, guard())], [version(1, before)])).toEqual(unread);
    const seenNow = { ...version(1, on), version: on };
    expect(states([look(after, guard())], [version(1, before), seenNow])).toEqual(unread);
  });

  it("rests on the record of the version that was in force", () => {
    const looks = looksAt([], [look(after, guard())]);
    const history = rulesHistory(looks, minute);
    expect(rulesAt(looks, "2026-10-12T09:30:30Z", history)).toMatchObject({ known: true, rules: [], record: 12 });
    expect(rulesAt(looks, "2026-10-05T00:00:00Z", history)).toMatchObject({ known: true, record: 11 });
  });

  it("credits what each version demanded, and not what the rule set demands today", () => {
    const looks = looksAt([], [look(after, guard({ approvals: 2 }))]);
    const history = rulesHistory(looks, [version(1, before, { approvals: 1 }), version(2, on, { approvals: 2 })]);
    const demanded = (at: string) => {
      const found = rulesAt(looks, at, history);
      return found.known ? found.rules[0]?.approvals : "?";
    };
    expect([demanded("2026-10-05T00:00:00Z"), demanded("2026-10-20T00:00:00Z")]).toEqual([1, 2]);
  });

  it("says nothing of the time before the oldest version that is kept", () => {
    expect(states([look(after, guard())], minute.slice(1))).toEqual([
      [from, "?"],
      [off, 0],
      [on, 1],
    ]);
  });

  it("14: credits no version that only evaluated", () => {
    expect(states([look(after, guard())], [version(1, before, { enforcement: "evaluate" }), version(3, on)])).toEqual([
      [from, 0],
      [on, 1],
    ]);
  });

  it("leaves open a time in which another guard, of which nobody kept versions, may have stood or not", () => {
    const classic = guard({ id: "branch:9", updatedAt: null });
    expect(states([look(after, guard(), classic)], minute)[0]).toEqual([from, "?"]);
    const gone = look("2026-10-02T00:00:00Z", classic);
    expect(states([gone, look(after, guard())], minute)).not.toContainEqual([off, 0]);
  });

  it("does not depend on the order in which versions arrived", () => {
    expect(states([look(after, guard())], minute.toReversed())).toEqual(states([look(after, guard())], minute));
  });
});
