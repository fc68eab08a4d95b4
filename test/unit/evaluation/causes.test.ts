import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/evaluation/index.ts";
import type { DeploymentDossier } from "../../../src/model/dossier.ts";
import { exceptionIds, tokenOfException } from "../../../src/model/exception-id.ts";
import { policySchema } from "../../../src/model/policy.ts";
import {
  check,
  commitDossier,
  configurationDossier,
  deployment,
  deploymentDossier,
  older,
  review,
  rule,
  rulesAt,
  t,
} from "../attributes/dossiers.ts";
import { labelled } from "../attributes/platform-records.ts";
import { anyChange } from "./any-change.ts";
import { input, numbered, october } from "./input.ts";

const unruled = rulesAt(rule({ approvals: 0, checks: [] }));
const policy = (more: object) => ({
  policies: [{ policy: policySchema.parse({ from: "2026-01-01", ...more }), firstSeen: "2026-01-01T00:00:00Z" }],
});
const none = { commits: [], changes: [], deployments: [], configuration: [] };
type Dossiers = ReturnType<typeof october>;

/** The cause of the only exception of one item. */
function causeOf(dossiers: Partial<Dossiers>, more: Parameters<typeof input>[0] = {}): string | undefined {
  const { exceptions } = evaluate(input({ dossiers: { ...none, ...dossiers }, ...more }));
  expect(exceptions).toHaveLength(1);
  return exceptions[0]?.cause;
}
const ofChange = (fields: Parameters<typeof numbered>[1], more: object = {}) =>
  causeOf({ changes: [numbered(1, { rulesAtMerge: unruled, ...fields })] }, policy(more));

describe("the cause of an exception", () => {
  it("is who approved what and when, where the approval fails", () => {
    expect(ofChange({ reviews: [] })).toBe("no-approval");
    expect(ofChange({ reviews: [review("ada", 30)] })).toBe("approver-contributed");
    expect(ofChange({ reviews: [review("ben", 30, { oid: older })] })).toBe("approved-older-revision");
    expect(ofChange({ reviews: [review("ben", 100)] })).toBe("approved-after-merge");
    expect(ofChange({ reviews: [review("release-bot", 30)] })).toBe("approved-by-automation");
    expect(ofChange({ reviews: [review("ben", 30)] }, { approval: { count: 2 } })).toBe("approval-not-counted");
  });

  it("is the bypass where nobody approved and the rules demanded it", () => {
    expect(ofChange({ reviews: [], rulesAtMerge: rulesAt(rule()) })).toBe("rules-bypassed");
  });

  it("is what became of the check", () => {
    const checks = { requiredChecks: [{ name: "unit" }] };
    const of = (...found: ReturnType<typeof check>[]) => ofChange({ checks: found }, checks);
    expect(of()).toBe("check-missing");
    expect(of(check("unit", 40, { conclusion: "failure" }))).toBe("check-failed");
    expect(of(check("unit", 40, { conclusion: "skipped" }))).toBe("check-not-performed");
    expect(of(check("unit", 90))).toBe("check-late");
    expect(ofChange({}, { securityChecks: [{ name: "scan" }] })).toBe("security-check-missing");
  });

  it("is an emergency nobody reviewed, before that it was not approved", () => {
    const emergency = { reviews: [], events: [labelled("emergency", 20)] };
    expect(ofChange(emergency)).toBe("emergency-not-reviewed");
  });

  it("tells a push from a change without a request or description", () => {
    expect(
      causeOf({
        commits: [commitDossier(undefined, { oid: older, reached: { from: t(61), to: t(65), exact: false } })],
      }),
    ).toBe("pushed-directly");
    expect(ofChange({ workItems: [] }, { requestLink: "required" })).toBe("request-missing");
    expect(ofChange({ change: { description: "" } })).toBe("not-described");
  });

  it("is how a deployment came about", () => {
    const of = (fields: Partial<DeploymentDossier>) =>
      causeOf({ deployments: [deploymentDossier([], { deployment: deployment("90"), ...fields })] });
    expect(of({ onBranch: false, brought: undefined })).toBe("deployed-off-branch");
    const own = numbered(7, { reviews: [], rulesAtMerge: unruled });
    expect(causeOf({ deployments: [deploymentDossier([own], { deployment: deployment("91") })] })).toBe(
      "deployed-unapproved",
    );
  });

  it("is what the settings lacked", () => {
    expect(causeOf({ configuration: [configurationDossier(rulesAt())] })).toBe("branch-unprotected");
  });

  it("of what only follows from another is the other's", () => {
    const { exceptions, causes = [] } = evaluate(input());
    const follower = exceptions.find(({ follows }) => follows.length > 0);
    const origin = exceptions.find(({ id }) => id === follower?.follows[0]);
    expect(follower?.cause).toBe(origin?.cause);
    expect(causes.find(({ id }) => id === origin?.cause)?.following).toBe(1);
  });
});

