import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attributes } from "../../../src/attributes/index.ts";
import { evaluate } from "../../../src/evaluation/index.ts";
import type { ChangeDossier, Dossier, DossierOf } from "../../../src/model/dossier.ts";
import type { Check, Review, Seen } from "../../../src/model/entity.ts";
import type { StreamKind } from "../../../src/model/stream.ts";
import {
  changeDossier,
  check,
  commit,
  commitDossier,
  configurationDossier,
  deployment,
  deploymentDossier,
  dismissal,
  git,
  head,
  older,
  review,
  rule,
  rulesAt,
  t,
  verdict,
  workItem,
} from "../attributes/dossiers.ts";
import { input } from "./input.ts";

const people = ["ada", "ben", "cara", "ada-admin", "release-bot"] as const;
const person = fc.constantFrom(...people);
const anyReview: fc.Arbitrary<{ review: Seen<Review>; dismissedAt: number | undefined }> = fc
  .record({
    by: fc.option(person, { nil: null, freq: 6 }),
    at: fc.integer({ min: 1, max: 300 }),
    state: fc.constantFrom(
      "approved" as const,
      "approved" as const,
      "changesRequested" as const,
      "commented" as const,
      "unknown" as const,
    ),
    oid: fc.constantFrom(head, head, older, null),
    dismissedAt: fc.option(fc.integer({ min: 1, max: 120 }), { freq: 3 }),
  })
  .map(({ by, at, state, oid, dismissedAt }) => ({
    review: review(by, at, { state: dismissedAt === null ? state : "dismissed", oid }),
    dismissedAt: dismissedAt === null ? undefined : at + dismissedAt,
  }));
const anyCheck: fc.Arbitrary<Seen<Check>> = fc
  .record({
    name: fc.constantFrom("test", "test", "scan"),
    at: fc.option(fc.integer({ min: 1, max: 90 }), { nil: null, freq: 8 }),
    conclusion: fc.constantFrom(
      "success" as const,
      "success" as const,
      "failure" as const,
      "skipped" as const,
      "unknown" as const,
    ),
    app: fc.constantFrom("github-actions", "github-actions", "quickcheck", null),
  })
  .map(({ name, at, ...more }) => check(name, at, more));
const anyCommit = fc.record({ by: person, coAuthored: fc.boolean(), known: fc.boolean() });

const anyChange: fc.Arbitrary<ChangeDossier> = fc
  .record({
    reviews: fc.array(anyReview, { maxLength: 4 }),
    checks: fc.array(anyCheck, { maxLength: 3 }),
    first: fc.option(anyCommit, { nil: undefined }),
    last: anyCommit,
    emergency: fc.boolean(),
    rules: fc.boolean(),
    linked: fc.boolean(),
    until: fc.constantFrom(100, 100_000),
  })
  .map(({ reviews, checks, first, last, emergency, rules, linked, until }) => {
    const made = [first && { oid: older, ...first }, { oid: head, ...last }].filter((one) => one !== undefined);
    const commits = made.map(({ oid, by, coAuthored, known }) =>
      commit(oid, by, {
        coAuthored,
        author: known ? git(by) : { name: by, email: `${by}@elsewhere.example`, account: null },
      }),
    );
    const authors: ChangeDossier["authors"] = new Map(
      made
        .filter((one) => one.coAuthored)
        .map(({ oid, by }) => [
          oid,
          { type: "commitAuthors", key: oid, repository: "github/1", oid, authors: [git(by), git("cara")], record: 5 },
        ]),
    );
    return changeDossier({
      commits,
      authors,
      checks,
      reviews: reviews.map((one) => one.review),
      dismissals: reviews.flatMap((one) =>
        one.dismissedAt === undefined ? [] : [dismissal(one.review, one.dismissedAt)],
      ),
      workItems: linked ? [workItem(-5)] : [],
      rulesAtMerge: rules ? rulesAt(rule()) : { known: false, reason: "403" },
      evidenceUntil: t(until),
      change: { labels: emergency ? ["emergency"] : [], number: 12 },
    });
  });

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
    ...(["changes", "reviews", "checks", "workItems"] as const).map((kind) => ({ ...dossier, gaps: short(kind) })),
  ];
};

describe("judging", () => {
  it("never improves when evidence is taken away", () => {
    fc.assert(
      fc.property(anyChange, fc.nat(5), (dossier, place) => {
        for (const less of poorer(dossier, place)) {
          noBetter(dossier, less);
          noBetter(deploymentDossier([dossier]), deploymentDossier([less]));
        }
      }),
      { numRuns: 300 },
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
          ),
        ),
        ([dossier, reviews, checks, dismissals]) => {
          expect(outcomes({ ...dossier, reviews, checks, dismissals })).toEqual(outcomes(dossier));
        },
      ),
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
