import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributes } from "../../../src/attributes/index.ts";
import { evaluate } from "../../../src/evaluation/index.ts";
import type { ChangeDossier, Dossier, DossierOf } from "../../../src/model/dossier.ts";
import type { Review, Seen } from "../../../src/model/entity.ts";
import { identityMap } from "../../../src/model/identity.ts";
import type { StreamKind } from "../../../src/model/stream.ts";
import {
  actor,
  commitDossier,
  configurationDossier,
  deployment,
  deploymentDossier,
  review,
  rule,
  rulesAt,
  verdict,
} from "../attributes/dossiers.ts";
import { accessAt } from "../attributes/platform-records.ts";
import { anyChange, anyCleanChange } from "./any-change.ts";
import { input } from "./input.ts";

const policy = { requestLink: "required", securityChecks: [{ name: "scan" }] };
const outcomes = (dossier: Dossier) =>
  attributes
    .filter(({ subject }) => subject === dossier.subject)
    .map((attribute) => verdict(attribute, dossier, policy));
const passes = (dossier: Dossier) => outcomes(dossier).map(({ outcome }) => outcome === "pass");
const noBetter = (before: Dossier, after: Dossier) =>
  passes(after).forEach((now, index) => {
    if (now)
      expect(passes(before)[index], attributes.filter(({ subject }) => subject === before.subject)[index]?.id).toBe(
        true,
      );
  });

/** A change without one piece of its evidence, as the loader hands it on: a stored count below the source's own is a gap. */
const poorer = (dossier: ChangeDossier, place: number): ChangeDossier[] => {
  const without = <T>(list: readonly T[]): T[] => list.filter((_, index) => index !== place % Math.max(1, list.length));
  const short = (kind: StreamKind) => ({ ...dossier.gaps, [kind]: "the source counts more" });
  return [
    { ...dossier, reviews: without(dossier.reviews), gaps: short("reviews") },
    { ...dossier, checks: without(dossier.checks), gaps: short("checks") },
    { ...dossier, commits: without(dossier.commits) },
    { ...dossier, dismissals: without(dossier.dismissals) },
    { ...dossier, workItems: without(dossier.workItems) },
    { ...dossier, authors: new Map() },
    { ...dossier, rulesAtMerge: { known: false, reason: "403" } },
    // A deleted account is gone from everything it did.
    {
      ...dossier,
      change: { ...dossier.change, author: null },
      reviews: dossier.reviews.map((one) =>
        one.author?.id === dossier.change.author?.id ? { ...one, author: null } : one,
      ),
    },
    { ...dossier, reviews: dossier.reviews.map((one) => ({ ...one, oid: null })) },
    { ...dossier, checks: dossier.checks.map((one) => ({ ...one, completedAt: null })) },
    { ...dossier, events: without(dossier.events), gaps: short("changes") },
    { ...dossier, paths: [], gaps: short("files") },
    { ...dossier, mergeCommit: undefined },
    withoutHeadTree(dossier),
    // Of what a source may hold beyond the change, less than it holds is a gap as well.
    { ...dossier, pushes: without(dossier.pushes), gaps: short("branchActivity") },
    { ...dossier, merge: undefined, gaps: short("branchActivity") },
    { ...dossier, runs: without(dossier.runs), gaps: short("pipelineRuns") },
    { ...dossier, ruleSuite: undefined, gaps: short("ruleSuites") },
    { ...dossier, access: without(dossier.access ?? []), gaps: short("access") },
    { ...dossier, pushes: dossier.pushes.map((one) => ({ ...one, by: null })) },
    ...(
      ["changes", "reviews", "checks", "workItems", "branchActivity", "pipelineRuns", "ruleSuites", "access"] as const
    ).map((kind) => ({ ...dossier, gaps: short(kind) })),
  ];
};

function withoutHeadTree({ headTree: _, ...dossier }: ChangeDossier): ChangeDossier {
  return { ...dossier, builtOnBase: false };
}

