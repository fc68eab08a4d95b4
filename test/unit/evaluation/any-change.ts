import fc from "fast-check";
import type { ChangeDossier } from "../../../src/model/dossier.ts";
import type {
  BranchActivity,
  ChangeEvent,
  Check,
  EntityOf,
  PipelineRun,
  Review,
  Seen,
} from "../../../src/model/entity.ts";
import {
  changeDossier,
  check,
  commit,
  dismissal,
  git,
  head,
  mergeCommit,
  merged,
  older,
  review,
  rule,
  rulesAt,
  t,
  workItem,
} from "../attributes/dossiers.ts";
import { accessAt, changeEvent, labelled, move, run, suite } from "../attributes/platform-records.ts";

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
    suite: fc.constantFrom(null, "1", "2"),
    attempt: fc.constantFrom(null, null, null, 1),
  })
  .map(({ name, at, ...more }) => check(name, at, more));
const deleted = fc.option(person, { nil: null, freq: 6 });
const anyEvent: fc.Arbitrary<Seen<ChangeEvent>> = fc
  .record({
    event: fc.constantFrom("labelled" as const, "unlabelled" as const, "baseChanged" as const),
    at: fc.integer({ min: 1, max: 90 }),
  })
  .map(({ event, at }) =>
    event === "baseChanged" ? changeEvent(event, at, { to: "main" }) : labelled("emergency", at, event),
  );
const anyPush: fc.Arbitrary<Seen<BranchActivity>> = fc
  .record({ by: deleted, at: fc.integer({ min: 1, max: 90 }) })
  .map(({ by, at }) => move(by, at));
const anyRun: fc.Arbitrary<Seen<PipelineRun>> = fc
  .record({
    by: deleted,
    trigger: fc.constantFrom("push", "pull_request", "workflow_dispatch"),
    attempt: fc.constantFrom(1, 2),
  })
  .map(({ by, trigger, attempt }) => run(by, trigger, { attempt }));
const role = fc.constantFrom("admin", "write", "write", "read", "release-captain");
const anyAccess: fc.Arbitrary<readonly Seen<EntityOf<"access">>[]> = fc
  .array(
    fc
      .tuple(
        fc.constantFrom(-500, 25, 500),
        fc.record({ ada: role, ben: role, cara: role, "ada-admin": role }, { requiredKeys: [] }),
      )
      .map(([at, roles]) => accessAt(at, roles)),
    { minLength: 1, maxLength: 3 },
  )
  .map((looks) => looks.toSorted((a, b) => (a.observedAt < b.observedAt ? -1 : 1)));

const anyMerge: fc.Arbitrary<Partial<ChangeDossier>> = fc
  .record({
    moved: fc.option(fc.constantFrom("merge" as const, "push" as const), { nil: undefined }),
    made: fc.constantFrom("platform" as const, "other" as const),
    clean: fc.boolean(),
    builtOnBase: fc.boolean(),
    byHand: fc.boolean(),
  })
  .map(({ moved, made, clean, builtOnBase, byHand }) => ({
    merge: moved && move("ada", 60, { branch: "main", after: merged, activity: moved }),
    mergeCommit: mergeCommit({ madeBy: made, ...(clean ? { tree: head } : {}) }),
    builtOnBase,
    mergedByHand: byHand && made === "other",
  }));

const kinds: readonly fc.Arbitrary<Partial<ChangeDossier>>[] = [
  fc.record({ events: fc.array(anyEvent, { minLength: 1, maxLength: 2 }) }),
  fc.record({ pushes: fc.array(anyPush, { minLength: 1, maxLength: 2 }) }),
  fc.record({ runs: fc.array(anyRun, { minLength: 1, maxLength: 2 }) }),
  fc.record({ access: anyAccess }),
  fc
    .constantFrom("passed" as const, "bypassed" as const, "unknown" as const)
    .map((result) => ({ ruleSuite: suite(result) })),
  anyMerge,
];

/** What the platform keeps beside a change: one kind, that it may decide, or several. */
const anyBeside: fc.Arbitrary<Partial<ChangeDossier>> = fc.oneof(
  { arbitrary: fc.oneof(...kinds), weight: 4 },
  { arbitrary: fc.tuple(...kinds).map((all) => Object.assign({}, ...all) as Partial<ChangeDossier>), weight: 1 },
);
const anyCommit = fc.record({ by: person, coAuthored: fc.boolean(), known: fc.constantFrom(true, true, false) });

/** Any change with any evidence that a source may hold of it. */
export const anyChange: fc.Arbitrary<ChangeDossier> = fc
  .record({
    reviews: fc.array(anyReview, { maxLength: 4 }),
    checks: fc.array(anyCheck, { maxLength: 3 }),
    first: fc.option(anyCommit, { nil: undefined }),
    last: anyCommit,
    beside: fc.option(anyBeside, { nil: {} }),
    rules: fc.boolean(),
    linked: fc.boolean(),
    until: fc.constantFrom(100, 100_000),
  })
  .map(({ reviews, checks, first, last, beside, rules, linked, until }) => {
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
      change: { labels: [], number: 12 },
      ...beside,
    });
  });

/** A change that passes everything, but for what the platform keeps beside it. */
export const anyCleanChange: fc.Arbitrary<ChangeDossier> = fc.oneof(...kinds).map((beside) => changeDossier(beside));