describe("groups of exceptions", () => {
  it("add up to the exceptions, by system and team too, whatever the changes were", () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 6 }), (changes) => {
        const numberedChanges = changes.map((one, index) => ({ ...one, key: `${one.key}-${index}` }));
        const { exceptions, causes = [] } = evaluate(input({ dossiers: { ...none, changes: numberedChanges } }));
        expect(causes.reduce((sum, { items }) => sum + items, 0)).toBe(exceptions.length);
        for (const { id, items, waived, bySystem } of causes) {
          const own = exceptions.filter(({ cause }) => cause === id);
          expect(own).toHaveLength(items);
          expect(own.filter(({ waiver }) => waiver !== null)).toHaveLength(waived);
          expect(bySystem.reduce((sum, one) => sum + one.items, 0)).toBe(items);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("an exception's id", () => {
  it("is the item's own: one that comes earlier moves no other", () => {
    const { deployments: _, ...rest } = october();
    const before = evaluate(input({ dossiers: { ...rest, deployments: [] } }));
    const early = numbered(9, { reviews: [], change: { mergedAt: t(1) } });
    const after = evaluate(input({ dossiers: { ...rest, changes: [early, ...rest.changes], deployments: [] } }));
    const named = (result: typeof before) => new Map(result.exceptions.map(({ id, item }) => [item, id]));
    expect(after.exceptions).toHaveLength(before.exceptions.length + 1);
    for (const [item, id] of named(before)) expect(named(after).get(item)).toBe(id);
  });

  it("names the same item in every period, and another system's judgement apart", () => {
    const item = { system: "payments", subject: "change", key: "github/700#12" } as const;
    const [october = "", quarter = ""] = [...exceptionIds("2026-10", [item]), ...exceptionIds("2026-Q4", [item])];
    expect(october).toMatch(/^EX-2026-10-[0-9A-HJKMNP-TV-Z]{6}$/);
    expect(tokenOfException(october)).toBe(tokenOfException(quarter));
    expect(exceptionIds("2026-10", [item, { ...item, system: "ledger" }])[0]).toBe(october);
    expect(new Set(exceptionIds("2026-10", [item, { ...item, system: "ledger" }])).size).toBe(2);
  });

  it("of two items that share six digits is longer for both, so that what named one names neither", () => {
    const keys = Array.from({ length: 80_000 }, (_, index) => ({
      system: "payments",
      subject: "commit" as const,
      key: `github/700@${index}`,
    }));
    const ids = exceptionIds("2026-10", keys);
    const longer = ids.filter((id) => id.length > "EX-2026-10-4KX7Q2".length);
    expect(longer.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(keys.length);
    expect(longer.every((id) => tokenOfException(id)?.length === 12)).toBe(true);
    expect(tokenOfException("EX-2026-10-001")).toBeUndefined();
    expect(tokenOfException(`EX-2026-10-4KX7Q2'; DROP`)).toBeUndefined();
  });
});