/** The same with other logins: ids stay. */
function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, renamed(one)]));
  if (typeof value !== "object" || value === null || "ofActor" in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key === "login" ? `renamed-${one}` : renamed(one)]),
  );
}

const unapproved = anyCleanChange.map((dossier) => ({ ...dossier, reviews: [] }));
const stranger = (at: number): Seen<Review> => ({
  ...review("ghostly", at),
  author: { ...actor("ghostly"), id: "999" },
});

describe("judging", () => {
  it("never improves when evidence is taken away", () => {
    fc.assert(
      fc.property(anyChange, fc.nat(5), (dossier, place) => {
        for (const less of poorer(dossier, place)) {
          noBetter(dossier, less);
          noBetter(deploymentDossier([dossier]), deploymentDossier([less]));
        }
      }),
      { numRuns: 200 },
    );
  });

  it("never improves when what the platform keeps beside a good change is taken away", () => {
    fc.assert(
      fc.property(anyCleanChange, fc.nat(3), (dossier, place) => {
        for (const less of poorer(dossier, place)) noBetter(dossier, less);
      }),
      { numRuns: 200 },
    );
  });

  it("of deployments and commits does not improve either", () => {
    fc.assert(
      fc.property(fc.array(anyChange, { maxLength: 3 }), (changes) => {
        const whole = deploymentDossier(changes);
        const lesser: Partial<DossierOf<"deployment">>[] = [
          { onBranch: undefined },
          { brought: undefined },
          { previous: undefined },
          { gaps: { deployments: "503" } },
          { gaps: { commits: "503" } },
          { brought: whole.brought?.map((one) => ({ ...one, change: undefined })) ?? [] },
          { deployment: { ...whole.deployment, creator: null } },
        ];
        for (const less of lesser) noBetter(whole, { ...whole, ...less });
        for (const change of changes) noBetter(commitDossier(change), commitDossier(change, { change: undefined }));
      }),
    );
  });

  it("does not depend on the order in which evidence arrived", () => {
    fc.assert(
      fc.property(
        anyChange.chain((dossier) =>
          fc.tuple(
            fc.constant(dossier),
            shuffled(dossier.reviews),
            shuffled(dossier.checks),
            shuffled(dossier.dismissals),
            shuffled(dossier.events),
            shuffled(dossier.pushes),
            shuffled(dossier.runs),
          ),
        ),
        ([dossier, reviews, checks, dismissals, events, pushes, runs]) => {
          expect(outcomes({ ...dossier, reviews, checks, dismissals, events, pushes, runs })).toEqual(
            outcomes(dossier),
          );
        },
      ),
    );
  });

  it("is never helped by the approval of a stranger, who is in no look at who may write", () => {
    fc.assert(
      fc.property(fc.oneof(anyChange, unapproved), fc.integer({ min: 1, max: 59 }), (dossier, at) => {
        const known = { ...dossier, access: dossier.access ?? [accessAt(-500, { ada: "admin" })] };
        const helped = { ...known, reviews: [...known.reviews, stranger(at)] };
        noBetter(known, helped);
        noBetter(deploymentDossier([known]), deploymentDossier([helped]));
      }),
    );
  });

  it("does not change when accounts take other logins", () => {
    const people = [
      { person: "ada", accounts: ["github:ada", "github:ada-admin"], emails: [] },
      { automation: "release-bot", accounts: ["github:release-bot"] },
    ];
    const pins = new Map(people.flatMap(({ accounts }) => accounts.map((name) => [name, actor(name.slice(7)).id])));
    const identities = identityMap(people, pins);
    fc.assert(
      fc.property(anyChange, (dossier) => {
        const before = { ...dossier, identities };
        const after = renamed(before) as ChangeDossier;
        expect(outcomes(after).map(({ outcome }) => outcome)).toEqual(outcomes(before).map(({ outcome }) => outcome));
        expect(JSON.stringify(after.reviews)).toBe(
          JSON.stringify(before.reviews).replaceAll('"login":"', '"login":"renamed-'),
        );
      }),
    );
  });

  it("rests every pass and every failure on a record", () => {
    fc.assert(
      fc.property(anyChange, (dossier) => {
        for (const { outcome, evidence, message } of [
          ...outcomes(dossier),
          ...outcomes(deploymentDossier([dossier])),
          ...outcomes(commitDossier(dossier)),
        ]) {
          if (outcome === "pass" || outcome === "fail") expect(evidence.length, message).toBeGreaterThan(0);
          expect(evidence).toEqual([...new Set(evidence)].sort((a, b) => a - b));
        }
      }),
    );
  });
});

const shuffled = <T>(list: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...list], { minLength: list.length });

const anyDossiers = fc
  .array(fc.tuple(anyChange, fc.constantFrom("payments", "search", "ledger"), fc.boolean()), { maxLength: 8 })
  .map((drawn) => {
    const changes = drawn.map(([dossier, system], index) => {
      const key = `github/1#${index + 1}`;
      return {
        ...dossier,
        key,
        system,
        change: { ...dossier.change, key, number: index + 1, mergeOid: String(index).padStart(40, "d") },
      };
    });
    return {
      changes,
      commits: changes.map((one, index) => ({
        ...commitDossier(drawn[index]?.[2] ? one : undefined, { oid: one.change.mergeOid }),
        system: one.system,
      })),
      deployments: changes.map((one, index) => ({
        ...deploymentDossier([one], { deployment: deployment(String(index + 1), one.change.mergeOid) }),
        system: one.system,
      })),
      configuration: [configurationDossier(rulesAt(rule()))],
    };
  });

describe("the numbers of an assessment", () => {
  it("add up, whatever is in the period", () => {
    fc.assert(
      fc.property(anyDossiers, (dossiers) => {
        const { controls, population, exceptions } = evaluate(input({ dossiers }));
        const sum = (tally: (typeof controls)[number]["tally"]) =>
          tally.pass + tally.fail + tally.waived + tally.notVerifiable + tally.notApplicable;
        for (const control of controls) {
          const subject = {
            commits: "commit",
            changes: "change",
            deployments: "deployment",
            configuration: "configuration",
          }[control.population];
          expect(control.tally.items).toBe(population.filter((item) => item.subject === subject).length);
          expect(sum(control.tally)).toBe(control.tally.items);
          for (const key of ["items", "pass", "fail", "waived", "notVerifiable", "notApplicable"] as const)
            expect(control.bySystem.reduce((total, { tally }) => total + tally[key], 0)).toBe(control.tally[key]);
          expect(control.incomplete.reduce((total, { items }) => total + items, 0)).toBe(control.tally.notVerifiable);
          expect(control.exceptions.length).toBeGreaterThanOrEqual(control.tally.fail + control.tally.waived);
        }
        expect(exceptions.length).toBe(
          population.filter((item) => item.observations.some(({ outcome }) => outcome === "fail")).length,
        );
        expect(new Set(exceptions.map(({ id }) => id)).size).toBe(exceptions.length);
        const known = new Set(exceptions.map(({ id }) => id));
        for (const { follows } of exceptions) for (const id of follows) expect(known.has(id)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("do not depend on the order of the items", () => {
    fc.assert(
      fc.property(
        anyDossiers.chain((dossiers) =>
          fc.tuple(
            fc.constant(dossiers),
            shuffled(dossiers.changes),
            shuffled(dossiers.commits),
            shuffled(dossiers.deployments),
          ),
        ),
        ([dossiers, changes, commits, deployments]) => {
          expect(evaluate(input({ dossiers: { ...dossiers, changes, commits, deployments } }))).toEqual(
            evaluate(input({ dossiers })),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
});
